// SPDX-License-Identifier: MIT
// expect: an activation is a function of one argument
// expect: got<2(UL)?>
#include <fusegrad/layers.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto layer = fg::activation([](auto x, auto y) { return x * y; });
#else
constexpr auto layer = fg::activation([](auto x) { return x * x; });
#endif
