// SPDX-License-Identifier: MIT
// expect: fusegrad: compose takes a traced function, then reductions with their rows
#include <fusegrad/functions.hpp>
#include <vector>
namespace fg = fusegrad;

double penalised(const std::vector<double>& x) {
  constexpr auto sum = fg::sum_over([](auto row, auto a) { return square(row - a); });
  constexpr auto outer = [](auto fit, auto a) { return fit + a * a; };
#ifdef FUSEGRAD_FAIL
  static_cast<void>(fg::compose(outer, sum));
#endif
  return fg::compose(outer, sum.over(fg::columns(x)))(2.0);
}
