// SPDX-License-Identifier: MIT
// expect: fusegrad: the function does not take these arguments
#include <fusegrad/functions.hpp>
#include <vector>
namespace fg = fusegrad;

void total(const std::vector<double>& x, const std::vector<double>& y) {
  constexpr auto f = fg::sum_over([](auto a, auto b, auto c) { return a * b * c; });
#ifdef FUSEGRAD_FAIL
  f(fg::columns(x), 2.0);
#else
  f(fg::columns(x, y), 2.0);
#endif
}
