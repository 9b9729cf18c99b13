// SPDX-License-Identifier: MIT
// expect: fusegrad: the function is called with the wrong number of arguments
// expect: got<1.*needs<2
#include <fusegrad/expr/calculus.hpp>
namespace fg = fusegrad;

constexpr auto f = fg::function([](auto u, auto v) { return u * sin(v); });
#ifdef FUSEGRAD_FAIL
double y = f(1.0);
#else
double y = f(1.0, 2.0);
#endif
