// SPDX-License-Identifier: MIT
// expect: fusegrad: a traced function is called with numbers, at most 60 of them
#include <array>
#include <fusegrad/expr/arrays.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto f = fg::gradient([](fg::expr::traced x, std::array<fg::expr::traced, 2> y) { return x * y[0]; });
double slope() { return f(1.0, 2.0)[0]; }
#else
constexpr auto f = fg::gradient([](auto x, auto y) { return x * y[0]; });
double slope() { return std::get<0>(f(1.0, std::array{2.0, 3.0})); }
#endif
