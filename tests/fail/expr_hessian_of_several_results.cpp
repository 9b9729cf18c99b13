// SPDX-License-Identifier: MIT
// expect: fusegrad: gradient and hessian need a function with one result; take jacobian
// expect: got<2
#include <fusegrad/expr/calculus.hpp>
namespace fg = fusegrad;

constexpr auto f = [](auto u, auto v) { return fg::values(u * v, sin(v)); };
#ifdef FUSEGRAD_FAIL
auto g = fg::hessian(f)(1.0, 2.0);
#else
auto g = fg::hessian([](auto u, auto v) { return f(u, v).items[0]; });
#endif
