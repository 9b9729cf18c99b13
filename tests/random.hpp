// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <random>

namespace fusegrad::test {

// The standard library's distributions of real numbers would do. GNU's takes two logarithms of long doubles for each
// number, to find out how many bits the engine gives; Clang computes them every time, and tests of kernels spent four
// fifths of their time there.

/// Of the numbers from `low` to `high`, all alike.
inline double uniform(std::mt19937& engine, double low = 0, double high = 1) {
  const double lower = static_cast<double>(engine()), upper = static_cast<double>(engine());
  const double share = (lower + upper * 0x1p32) * 0x1p-64;
  return low + (high - low) * (share < 1 ? share : 1 - 0x1p-53);
}

/// A number of the normal distribution, by Marsaglia's polar method.
inline double normal(std::mt19937& engine) {
  for (;;) {
    const double x = uniform(engine, -1, 1), y = uniform(engine, -1, 1), square = x * x + y * y;
    if (square <= 1 && square > 0) return y * std::sqrt(-2 * std::log(square) / square);
  }
}

} // namespace fusegrad::test
