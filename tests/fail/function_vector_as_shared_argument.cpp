// SPDX-License-Identifier: MIT
// expect: fusegrad: a shared argument is a number, a std::array or a std::span of fixed size
#include <fusegrad/functions.hpp>
#include <span>
#include <vector>
namespace fg = fusegrad;

void total(const std::vector<double>& x, const std::vector<double>& c) {
  constexpr auto f = fg::sum_over([](auto row, auto a) { return a[0] * row + a[1]; });
#ifdef FUSEGRAD_FAIL
  f(fg::columns(x), c);
#else
  f(fg::columns(x), std::span<const double, 2>(c));
#endif
}
