// SPDX-License-Identifier: MIT
#pragma once

#include "../common/cases.hpp"
#include "../common/problem.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace benchmarks {

/// The loss of outputs [batch][outputs] and, where `slopes` are, its derivatives; for peers that bring no loss of their
/// own. A training step needs no more than the slopes, and asks for no loss.
template <bool WithLoss>
double loss_of(const model_case& c, const problem& data, const float* outputs, std::size_t batch, float* slopes) {
  const std::size_t n = c.outputs();
  double sum_of_losses = 0;
  if (c.trained_on == loss::squared_error) {
    const float scale = 2.0f / static_cast<float>(batch * n);
    const float* const targets = data.targets.data();
    for (std::size_t i = 0; i < batch * n; ++i) {
      const float error = outputs[i] - targets[i];
      if constexpr (WithLoss) sum_of_losses += static_cast<double>(error) * error;
      slopes[i] = scale * error;
    }
    return sum_of_losses / static_cast<double>(batch * n);
  }
  const float scale = 1.0f / static_cast<float>(batch);
  for (std::size_t s = 0; s < batch; ++s) {
    const float* const row = outputs + s * n;
    float* const slope = slopes + s * n;
    const auto label = static_cast<std::size_t>(data.labels[s]);
    const float largest = *std::max_element(row, row + n);
    float sum = 0;
    for (std::size_t o = 0; o < n; ++o) sum += slope[o] = std::exp(row[o] - largest);
    if constexpr (WithLoss) sum_of_losses += static_cast<double>(std::log(sum) + largest - row[label]);
    const float factor = scale / sum;
    for (std::size_t o = 0; o < n; ++o) slope[o] *= factor;
    slope[label] -= scale;
  }
  return sum_of_losses / static_cast<double>(batch);
}

} // namespace benchmarks
