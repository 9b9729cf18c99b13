// SPDX-License-Identifier: MIT
// expect: fusegrad: the derivative is asked for with respect to an argument that the function does not have
// expect: got<2.*needs<2
#include <fusegrad/expr/calculus.hpp>
namespace fg = fusegrad;

constexpr auto f = [](auto u, auto v) { return u * sin(v); };
#ifdef FUSEGRAD_FAIL
double y = fg::derivative<2>(f)(1.0, 2.0);
#else
double y = fg::derivative<1>(f)(1.0, 2.0);
#endif
