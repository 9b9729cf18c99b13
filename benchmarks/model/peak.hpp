// SPDX-License-Identifier: MIT
#pragma once

#include "common/worker.hpp"

#include <fusegrad/math/vector.hpp>

#include <cstddef>
#include <stdexcept>
#include <thread>
#include <vector>

namespace benchmarks {

/// Multiplications and additions in registers, the same number on each thread: the most that this machine can do in the
/// minute in which it is asked. Its rate drifts with load and temperature, so a figure from another minute says little.
class peak final : public session {
public:
  /// Of one iteration, on one thread.
  static constexpr std::size_t operations = 1'000'000;

  explicit peak(int threads) : others_(static_cast<std::size_t>(threads - 1)) {}

  void repeat(std::size_t count) override {
    for (std::thread& other : others_) other = std::thread(run, count);
    run(count);
    for (std::thread& other : others_) other.join();
  }

  std::vector<float> gradient() override { throw cannot("it is no model"); }
  std::vector<float> output() override { throw cannot("it is no model"); }

private:
  using vector = fusegrad::math::vector<float>;
  /// More than a core can have under way (latency times units), few enough for 16 registers.
  static constexpr std::size_t chains = 12;

  static void run(std::size_t count) noexcept {
    float factors[2]{0.999f, 0.001f};
    launder(factors);
    const vector a = factors[0], b = factors[1];
    vector sums[chains];
    for (vector& s : sums) s = b;
    for (std::size_t i = 0; i < count * operations / (2 * chains * vector::lanes); ++i) {
#pragma GCC unroll 12
      for (std::size_t k = 0; k < chains; ++k) sums[k] = multiply_add(sums[k], a, b);
    }
    launder(sums);
  }

  std::vector<std::thread> others_;
};

} // namespace benchmarks
