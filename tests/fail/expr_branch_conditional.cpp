// SPDX-License-Identifier: MIT
// expect: write select\(condition, a, b\)
#include <fusegrad/expr/calculus.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto f = fg::function([](auto x) { return x < 0 ? -x : x; });
#else
constexpr auto f = fg::function([](auto x) { return select(x < 0, -x, x); });
#endif
double y = f(1.0);
