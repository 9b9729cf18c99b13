// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/fused_expression.hpp>
#include <fusegrad/kernel/microkernel.hpp>
#include <fusegrad/kernel/panels.hpp>
#include <fusegrad/kernel/tile.hpp>
#include <fusegrad/kernel/unroll.hpp>
#include <fusegrad/math/number.hpp>
#include <utility>

namespace fusegrad::kernel::inline FUSEGRAD_ABI {

/// Products of several rows of each sample with the same matrix, and one expression of all of them: a layer of values
/// and of their derivatives, forward or backward. The left factor of the first product is that of the call, those of
/// the others lie where the arguments with access `factor` do. None of the products reaches memory, nor does what one
/// of them has from another.
template <class T, column_tiles Tiles, auto Table, auto Accesses> struct joined_product {
  using fused = fused_expression<T, Table, Accesses>;
  using vector = math::vector<T>;
  static constexpr std::size_t lanes = static_cast<std::size_t>(math::native_lanes<T>);
  static constexpr int factors = 1 + fused::factors_before(Accesses.count);

  FUSEGRAD_INLINE static constexpr void run(const call<T>& c) noexcept {
    if (__builtin_is_constant_evaluated()) return run_plainly(c);
    constexpr std::size_t width = static_cast<std::size_t>(Tiles.wide) * lanes;
    const std::size_t whole = padded<T>(c.columns) / width, last = c.last_unit == 0 ? whole + 1 : c.last_unit;
    std::size_t unit = c.first_unit;
    for (; unit < whole && unit < last; ++unit) panel<Tiles.wide>(c, unit * width);
    if constexpr (Tiles.rest != 0)
      if (unit == whole && unit < last) panel<Tiles.rest>(c, unit * width);
  }

  /// The plain loops that the kernel is compared with, and what constant expressions use.
  static constexpr void run_plainly(const call<T>& c) noexcept {
    for (std::size_t row = 0; row < c.rows; ++row)
      for (std::size_t column = 0; column < c.columns; ++column) {
        T products[static_cast<std::size_t>(factors)]{};
        for (int f = 0; f < factors; ++f) {
          const rows_at_distance<T> left = left_of(c, f);
          T& sum = products[f];
          for (std::size_t k = 0; k < c.depth; ++k)
            sum = math::multiply_add(left.data[row * left.stride + k],
                                     c.right[panel_index<T>(c.depth, c.columns, k, column)], sum);
        }
        fused::joined_number_at(c, row, column, products);
      }
  }

private:
  /// How many samples are multiplied at a time: threads share rows in fours.
  static constexpr int samples_at_once(int wide) {
    const int fitting = (math::register_count - 1 - wide) / (wide * factors);
    return fitting >= 4 ? 4 : fitting >= 2 ? 2 : 1;
  }

  static constexpr rows_at_distance<T> left_of(const call<T>& c, int factor) {
    rows_at_distance<T> left;
    left.data = const_cast<T*>(c.left);
    left.stride = c.left_stride;
    int found = 0;
    for (std::size_t i = 0; i < Accesses.count; ++i)
      if (Accesses[i] == access::factor && ++found == factor) left = c.arguments[i];
    return left;
  }

  template <int Wide> FUSEGRAD_INLINE static void panel(const call<T>& c, std::size_t column) {
    constexpr int high = samples_at_once(Wide);
    const std::size_t whole = c.rows / high * high;
    if (whole != 0) tiles<high, Wide>(c, column, 0, whole);
    if constexpr (high > 1)
      if (whole != c.rows) tiles<1, Wide>(c, column, whole, c.rows);
  }

  template <int High, int Wide>
  [[gnu::noinline]] static void tiles(const call<T>& c, std::size_t column, std::size_t first, std::size_t last) {
    constexpr int all = factors * High;
    const typename fused::places at(c);
    const std::size_t left_over = c.columns - (column + static_cast<std::size_t>(Wide - 1) * lanes);
    const int filled = left_over < lanes ? static_cast<int>(left_over) : math::native_lanes<T>;
    const T* const right = c.right + column * c.depth;
    rows_at_distance<T> left[static_cast<std::size_t>(factors)];
    count_to<factors>([&](int f) FUSEGRAD_INLINE { left[f] = left_of(c, f); });
    for (std::size_t row = first; row < last; row += High) {
      const T* rows[static_cast<std::size_t>(all)];
      count_to<all>([&](int i) FUSEGRAD_INLINE {
        rows[i] = left[i / High].data + (row + static_cast<std::size_t>(i % High)) * left[i / High].stride;
      });
      tile<vector, all, Wide> sum{};
      multiply<static_cast<std::size_t>(Wide)>(sum, rows, right, c.depth,
                                               std::make_index_sequence<static_cast<std::size_t>(all * Wide)>{},
                                               std::make_index_sequence<static_cast<std::size_t>(Wide)>{});
      // Copies, as in `product`: what finishes them stands once and is called.
      tile<vector, all, Wide> made;
      count_to<all * Wide>([&](int i) FUSEGRAD_INLINE { made[i / Wide][i % Wide] = sum[i / Wide][i % Wide]; });
      finish<Wide>(at, row, High, column, filled, &made[0][0]);
    }
  }

  template <std::size_t Wide, std::size_t Rows, std::size_t... I, std::size_t... V>
  FUSEGRAD_INLINE static void multiply(vector (&sum)[Rows][Wide], const T* const (&rows)[Rows], const T* right,
                                       std::size_t depth, std::index_sequence<I...>, std::index_sequence<V...>) {
    for (std::size_t k = 0; k < depth; ++k, right += Wide * lanes) {
      const line<vector, Wide> numbers = {rounded(vector::load_aligned(right + V * lanes))...};
      vector factor;
      ((I % Wide == 0 ? void(factor = vector(rows[I / Wide][k])) : void(),
        sum[I / Wide][I % Wide] = multiply_add(factor, numbers[I % Wide], sum[I / Wide][I % Wide])),
       ...);
    }
  }

  template <int Wide>
  [[gnu::noinline]] static void finish(const typename fused::places& at, std::size_t row, int count, std::size_t column,
                                       int filled, const vector* sums) {
    for (int v = 0; v < Wide; ++v) {
      const std::size_t here = column + static_cast<std::size_t>(v) * lanes;
      const int used = v == Wide - 1 ? filled : math::native_lanes<T>;
      const auto same = fused::shared_at(at, here, used);
      for (int r = 0; r < count; ++r) {
        line<vector, factors> products;
        count_to<factors>([&](int f) FUSEGRAD_INLINE { products[f] = sums[(f * count + r) * Wide + v]; });
        fused::row_at(at, same, row + static_cast<std::size_t>(r), here, used, products);
      }
    }
  }
};

} // namespace fusegrad::kernel::inline FUSEGRAD_ABI
