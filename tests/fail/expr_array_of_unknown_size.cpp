// SPDX-License-Identifier: MIT
// expect: fusegrad: an argument of a function is a number or an array of numbers of a fixed size
#include <fusegrad/expr/arrays.hpp>
namespace fg = fusegrad;

constexpr auto f = [](auto v) { return v[0] * v[1]; };
double x[]{1, 2};
#ifdef FUSEGRAD_FAIL
auto g = fg::gradient(f)(std::span<double>(x));
#else
auto g = fg::gradient(f)(std::span<double, 2>(x));
#endif
