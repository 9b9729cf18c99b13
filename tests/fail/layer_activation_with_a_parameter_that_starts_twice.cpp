// SPDX-License-Identifier: MIT
// expect: names a parameter, state or setting more than once, with different initial values
#include <fusegrad/layers.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto scaled = fg::activation([](auto x) { return fg::parameter<"a">(0.25) * x + fg::parameter<"a">(0.5); });
#else
constexpr auto scaled = fg::activation([](auto x) { return fg::parameter<"a">(0.25) * x + fg::parameter<"b">(0.5); });
#endif
