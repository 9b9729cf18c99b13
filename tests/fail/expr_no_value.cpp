// SPDX-License-Identifier: MIT
// expect: fusegrad: a traced function must return a traced value
#include <fusegrad/expr/calculus.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto f = fg::function([](auto) { return "exp"; });
#else
constexpr auto f = fg::function([](auto x) { return exp(x); });
#endif
double y = f(1.0);
