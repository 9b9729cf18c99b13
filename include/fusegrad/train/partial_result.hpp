// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/config.hpp>

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

} // namespace fusegrad::train
