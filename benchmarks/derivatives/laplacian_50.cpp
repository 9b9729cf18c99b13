// SPDX-License-Identifier: MIT
#include "problem.hpp"

namespace fusegrad_benchmark {

std::vector<derivatives_case> laplacian_50_cases() {
  constexpr auto poisson = fg::equation(
      [](auto u, auto x0, auto x1, auto x2, auto x3, auto x4, auto x5, auto x6, auto x7, auto x8, auto x9, auto x10,
         auto x11, auto x12, auto x13, auto x14, auto x15, auto x16, auto x17, auto x18, auto x19, auto x20, auto x21,
         auto x22, auto x23, auto x24, auto x25, auto x26, auto x27, auto x28, auto x29, auto x30, auto x31, auto x32,
         auto x33, auto x34, auto x35, auto x36, auto x37, auto x38, auto x39, auto x40, auto x41, auto x42, auto x43,
         auto x44, auto x45, auto x46, auto x47, auto x48, auto x49) {
        return d(u, x0, x0) + d(u, x1, x1) + d(u, x2, x2) + d(u, x3, x3) + d(u, x4, x4) + d(u, x5, x5) + d(u, x6, x6) +
               d(u, x7, x7) + d(u, x8, x8) + d(u, x9, x9) + d(u, x10, x10) + d(u, x11, x11) + d(u, x12, x12) +
               d(u, x13, x13) + d(u, x14, x14) + d(u, x15, x15) + d(u, x16, x16) + d(u, x17, x17) + d(u, x18, x18) +
               d(u, x19, x19) + d(u, x20, x20) + d(u, x21, x21) + d(u, x22, x22) + d(u, x23, x23) + d(u, x24, x24) +
               d(u, x25, x25) + d(u, x26, x26) + d(u, x27, x27) + d(u, x28, x28) + d(u, x29, x29) + d(u, x30, x30) +
               d(u, x31, x31) + d(u, x32, x32) + d(u, x33, x33) + d(u, x34, x34) + d(u, x35, x35) + d(u, x36, x36) +
               d(u, x37, x37) + d(u, x38, x38) + d(u, x39, x39) + d(u, x40, x40) + d(u, x41, x41) + d(u, x42, x42) +
               d(u, x43, x43) + d(u, x44, x44) + d(u, x45, x45) + d(u, x46, x46) + d(u, x47, x47) + d(u, x48, x48) +
               d(u, x49, x49) + 1;
      });
  return {make_case<double, 1024, 0>("laplacian_50", laplacian_net<50>, poisson)};
}

} // namespace fusegrad_benchmark
