// SPDX-License-Identifier: MIT
#include "problem.hpp"

namespace fusegrad_benchmark {

std::vector<derivatives_case> laplacian_50_cases() {
  constexpr auto poisson = fg::equation<50>([](auto u, auto x) { return laplacian(u, x) + 1; });
  return {make_case<double, 1024, 0>("laplacian_50", laplacian_net<50>, poisson)};
}

} // namespace fusegrad_benchmark
