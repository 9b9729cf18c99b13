// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/fused_expression.hpp>
#include <fusegrad/kernel/tile.hpp>
#include <fusegrad/kernel/unroll.hpp>
#include <type_traits>

namespace fusegrad::kernel::inline FUSEGRAD_ABI {

/// The sums over all positions of a sample of each result of an expression, column by column: a row for each.
template <class T, auto Table, auto Accesses> struct position_sums {
  using fused = fused_expression<T, Table, Accesses>;
  using vector = math::vector<T>;
  static constexpr int result_count = static_cast<int>(Table.result_count);
  /// So many sums side by side, which become one at last: the additions of one would wait for each other.
  static constexpr int side_by_side = result_count > 2 ? 2 : 4;

  FUSEGRAD_INLINE static constexpr void run(const call<T>& c) noexcept {
    if (__builtin_is_constant_evaluated()) return run_plainly(c);
    constexpr auto lanes = static_cast<std::size_t>(vector::lanes);
    for (std::size_t sample = 0; sample < c.samples; ++sample)
      for (std::size_t column = 0; column < c.columns; column += lanes) one_vector(c, sample, column);
  }

  /// The plain loops that the kernel is compared with, and what constant expressions use.
  static constexpr void run_plainly(const call<T>& c) noexcept {
    for (std::size_t sample = 0; sample < c.samples; ++sample)
      for (std::size_t column = 0; column < c.columns; ++column) {
        line<T, result_count> totals{};
        for (std::size_t y = 0; y < c.image_rows; ++y)
          for (std::size_t row = 0; row < c.rows; ++row) {
            line<T, result_count> results{};
            fused::numbers_at(c, sample, y, row, column, T{}, results);
            for (int k = 0; k < result_count; ++k) totals[k] += results[k];
          }
        for (int k = 0; k < result_count; ++k)
          c.results[k].data[sample * c.results[k].sample_step + column] = totals[k];
      }
  }

private:
  static void one_vector(const call<T>& c, std::size_t sample, std::size_t column) {
    tile<vector, side_by_side, result_count> totals;
    for (auto& some : totals)
      for (vector& total : some) total = vector(T{0});
    for (std::size_t y = 0; y < c.image_rows; ++y) {
      const typename fused::places at(c, sample, y);
      const auto same = fused::shared_at(at, column);
      const auto add = [&](auto which, std::size_t row) FUSEGRAD_INLINE {
        line<vector, result_count> results;
        fused::values_at(at, same, row, column, vector(T{0}), results);
        unroll<result_count>([&](auto k) FUSEGRAD_INLINE { totals[which][k] += results[k]; });
      };
      constexpr std::size_t high = side_by_side;
      std::size_t row = 0;
      for (; row + high <= c.rows; row += high)
        unroll<side_by_side>([&](auto i) FUSEGRAD_INLINE { add(i, row + static_cast<std::size_t>(i)); });
      for (; row < c.rows; ++row) add(std::integral_constant<int, 0>{}, row);
    }
    constexpr auto lanes = static_cast<std::size_t>(vector::lanes);
    const std::size_t filled = c.columns - column < lanes ? c.columns - column : lanes;
    for (int k = 0; k < result_count; ++k) {
      vector total = totals[0][k];
      if constexpr (side_by_side == 4)
        total = (total + totals[1][k]) + (totals[2][k] + totals[3][k]);
      else
        total += totals[1][k];
      if (filled < lanes) total = select(vector::first_lanes_mask(static_cast<int>(filled)), total, vector(T{0}));
      total.store_aligned(c.results[k].data + sample * c.results[k].sample_step + column);
    }
  }
};

} // namespace fusegrad::kernel::inline FUSEGRAD_ABI
