// SPDX-License-Identifier: MIT
// expect: fusegrad: only sum_over and map_over take a function with several results
#include <fusegrad/functions.hpp>
#include <vector>
namespace fg = fusegrad;

void most(const std::vector<double>& x) {
  constexpr auto two = [](auto a) { return fg::values(a, -a); };
#ifdef FUSEGRAD_FAIL
  fg::max_over(two)(fg::columns(x));
#else
  fg::sum_over(two)(fg::columns(x));
#endif
}
