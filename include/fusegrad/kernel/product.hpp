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

/// Rows times a matrix, with an expression applied to the result before it reaches memory: a layer forward (left x, right the
/// weight, [depth][columns] in panels) and the gradient of its input backward (left dy, right the transposed weight).
template <class T, column_tiles Tiles, auto Table, auto Accesses, fixed_shape Fixed = fixed_shape{}> struct product {
  using fused = fused_expression<T, Table, Accesses>;
  using vector = math::vector<T>;
  static constexpr std::size_t lanes = static_cast<std::size_t>(math::native_lanes<T>);

  [[gnu::always_inline]] static constexpr void run(const call<T>& c) noexcept {
    if (std::is_constant_evaluated()) return run_plainly(c);
    const places at(c);
    const std::size_t vectors = padded<T>(columns(c)) / lanes;
    std::size_t v = 0;
    // One panel for all rows before the next: a panel stays in a near cache, a whole weight may not.
    for (; v + Tiles.wide <= vectors; v += Tiles.wide) panel<Tiles.wide>(c, at, v * lanes);
    if constexpr (Tiles.rest != 0) panel<Tiles.rest>(c, at, v * lanes);
  }

  /// The plain loops that the kernel is compared with, and what constant expressions use.
  static constexpr void run_plainly(const call<T>& c) noexcept {
    const std::size_t left_stride = row_stride<T>(c.depth);
    for (std::size_t row = 0; row < c.rows; ++row)
      for (std::size_t column = 0; column < c.columns; ++column) {
        T sum{};
        for (std::size_t k = 0; k < c.depth; ++k)
          sum = math::multiply_add(c.left[row * left_stride + k], c.right[panel_index<T>(c.depth, c.columns, k, column)], sum);
        fused::number_at(c, row, column, sum);
      }
  }

private:
  using places = typename fused::places;

  static constexpr std::size_t rows(const call<T>& c) { return Fixed.rows != 0 ? Fixed.rows : c.rows; }
  static constexpr std::size_t depth(const call<T>& c) { return Fixed.depth != 0 ? Fixed.depth : c.depth; }
  static constexpr std::size_t columns(const call<T>& c) { return Fixed.columns != 0 ? Fixed.columns : c.columns; }

  template <int Wide> [[gnu::always_inline]] static void panel(const call<T>& c, const places& at, std::size_t column) {
    const T* right = c.right + column * depth(c);
    if (rows(c) == 1) return row<Wide>(c, at, right, column);
    if constexpr (Fixed.rows != 1)
      each_row_block<tile_rows(Wide)>(rows(c), [&](auto high, std::size_t row) __attribute__((always_inline)) {
        vector sum[high][Wide]{};
        const std::size_t stride = row_stride<T>(depth(c));
        multiply_tile<T, high, Wide, true>(sum, c.left + row * stride, stride, right, static_cast<std::size_t>(Wide) * lanes, depth(c));
        finish<high, Wide>(c, at, row, column, sum);
      });
  }

  template <int Wide> [[gnu::always_inline]] static void row(const call<T>& c, const places& at, const T* right, std::size_t column) {
    vector sum[1][Wide];
    multiply_row<T, Wide>(sum, c.left, right, depth(c));
    finish<1, Wide>(c, at, 0, column, sum);
  }

  template <int Rows, int Wide>
  [[gnu::always_inline]] static void finish(const call<T>& c, const places& at, std::size_t row, std::size_t column, const vector (&sum)[Rows][Wide]) {
    // Only the last vector of the last panel can be filled in part.
    const std::size_t left_over = columns(c) - (column + static_cast<std::size_t>(Wide - 1) * lanes);
    const int filled = left_over < lanes ? static_cast<int>(left_over) : math::native_lanes<T>;
    const auto vector_of_columns = [&](auto v) __attribute__((always_inline)) {
      fused::template rows_at<Rows>(at, row, column + static_cast<std::size_t>(v) * lanes, v == Wide - 1 ? filled : math::native_lanes<T>,
                                    [&](auto r) __attribute__((always_inline)) { return sum[r][v]; });
    };
    if constexpr (fused::is_cheap) unroll<Wide>(vector_of_columns);
    else
      for (int v = 0; v < Wide; ++v) vector_of_columns(v);
  }
};

} // namespace fusegrad::kernel
