// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/fused_expression.hpp>
#include <fusegrad/kernel/tile.hpp>
#include <fusegrad/kernel/unroll.hpp>
#include <type_traits>

namespace fusegrad::kernel::inline FUSEGRAD_ABI {

/// Into how many units the columns of a sum over samples can be cut: vectors.
template <class T> constexpr std::size_t units_of_columns(std::size_t columns) noexcept {
  return padded<T>(columns) / static_cast<std::size_t>(math::native_lanes<T>);
}

/// The sum over samples and positions of each result of an expression, column by column, times `weight`; what has no
/// memory of its own is only ever in registers. With `accumulate` it is added to what is there.
template <class T, auto Table, auto Accesses> struct column_sums {
  using fused = fused_expression<T, Table, Accesses>;
  using vector = math::vector<T>;
  static constexpr int result_count = static_cast<int>(Table.result_count);

  FUSEGRAD_INLINE static constexpr void run(const call<T>& c) noexcept {
    if (__builtin_is_constant_evaluated()) return run_plainly(c);
    constexpr auto lanes = static_cast<std::size_t>(vector::lanes);
    for (std::size_t unit = c.first_unit; unit < c.last_unit; ++unit) one_vector(c, unit * lanes);
  }

  /// The plain loops that the kernel is compared with, and what constant expressions use.
  static constexpr void run_plainly(const call<T>& c) noexcept {
    for (std::size_t column = 0; column < c.columns; ++column) {
      line<T, result_count> totals{};
      for (std::size_t sample = 0; sample < c.samples; ++sample)
        for (std::size_t y = 0; y < c.image_rows; ++y)
          for (std::size_t row = 0; row < c.rows; ++row) {
            line<T, result_count> results{};
            fused::numbers_at(c, sample, y, row, column, T{}, results);
            for (int k = 0; k < result_count; ++k) totals[k] += results[k];
          }
      for (int k = 0; k < result_count; ++k) {
        T& to = c.results[k].data[column];
        to = (c.accumulate ? to : T{}) + totals[k] * c.weight;
      }
    }
  }

private:
  static void one_vector(const call<T>& c, std::size_t column) {
    const typename fused::places all(c);
    const auto same = fused::shared_at(all, column);
    line<vector, result_count> totals;
    for (vector& total : totals) total = vector(T{0});
    for (std::size_t sample = 0; sample < c.samples; ++sample)
      for (std::size_t y = 0; y < c.image_rows; ++y) {
        const typename fused::places at(c, sample, y);
        for (std::size_t row = 0; row < c.rows; ++row) {
          line<vector, result_count> results;
          fused::values_at(at, same, row, column, vector(T{0}), results);
          count_to<result_count>([&](int k) FUSEGRAD_INLINE { totals[k] += results[k]; });
        }
      }
    constexpr auto lanes = static_cast<std::size_t>(vector::lanes);
    const std::size_t filled = c.columns - column < lanes ? c.columns - column : lanes;
    for (int k = 0; k < result_count; ++k) {
      T* to = all.results[k].data + column;
      vector total = totals[k] * vector(c.weight);
      if (c.accumulate) total += vector::load_aligned(to);
      if (filled < lanes) total = select(vector::first_lanes_mask(static_cast<int>(filled)), total, vector(T{0}));
      total.store_aligned(to);
    }
  }
};

} // namespace fusegrad::kernel::inline FUSEGRAD_ABI
