// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/fused_expression.hpp>
#include <fusegrad/kernel/microkernel.hpp>
#include <fusegrad/kernel/panels.hpp>
#include <fusegrad/kernel/row_blocks.hpp>
#include <fusegrad/math/number.hpp>
#include <type_traits>

namespace fusegrad::kernel {

/// The work of a weight gradient is shared in units of one panel and so many rows of the weight.
inline constexpr std::size_t weight_unit_rows = 24;
template <class T> constexpr std::size_t weight_units(std::size_t depth, std::size_t columns) noexcept {
  const column_tiles tiles = tiles_for<T>(columns);
  const std::size_t width = static_cast<std::size_t>(tiles.wide) * static_cast<std::size_t>(math::native_lanes<T>);
  return (padded<T>(columns) + width - 1) / width * ((depth + weight_unit_rows - 1) / weight_unit_rows);
}

/// dW = x^T dy over the samples of the call, [depth][columns] in panels like the weight, and an expression applied to it before
/// it reaches memory: a copy into `gradient`, or an update rule that writes the weight at once. All arguments and results of the
/// expression lie like the weight or are single numbers. Runs the units from `first_unit` to `last_unit`.
template <class T, column_tiles Tiles, auto Table, auto Accesses, fixed_shape Fixed = fixed_shape{}> struct weight_gradient {
  using fused = fused_expression<T, Table, Accesses>;
  using vector = math::vector<T>;
  static constexpr std::size_t lanes = static_cast<std::size_t>(math::native_lanes<T>);

  [[gnu::always_inline]] static constexpr void run(const call<T>& c) noexcept {
    if (std::is_constant_evaluated()) return run_plainly(c);
    const typename fused::places places(c);
    constexpr std::size_t width = static_cast<std::size_t>(Tiles.wide) * lanes;
    const std::size_t rows_of_units = (depth(c) + weight_unit_rows - 1) / weight_unit_rows;
    for (std::size_t unit = c.first_unit; unit < c.last_unit;) {
      const std::size_t panel = unit / rows_of_units, begin = unit % rows_of_units;
      const std::size_t end = begin + (c.last_unit - unit) < rows_of_units ? begin + (c.last_unit - unit) : rows_of_units;
      const std::size_t last = end * weight_unit_rows < depth(c) ? end * weight_unit_rows : depth(c);
      unit += end - begin;
      if constexpr (Tiles.rest == 0) part_of_panel<Tiles.wide>(c, places, panel * width, begin * weight_unit_rows, last);
      else if ((panel + 1) * width <= padded<T>(columns(c))) part_of_panel<Tiles.wide>(c, places, panel * width, begin * weight_unit_rows, last);
      else part_of_panel<Tiles.rest>(c, places, panel * width, begin * weight_unit_rows, last);
    }
  }

  /// The plain loops that the kernel is compared with, and what constant expressions use.
  static constexpr void run_plainly(const call<T>& c) noexcept {
    const std::size_t left_stride = row_stride<T>(c.depth), right_stride = row_stride<T>(c.columns);
    for (std::size_t i = 0; i < c.depth; ++i)
      for (std::size_t o = 0; o < c.columns; ++o) {
        const std::size_t at = panel_index<T>(c.depth, c.columns, i, o);
        T sum = c.accumulate ? c.gradient[at] : T{};
        for (std::size_t row = 0; row < c.rows; ++row)
          sum = math::multiply_add(c.left[row * left_stride + i], c.right[row * right_stride + o], sum);
        fused::number_at(c, 0, at, sum);
      }
  }

private:
  static constexpr std::size_t rows(const call<T>& c) { return Fixed.rows != 0 ? Fixed.rows : c.rows; }
  static constexpr std::size_t depth(const call<T>& c) { return Fixed.depth != 0 ? Fixed.depth : c.depth; }
  static constexpr std::size_t columns(const call<T>& c) { return Fixed.columns != 0 ? Fixed.columns : c.columns; }

  template <int Wide> [[gnu::always_inline]] static void part_of_panel(const call<T>& c, const typename fused::places& places, std::size_t column, std::size_t begin, std::size_t end) {
    each_exact_row_block<tile_rows(Wide)>(end - begin, [&](auto high, std::size_t row) __attribute__((always_inline)) {
      block<high, Wide>(c, places, column, begin + row);
    });
  }

  template <int High, int Wide> [[gnu::always_inline]] static void block(const call<T>& c, const typename fused::places& places, std::size_t column, std::size_t i) {
    constexpr std::size_t width = static_cast<std::size_t>(Wide) * lanes;
    const std::size_t first = column * depth(c) + i * width;
    const auto at = [&](int r, int v) __attribute__((always_inline)) {
      return first + static_cast<std::size_t>(r) * width + static_cast<std::size_t>(v) * lanes;
    };
    vector sum[High][Wide]{};
    if (c.accumulate)
      unroll<High>([&](auto r) { unroll<Wide>([&](auto v) { sum[r][v] = vector::load_aligned(c.gradient + at(r, v)); }); });
    multiply_tile<T, High, Wide, false>(sum, c.left + i, row_stride<T>(depth(c)), c.right + column, row_stride<T>(columns(c)), rows(c));
    const auto vector_of_columns = [&](auto r, auto v) __attribute__((always_inline)) {
      fused::template rows_at<1>(places, 0, at(r, v), math::native_lanes<T>, [&](auto) __attribute__((always_inline)) { return sum[r][v]; });
    };
    if constexpr (fused::is_cheap) {
      unroll<High>([&](auto r) __attribute__((always_inline)) {
        unroll<Wide>([&](auto v) __attribute__((always_inline)) { vector_of_columns(r, v); });
      });
    } else {
      for (int r = 0; r < High; ++r)
        for (int v = 0; v < Wide; ++v) vector_of_columns(r, v);
    }
  }
};

} // namespace fusegrad::kernel
