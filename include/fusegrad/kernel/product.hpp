// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/fused_expression.hpp>
#include <fusegrad/kernel/microkernel.hpp>
#include <type_traits>

namespace fusegrad::kernel {

/// Rows times a matrix, with an expression applied to the result before it reaches memory: a layer forward (left x, right the
/// packed weight [Depth][Columns]) and the gradient of its input backward (left dy, right the transposed weight).
template <class T, std::size_t Depth, std::size_t Columns, auto Table, auto Accesses> struct product {
  using fused = fused_expression<T, Table, Accesses>;
  using vector = math::vector<T>;
  static constexpr std::size_t left_stride = padded<T>(Depth);
  static constexpr std::size_t right_stride = padded<T>(Columns);
  static constexpr std::size_t lanes = static_cast<std::size_t>(math::native_lanes<T>);
  static constexpr int vectors = static_cast<int>(right_stride / lanes);
  static constexpr int filled_last = static_cast<int>(Columns - (right_stride - lanes));

  static constexpr void run(const call<T>& c) noexcept {
    if (std::is_constant_evaluated()) return run_plainly(c);
    if (c.rows == 1) {
      // A single sample: more columns at once, since there are no rows to hide the latency of the additions behind.
      constexpr int wide = vectors < 16 ? vectors : 16;
      return run_blocks<1, wide>(c);
    }
    constexpr int wide = tile_vectors(static_cast<std::size_t>(vectors));
    run_blocks<tile_rows(wide), wide>(c);
  }

  /// The plain loops that the kernel is compared with, and what constant expressions use.
  static constexpr void run_plainly(const call<T>& c) noexcept {
    for (std::size_t row = 0; row < c.rows; ++row)
      for (std::size_t column = 0; column < Columns; ++column) {
        T sum{};
        for (std::size_t k = 0; k < Depth; ++k)
          sum = math::multiply_add(c.left[row * left_stride + k], c.right[k * right_stride + column], sum);
        fused::number_at(c, row, column, sum);
      }
  }

private:
  template <int Rows, int Wide> static void run_blocks(const call<T>& c) noexcept {
    for (std::size_t row = 0; row < c.rows; row += Rows) {
      for (int v = 0; v + Wide <= vectors; v += Wide) block<Rows, Wide>(c, row, v);
      if constexpr (vectors % Wide != 0) block<Rows, vectors % Wide>(c, row, vectors - vectors % Wide);
    }
  }

  template <int Rows, int Wide> [[gnu::always_inline]] static void block(const call<T>& c, std::size_t row, int first) {
    vector sum[Rows][Wide]{};
    const std::size_t column = static_cast<std::size_t>(first) * lanes;
    multiply_tile<T, Rows, Wide, left_stride, 1, right_stride>(sum, c.left + row * left_stride, c.right + column, Depth);
    unroll<Rows>([&](auto r) __attribute__((always_inline)) {
      unroll<Wide>([&](auto v) __attribute__((always_inline)) {
        const bool last = filled_last < vector::lanes && first + v == vectors - 1;
        fused::vector_at(c, row + static_cast<std::size_t>(r), column + static_cast<std::size_t>(v) * lanes, sum[r][v],
                         last ? filled_last : vector::lanes);
      });
    });
  }
};

} // namespace fusegrad::kernel
