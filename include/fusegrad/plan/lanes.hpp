// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace fusegrad::plan {

/// A share of a batch that one thread takes through the whole network at a time. Lanes are fixed by the model and the batch,
/// never by the number of threads: that is what makes results independent of it.
struct lane_plan {
  std::size_t count = 0; ///< lanes, each with a gradient of its own
  std::size_t rows = 0;  ///< samples in each; the last may have fewer
};

/// The most lanes for a model whose gradient takes this many bytes: each lane costs that memory and its share of the sum.
constexpr std::size_t most_lanes(std::size_t gradient_bytes) noexcept {
  if (gradient_bytes <= 64 * 1024) return 16;
  return gradient_bytes <= 1024 * 1024 ? 8 : 4;
}

/// Lanes of at least 16 samples.
constexpr lane_plan plan_lanes(std::size_t batch, std::size_t most) noexcept {
  constexpr std::size_t fewest_rows = 16;
  std::size_t count = (batch + fewest_rows - 1) / fewest_rows;
  if (count > most) count = most;
  if (count == 0) return {0, 0};
  const std::size_t rows = (batch + count - 1) / count;
  return {(batch + rows - 1) / rows, rows};
}

} // namespace fusegrad::plan
