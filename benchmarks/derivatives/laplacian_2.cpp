// SPDX-License-Identifier: MIT
#include "problem.hpp"

namespace fusegrad_benchmark {

std::vector<derivatives_case> laplacian_2_cases() {
  constexpr auto poisson = fg::equation([](auto u, auto a, auto b) { return d(u, a, a) + d(u, b, b) + 1; });
  return {make_case<double, 1024, 0>("laplacian_2", laplacian_net<2>, poisson)};
}

} // namespace fusegrad_benchmark
