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

/// Adds the numbers from `begin` to `end` of some slices of `size` numbers each, in a fixed tree; the sum stands in the
/// first one.
template <class T>
constexpr void add_slices(T* numbers, std::size_t size, std::size_t slices, std::size_t begin,
                          std::size_t end) noexcept {
  for (std::size_t step = 1; step < slices; step *= 2)
    for (std::size_t slice = 0; slice + step < slices; slice += 2 * step) {
      T* to = numbers + slice * size;
      const T* from = numbers + (slice + step) * size;
      for (std::size_t i = begin; i < end; ++i) to[i] += from[i];
    }
}

} // namespace fusegrad::train
