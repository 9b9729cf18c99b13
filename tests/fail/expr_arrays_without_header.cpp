// SPDX-License-Identifier: MIT
// expect: fusegrad: for arrays as arguments of a function, #include <fusegrad/expr/arrays.hpp>
#include <fusegrad/expr/calculus.hpp>
#ifndef FUSEGRAD_FAIL
#include <fusegrad/expr/arrays.hpp>
#endif
namespace fg = fusegrad;

constexpr auto f = [](auto v) { return v[0] * v[1]; };
auto g = fg::gradient(f)(std::array<double, 2>{1, 2});
