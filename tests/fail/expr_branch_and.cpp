// SPDX-License-Identifier: MIT
// expect: write select\(condition, a, b\)
#include <fusegrad/expr/calculus.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto f = fg::function([](auto x) { return select(0 < x && x < 1, x, 0); });
#else
constexpr auto f = fg::function([](auto x) { return select(0 < x, select(x < 1, x, 0), 0); });
#endif
double y = f(1.0);
