// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/train/batch_result.hpp>

namespace fusegrad::train {

/// What the steps of an epoch came to, so far.
struct epoch_sums {
  double loss = 0; ///< times samples
  std::size_t correct = 0, samples = 0;
  double learning_rate = 0; ///< of the last step

  void add(const batch_result& result, std::size_t count, double rate) noexcept {
    loss += result.loss * static_cast<double>(count);
    correct += result.correct;
    samples += count;
    learning_rate = rate;
  }
  /// Means over the samples that were seen: an epoch that was broken off saw fewer. NaN of none.
  [[nodiscard]] double mean_loss() const noexcept { return loss / static_cast<double>(samples); }
  [[nodiscard]] double accuracy() const noexcept { return static_cast<double>(correct) / static_cast<double>(samples); }
};

} // namespace fusegrad::train
