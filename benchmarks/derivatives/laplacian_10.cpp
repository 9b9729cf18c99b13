// SPDX-License-Identifier: MIT
#include "problem.hpp"

namespace fusegrad_benchmark {

std::vector<derivatives_case> laplacian_10_cases() {
  constexpr auto poisson = fg::equation(
      [](auto u, auto x0, auto x1, auto x2, auto x3, auto x4, auto x5, auto x6, auto x7, auto x8, auto x9) {
        return d(u, x0, x0) + d(u, x1, x1) + d(u, x2, x2) + d(u, x3, x3) + d(u, x4, x4) + d(u, x5, x5) + d(u, x6, x6) +
               d(u, x7, x7) + d(u, x8, x8) + d(u, x9, x9) + 1;
      });
  return make_cases<1024, 0>("laplacian_10", laplacian_net<10>, poisson);
}

} // namespace fusegrad_benchmark
