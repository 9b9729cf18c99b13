// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <fusegrad/graph/operations.hpp>
#include <fusegrad/run/machine.hpp>
#include <fusegrad/run/step.hpp>

namespace fusegrad::execution::inline FUSEGRAD_ABI {

/// How a batch is shared. It is cut into slices, each with a gradient of its own, and those are added in a fixed tree.
/// Each slice is a block that all threads of a group share: they make rows of the same chunk of samples, then each sums
/// over all of the chunk for its share of the weights. Slices are fixed by the model and the batch, and in a block
/// every sum runs over the samples in order: that is what makes results independent of the number of threads.
struct slice_plan {
  std::size_t count = 0; ///< slices; one if the whole batch is one block
  std::size_t rows = 0;  ///< samples in each; the last may have fewer
  friend constexpr bool operator==(const slice_plan&, const slice_plan&) = default;
};

/// Facts of a model that the choice rests on.
struct slice_costs {
  std::size_t gradient_bytes = 0; ///< of all parameters
  std::size_t row_bytes = 0;      ///< of the workspace for one sample
  double operations = 0;          ///< floating-point operations for one sample
  bool couples_batch = false;     ///< samples depend on each other
};

template <class T, class Program> constexpr slice_costs costs_of(const Program& program) noexcept {
  slice_costs costs{program.parameter_size * sizeof(T), program.row_size * sizeof(T), 0, program.couples_batch};
  for (std::size_t i = 0; i < program.step_count; ++i) {
    const step_form& s = program.form_of(i);
    costs.operations += 2.0 * s.factors * s.depth * s.columns * (s.is_image ? s.positions : 1) *
                        (graph::facts_of(s.what).is_sum() ? s.groups : 1);
  }
  return costs;
}

/// How many samples go through forward and backward before the gradients of the weights are summed over them. Few
/// enough to stay near, as many as make it worth while to load and store the sums once for each such chunk: those of
/// large gradients are as far away as the rows of many samples. Images have so much to do for each weight that few
/// samples are enough.
constexpr std::size_t chunk_rows(const slice_costs& costs) noexcept {
  constexpr std::size_t cache_share = machine::cache_bytes / 2;
  const std::size_t room = costs.gradient_bytes > cache_share ? costs.gradient_bytes : cache_share;
  const std::size_t fitting = room / (costs.row_bytes == 0 ? 1 : costs.row_bytes);
  std::size_t rows = machine::usual_rows;
  if (costs.gradient_bytes <= machine::cache_bytes && rows * costs.row_bytes > machine::bytes_of_usual_rows) rows /= 2;
  const auto pays = [&](std::size_t fewer) {
    return fewer * costs.row_bytes >= machine::row_bytes_for_a_gradient_byte * costs.gradient_bytes ||
           costs.operations * static_cast<double>(fewer) >=
               machine::operations_for_a_gradient_byte * static_cast<double>(costs.gradient_bytes);
  };
  // Of the largest rows not even sixteen would fit.
  const std::size_t least = 16 * costs.row_bytes > machine::cache_bytes ? 8 : 16;
  while (rows > least && rows > fitting && pays(rows / 2)) rows /= 2;
  return rows;
}

inline constexpr std::size_t most_slices = 16;
inline constexpr std::size_t most_samples_that_matter = std::size_t{1} << 30;

/// More than one slice where each has so many samples that moving a gradient through memory (store, add, read) is
/// cheaper than handing half of its rows to another core, and enough work for a thread to be worth its start.
/// Always a power of two before rounding.
[[gnu::noinline]] constexpr slice_plan plan_slices(std::size_t batch, const slice_costs& costs) noexcept {
  if (batch < 2 || costs.couples_batch || costs.gradient_bytes > machine::cache_bytes)
    return {batch == 0 ? 0u : 1u, batch};
  // A batch beyond this has as many slices as it ever gets; the products below are of 64 bits.
  const std::size_t seen = batch < most_samples_that_matter ? batch : most_samples_that_matter;
  const double operations = static_cast<double>(seen) * costs.operations;
  const bool two_pay = operations >= machine::operations_for_two_slices && seen >= 2 * machine::samples_for_two_slices;
  std::size_t count = 1;
  while (count < most_slices &&
         static_cast<double>(seen) * static_cast<double>(costs.row_bytes) >=
             machine::rows_for_a_gradient(count) * static_cast<double>(costs.gradient_bytes) &&
         (operations >= static_cast<double>(2 * count) * machine::operations_for_a_slice || (count == 1 && two_pay)) &&
         seen >= 2 * count * 8)
    count *= 2;
  const std::size_t rows = batch / count + (batch % count != 0 ? 1 : 0);
  return {batch / rows + (batch % rows != 0 ? 1 : 0), rows};
}

/// How many steps threads take between one beginning and the next.
constexpr std::size_t steps_together(std::size_t batch, const slice_costs& costs) noexcept {
  constexpr std::size_t most = 64;
  const double operations = static_cast<double>(batch) * costs.operations, room = machine::operations_together;
  if (operations * most <= room) return most;
  return operations * 2 <= room ? static_cast<std::size_t>(room / operations) : 1;
}

/// How a batch is cut instead, where somebody measures whether the plan was right; 0 leaves a number to the plan.
struct prescribed_cut {
  std::size_t slices = 0, chunk_rows = 0;
};
/// A loss that prescribes it, in a variable `cut`: only a benchmark has one. Chunks then have at most
/// `most_prescribed_rows`.
template <class Loss>
concept prescribes_cut = requires {
  { Loss::cut.slices } -> std::convertible_to<std::size_t>;
};
inline constexpr std::size_t most_prescribed_rows = 512;

template <class Loss> constexpr slice_plan slices_for(std::size_t batch, const slice_costs& costs) noexcept {
  if constexpr (prescribes_cut<Loss>)
    if (const std::size_t count = Loss::cut.slices; count != 0 && batch >= count) {
      const std::size_t rows = (batch + count - 1) / count;
      return {(batch + rows - 1) / rows, rows};
    }
  return plan_slices(batch, costs);
}
template <class Loss> constexpr std::size_t most_slices_for(std::size_t batch, const slice_costs& costs) noexcept {
  if constexpr (prescribes_cut<Loss>) return most_slices;
  // A larger batch has as many slices as a smaller one, or more; rounding can take one away from the most that there
  // are.
  return std::bit_ceil(plan_slices(batch, costs).count);
}
template <class Loss> constexpr std::size_t most_chunk_rows_for(const slice_costs& costs) noexcept {
  return prescribes_cut<Loss> ? most_prescribed_rows : chunk_rows(costs);
}
template <class Loss> constexpr std::size_t chunk_rows_for(const slice_costs& costs) noexcept {
  if constexpr (prescribes_cut<Loss>)
    if (Loss::cut.chunk_rows != 0) return Loss::cut.chunk_rows;
  return chunk_rows(costs);
}

} // namespace fusegrad::execution::inline FUSEGRAD_ABI
