// SPDX-License-Identifier: MIT
#include "problem.hpp"

namespace fusegrad_benchmark {

std::vector<derivatives_case> laplacian_10_cases() {
  constexpr auto poisson = fg::equation<10>([](auto u, auto x) { return laplacian(u, x) + 1; });
  return make_cases<1024, 0>("laplacian_10", laplacian_net<10>, poisson);
}

} // namespace fusegrad_benchmark
