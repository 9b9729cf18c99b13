// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace fusegrad::plan {

/// How a batch is shared among threads. Either as lanes: each goes through the whole network with a gradient of its own, and those
/// are added in a fixed tree. Or as blocks, a single lane: all threads make rows of the same chunk of samples, then each sums over all
/// of them for its share of the weights. Lanes are fixed by the model and the batch, and in a block every sum runs over the
/// samples in order: that is what makes results independent of the number of threads.
struct lane_plan {
  std::size_t count = 0; ///< lanes
  std::size_t rows = 0;  ///< samples in each; the last may have fewer
  friend constexpr bool operator==(const lane_plan&, const lane_plan&) = default;
};

/// Sizes that the choice rests on, in bytes.
struct lane_costs {
  std::size_t gradient = 0; ///< of all parameters
  std::size_t row = 0;      ///< of the workspace for one sample
};

/// Lanes where there are samples for eight or more: each must have so many that moving its gradient through memory three times (store,
/// add, read) is cheaper than handing half of its rows to another core.
constexpr lane_plan plan_lanes(std::size_t batch, const lane_costs& bytes) noexcept {
  constexpr std::size_t most_lanes = 16, fewest_lanes = 8, fewest_rows = 16, largest_gradient = 1024 * 1024;
  if (batch <= fewest_rows) return {batch == 0 ? 0u : 1u, batch};
  std::size_t rows = bytes.row == 0 ? fewest_rows : 4 * bytes.gradient / bytes.row;
  if (rows < fewest_rows) rows = fewest_rows;
  std::size_t count = batch / rows;
  if (count < fewest_lanes || bytes.gradient > largest_gradient) return {1, batch};
  if (count > most_lanes) count = most_lanes;
  rows = (batch + count - 1) / count;
  return {(batch + rows - 1) / rows, rows};
}

} // namespace fusegrad::plan
