// SPDX-License-Identifier: MIT
// expect: fusegrad: a function of rows is called with its rows first
#include <fusegrad/functions.hpp>
#include <vector>
namespace fg = fusegrad;

double total(const std::vector<double>& x) {
  constexpr auto f = fg::sum_over([](auto row, auto a) { return a * row; });
#ifdef FUSEGRAD_FAIL
  f(x, 2.0);
#endif
  return f(fg::columns(x), 2.0);
}
