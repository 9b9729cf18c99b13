// SPDX-License-Identifier: MIT
// expect: fusegrad: this function takes numbers only, as jvp and vjp do
#include <fusegrad/expr/arrays.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto f = [](auto v) { return sin(v); };
auto g = fg::jvp(f)(std::array<double, 2>{1, 2}, std::array<double, 2>{1, 0});
#else
constexpr auto f = [](auto x, auto y) { return x * y; };
auto g = fg::jvp(f)(1.0, 2.0, 1.0, 0.0);
#endif
