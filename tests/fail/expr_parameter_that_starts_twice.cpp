// SPDX-License-Identifier: MIT
// expect: names a parameter, state or setting more than once, with different initial values
#include <fusegrad/expr/calculus.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto f = fg::function([](auto x) { return fg::parameter<"a">(0.25) * x + fg::parameter<"a">(0.5); });
static_assert(f(2.0) == 1);
#else
constexpr auto f = fg::function([](auto x) { return fg::parameter<"a">(0.25) * x + fg::parameter<"b">(0.5); });
static_assert(f(2.0) == 1);
#endif
