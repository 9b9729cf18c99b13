// SPDX-License-Identifier: MIT
// expect: fusegrad: this function is not an operation of the expression language
// expect: is_not_an_operation<.*tgamma|is_not_an_operation<.*116, 103, 97
#include <fusegrad/expr/calculus.hpp>
#include <cmath>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto f = fg::function([](auto x) { return tgamma(x); });
#else
constexpr auto f = fg::function([](auto x) { return exp(x); });
#endif
double y = f(1.0);
