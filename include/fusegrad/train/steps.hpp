// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/train/batch_result.hpp>
#include <fusegrad/train/check_samples.hpp>
#include <span>
#include <string>

namespace fusegrad {

/// What many steps came to.
struct steps_result {
  double loss = 0;         ///< the mean over the samples of all steps that were taken; 0 of none
  std::size_t correct = 0; ///< how many of their classes were predicted
  std::size_t samples = 0; ///< in all steps that were taken
  std::size_t steps = 0;   ///< that were taken
  bool refused = false;    ///< the step behind them was not taken, as `batch_result::refused` says, nor any further
};

namespace train {

/// Throws std::invalid_argument where so many samples are no steps of `batch` each.
constexpr void check_steps(std::size_t samples, std::size_t batch, bool couples_batch) {
  if (batch == 0) refuse_samples("steps need a batch of at least 1 sample; 0 was given.");
  if (couples_batch && batch > 1 && samples % batch == 1)
    refuse_samples(std::to_string(samples) + " samples in batches of " + std::to_string(batch) +
                   " leave one sample over, and batch normalisation needs at least 2; choose another batch.");
}

/// Calls `step(indices)` for `batch` numbers of `order` after the other; the last has what is left.
template <class Step>
constexpr steps_result each_step(std::span<const std::uint32_t> order, std::size_t batch, Step&& step) {
  steps_result sum;
  for (std::size_t first = 0; first < order.size(); first += batch) {
    const std::size_t count = batch < order.size() - first ? batch : order.size() - first;
    const batch_result result = step(order.subspan(first, count));
    if (result.refused) {
      sum.refused = true;
      break;
    }
    sum.loss += result.loss * static_cast<double>(count);
    sum.correct += result.correct;
    sum.samples += count;
    ++sum.steps;
  }
  if (sum.samples != 0) sum.loss /= static_cast<double>(sum.samples);
  return sum;
}

} // namespace train

} // namespace fusegrad
