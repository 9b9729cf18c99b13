// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/config.hpp>
#include <fusegrad/train/batch_result.hpp>

namespace fusegrad::train {

/// What is added up: the loss by slice, and by thread how many classes are predicted.
struct alignas(64) partial_result {
  double loss = 0;
  std::size_t correct = 0;
};

constexpr double sum_of_losses(const partial_result* results, std::size_t slices) noexcept {
  double sum = 0;
  for (std::size_t slice = 0; slice < slices; ++slice) sum += results[slice].loss;
  return sum;
}

/// What all of them come to, and the update that was made with them.
template <class Results, class Update>
constexpr batch_result result_of(const Results& results, std::size_t slices, const Update& update) noexcept {
  batch_result total;
  total.loss = sum_of_losses(results.data(), slices);
  for (const partial_result& r : results) total.correct += r.correct;
  total.refused = !update.accepts(total.loss) || update.refused();
  return total;
}

} // namespace fusegrad::train
