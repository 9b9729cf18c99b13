// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/call.hpp>
#include <fusegrad/kernel/fused_expression.hpp>
#include <fusegrad/kernel/tile.hpp>
#include <fusegrad/kernel/unroll.hpp>
#include <fusegrad/math/vector.hpp>
#include <type_traits>

// Sums over samples or columns, each in one fixed order. They rely on zeros behind the last column.
namespace fusegrad::kernel::inline FUSEGRAD_ABI {

namespace detail {
/// The sum of one row: lanes first, then a fixed tree.
template <class T> FUSEGRAD_INLINE constexpr T sum_of_row(const T* data, std::size_t columns) {
  if (__builtin_is_constant_evaluated()) {
    T total{};
    for (std::size_t i = 0; i < columns; ++i) total += data[i];
    return total;
  }
  using vector = math::vector<T>;
  vector total(T{0});
  for (std::size_t i = 0; i < columns; i += static_cast<std::size_t>(vector::lanes))
    total += vector::load_aligned(data + i);
  return sum(total);
}
} // namespace detail

/// The sum of each row, into a result of width 1.
template <class T> constexpr void row_sum(const call<T>& c) noexcept {
  const place<T> from = c.arguments[0];
  for (std::size_t row = 0; row < c.rows; ++row)
    store_single(c.results[0], row, detail::sum_of_row<T>(from.data + row * from.stride, c.columns));
}

/// The sum over samples and positions of each column, and an expression applied to it before it reaches memory: as for
/// a weight gradient. `IsSingle`: there is one row in all. `MayKeep`: calls may ask to keep it instead, see `keep_sum`.
template <class T, auto Table, auto Accesses, bool IsSingle = false, bool MayKeep = false> struct column_sum {
  using fused = fused_expression<T, Table, Accesses>;
  using vector = math::vector<T>;

  FUSEGRAD_INLINE static constexpr void run(const call<T>& c) noexcept {
    if (__builtin_is_constant_evaluated()) return run_plainly(c);
    constexpr auto lanes = static_cast<std::size_t>(vector::lanes);
    if constexpr (IsSingle) return single(c);
    std::size_t column = 0;
    // Four vectors at a time: the additions of one would wait for each other.
    for (; column + 3 * lanes < c.columns; column += 4 * lanes) vectors<4>(c, column);
    for (; column < c.columns; column += lanes) vectors<1>(c, column);
  }

  /// The plain loops that the kernel is compared with, and what constant expressions use.
  static constexpr void run_plainly(const call<T>& c) noexcept {
    for (std::size_t column = 0; column < c.columns; ++column) {
      T total{};
      for (std::size_t sample = 0; sample < c.samples; ++sample)
        for (std::size_t y = 0; y < c.image_rows; ++y) {
          const place<T> from = at_image_row(c.left_image, sample, y);
          for (std::size_t row = 0; row < c.rows; ++row) total += from.data[row * from.stride + column];
        }
      if (c.accumulate) total += c.gradient[column];
      if (MayKeep && c.keeps_sum)
        c.gradient[column] = total;
      else
        fused::number_at(c, 0, column, total);
    }
  }

private:
  /// A vector of sums, whole.
  FUSEGRAD_INLINE static void use_sum(const call<T>& c, const typename fused::places& at, std::size_t column,
                                      vector total) {
    if (c.accumulate) total += vector::load_aligned(c.gradient + column);
    if (MayKeep && c.keeps_sum)
      total.store_aligned(c.gradient + column);
    else
      fused::row_at(at, 0, column, vector::lanes, total);
  }

  /// Added to zero as other rows are: of a sum -0 is 0.
  FUSEGRAD_INLINE static void single(const call<T>& c) {
    const typename fused::places at(c);
    for (std::size_t column = 0; column < c.columns; column += static_cast<std::size_t>(vector::lanes)) {
      use_sum(c, at, column, vector(T{0}) + vector::load_aligned(c.left_image.data + column));
    }
  }

  template <int Vectors> FUSEGRAD_INLINE static void vectors(const call<T>& c, std::size_t column) {
    const typename fused::places at(c);
    constexpr auto lanes = static_cast<std::size_t>(vector::lanes);
    line<vector, Vectors> total;
    count_to<Vectors>([&](int v) FUSEGRAD_INLINE { total[v] = vector(T{0}); });
    for (std::size_t sample = 0; sample < c.samples; ++sample)
      for (std::size_t y = 0; y < c.image_rows; ++y) {
        const place<T> from = at_image_row(c.left_image, sample, y);
        for (std::size_t row = 0; row < c.rows; ++row)
          count_to<Vectors>([&](int v) FUSEGRAD_INLINE {
            total[v] +=
                vector::load_aligned(from.data + row * from.stride + column + static_cast<std::size_t>(v) * lanes);
          });
      }
    for (int v = 0; v < Vectors; ++v) use_sum(c, at, column + static_cast<std::size_t>(v) * lanes, total[v]);
  }
};

/// The sum over samples and columns, into a gradient of one number.
template <class T> constexpr void total_sum(const call<T>& c) noexcept {
  const place<T> from = c.arguments[0];
  T total{};
  for (std::size_t row = 0; row < c.rows; ++row)
    total += detail::sum_of_row<T>(from.data + row * from.stride, c.columns);
  c.gradient[0] = c.accumulate ? total + c.gradient[0] : total;
}

/// The sum over samples and columns, times `weight`, added to the loss, which is kept in double precision.
template <class T> constexpr void loss_term(const call<T>& c) noexcept {
  const place<T> from = c.arguments[0];
  double total = 0;
  if (c.rows == 1 && c.columns == 1) {
    // One number, as of a single sample: no lanes to add.
    total = static_cast<double>(from.data[0]);
  } else if (__builtin_is_constant_evaluated()) {
    for (std::size_t row = 0; row < c.rows; ++row)
      total += static_cast<double>(detail::sum_of_row<T>(from.data + row * from.stride, c.columns));
  } else {
    // The lanes of eight rows are added before they become one number: that addition takes longer than all others.
    using vector = math::vector<T>;
    for (std::size_t row = 0; row < c.rows; row += 8) {
      vector lanes(T{0});
      for (std::size_t r = row; r < row + 8 && r < c.rows; ++r)
        for (std::size_t i = 0; i < c.columns; i += static_cast<std::size_t>(vector::lanes))
          lanes += vector::load_aligned(from.data + r * from.stride + i);
      total += static_cast<double>(sum(lanes));
    }
  }
  *c.loss += total * static_cast<double>(c.weight);
}

} // namespace fusegrad::kernel::inline FUSEGRAD_ABI
