// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/fused_expression.hpp>
#include <fusegrad/kernel/microkernel.hpp>
#include <fusegrad/math/number.hpp>
#include <type_traits>

namespace fusegrad::kernel {

/// Rows times a matrix, with an expression applied to the result before it reaches memory: a layer forward (left x, right the
/// packed weight [depth][columns]) and the gradient of its input backward (left dy, right the transposed weight).
template <class T, column_tiles Tiles, auto Table, auto Accesses> struct product {
  using fused = fused_expression<T, Table, Accesses>;
  using vector = math::vector<T>;
  static constexpr std::size_t lanes = static_cast<std::size_t>(math::native_lanes<T>);

  static constexpr void run(const call<T>& c) noexcept {
    if (std::is_constant_evaluated()) return run_plainly(c);
    if (c.rows == 1) return run_single(c);
    constexpr int high = tile_rows(Tiles.wide);
    const std::size_t vectors = padded<T>(c.columns) / lanes;
    for (std::size_t row = 0; row < c.rows; row += high) {
      std::size_t v = 0;
      for (; v + Tiles.wide <= vectors; v += Tiles.wide) block<high, Tiles.wide>(c, row, v);
      if constexpr (Tiles.rest != 0) block<high, Tiles.rest>(c, row, v);
    }
  }

  /// The plain loops that the kernel is compared with, and what constant expressions use.
  static constexpr void run_plainly(const call<T>& c) noexcept {
    const std::size_t left_stride = padded<T>(c.depth), right_stride = padded<T>(c.columns);
    for (std::size_t row = 0; row < c.rows; ++row)
      for (std::size_t column = 0; column < c.columns; ++column) {
        T sum{};
        for (std::size_t k = 0; k < c.depth; ++k)
          sum = math::multiply_add(c.left[row * left_stride + k], c.right[k * right_stride + column], sum);
        fused::number_at(c, row, column, sum);
      }
  }

private:
  /// A single sample: twice as many columns at once, since there are no rows to hide the latency of the additions behind.
  static void run_single(const call<T>& c) noexcept {
    const std::size_t vectors = padded<T>(c.columns) / lanes;
    std::size_t v = 0;
    if constexpr (Tiles.wide > 1)
      for (; v + 2 * Tiles.wide <= vectors; v += 2 * Tiles.wide) block<1, 2 * Tiles.wide>(c, 0, v);
    for (; v + Tiles.wide <= vectors; v += Tiles.wide) block<1, Tiles.wide>(c, 0, v);
    if constexpr (Tiles.rest != 0) block<1, Tiles.rest>(c, 0, v);
  }

  template <int Rows, int Wide> static void block(const call<T>& c, std::size_t row, std::size_t first) noexcept {
    const std::size_t left_stride = padded<T>(c.depth), right_stride = padded<T>(c.columns), column = first * lanes;
    vector sum[Rows][Wide]{};
    multiply_tile<T, Rows, Wide, true>(sum, c.left + row * left_stride, left_stride, c.right + column, right_stride, c.depth);
    const auto filled = [&](int v) {
      const std::size_t left_over = c.columns - (column + static_cast<std::size_t>(v) * lanes);
      return left_over < lanes ? static_cast<int>(left_over) : math::native_lanes<T>;
    };
    if constexpr (fused::is_cheap) {
      unroll<Rows>([&](auto r) __attribute__((always_inline)) {
        unroll<Wide>([&](auto v) __attribute__((always_inline)) {
          fused::vector_at(c, row + static_cast<std::size_t>(r), column + static_cast<std::size_t>(v) * lanes, sum[r][v], filled(v));
        });
      });
    } else {
      // One copy of a long expression instead of one for each register: the detour over memory costs less than the code.
      for (int r = 0; r < Rows; ++r)
        for (int v = 0; v < Wide; ++v)
          fused::vector_at(c, row + static_cast<std::size_t>(r), column + static_cast<std::size_t>(v) * lanes, sum[r][v], filled(v));
    }
  }
};

} // namespace fusegrad::kernel
