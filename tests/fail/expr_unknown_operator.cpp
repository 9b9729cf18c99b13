// SPDX-License-Identifier: MIT
// expect: fusegrad: this function is not an operation of the expression language
// expect: is_not_an_operation
#include <fusegrad/expr/calculus.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto f = fg::function([](auto x) { return x % 2; });
#else
constexpr auto f = fg::function([](auto x) { return x / 2; });
#endif
double y = f(1.0);
