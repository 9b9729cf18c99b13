// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <cstddef>

namespace fusegrad::test {

/// Stands for the random numbers of a step: the laws hold for any.
inline double random_number(int stream, std::size_t row, std::size_t column) {
  const double x = std::sin(static_cast<double>(stream) * 12.9898 + static_cast<double>(row) * 78.233 +
                            static_cast<double>(column) * 37.719) *
                   43758.5453;
  return x - std::floor(x);
}

} // namespace fusegrad::test
