// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cstddef>
#include <fusegrad/kernel/microkernel.hpp>
#include <fusegrad/kernel/narrow_product.hpp>
#include <fusegrad/kernel/tile.hpp>
#include <fusegrad/kernel/transpose.hpp>
#include <fusegrad/kernel/unroll.hpp>
#include <fusegrad/math/number.hpp>
#include <fusegrad/math/vector.hpp>

// Sums over samples of values that lie by columns, each in one fixed order: samples that are a vector apart are added
// in order, then the lanes in a fixed tree.
namespace fusegrad::kernel::inline FUSEGRAD_ABI {

/// How many columns of a weight with so many are summed side by side.
template <class T> constexpr int columns_at_once(std::size_t columns) noexcept {
  constexpr auto lanes = static_cast<std::size_t>(math::native_lanes<T>);
  return static_cast<int>(columns >= lanes ? lanes : std::bit_ceil(columns));
}

namespace detail {

/// Calls `add(sample, mask)` for each vector of samples, with what cuts off those behind the last.
template <class T, class Add> FUSEGRAD_INLINE inline void each_vector_of_samples(std::size_t rows, Add&& add) {
  using vector = math::vector<T>;
  constexpr auto lanes = static_cast<std::size_t>(vector::lanes);
  std::size_t row = 0;
  for (; row + lanes <= rows; row += lanes) add(row, [](vector x) FUSEGRAD_INLINE { return x; });
  const int filled = static_cast<int>(rows - row);
  if (filled == 0) return;
  const auto mask = vector::first_lanes_mask(filled);
  add(row, [&](vector x) FUSEGRAD_INLINE { return select(mask, x, vector(T{0})); });
}

/// Adds the first `count` lanes of `sums` to what stands in a padded row, or overwrites it.
template <class T>
FUSEGRAD_INLINE inline void keep_sums(math::vector<T> sums, std::size_t count, T* to, bool accumulate) {
  using vector = math::vector<T>;
  if (accumulate) sums += vector::load_aligned(to);
  if (count < static_cast<std::size_t>(vector::lanes))
    sums = select(vector::first_lanes_mask(static_cast<int>(count)), sums, vector(T{0}));
  sums.store_aligned(to);
}

/// The same of several short rows one after the other, `Columns` lanes for each.
template <int Columns, class T>
FUSEGRAD_INLINE inline void keep_rows_of_sums(math::vector<T> sums, std::size_t rows, std::size_t columns, T* to,
                                              std::size_t width, bool accumulate) {
  alignas(math::vector<T>) T numbers[static_cast<std::size_t>(math::native_lanes<T>)];
  sums.store_aligned(numbers);
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t column = 0; column < columns; ++column) {
      T& number = to[row * width + column];
      const T sum = numbers[row * static_cast<std::size_t>(Columns) + column];
      number = accumulate ? number + sum : sum;
    }
}

} // namespace detail

/// x^T dy for rows `begin` to `end` of a weight whose rows lie `width` numbers apart. `Columns` columns and as many
/// rows as make a vector of sums are summed at a time; columns behind the last are read as far as a padded row goes.
template <int Columns, std::size_t Stride, class T>
[[gnu::noinline]] constexpr void columns_gradient(const T* left, const T* right, std::size_t rows, std::size_t begin,
                                                  std::size_t end, std::size_t columns, std::size_t width, T* to,
                                                  bool accumulate) noexcept {
  if (__builtin_is_constant_evaluated()) {
    for (std::size_t i = begin; i < end; ++i)
      for (std::size_t o = 0; o < columns; ++o) {
        T sum = accumulate ? to[i * width + o] : T{};
        for (std::size_t row = 0; row < rows; ++row)
          sum = math::multiply_add(left[i * Stride + row], right[o * Stride + row], sum);
        to[i * width + o] = sum;
      }
    return;
  }
  using vector = math::vector<T>;
  constexpr int lanes = math::native_lanes<T>, at_once = lanes / Columns;
  for (std::size_t i = begin; i < end; i += static_cast<std::size_t>(at_once))
    for (std::size_t o = 0; o < columns; o += static_cast<std::size_t>(Columns)) {
      line<vector, lanes> part;
      count_to<lanes>([&](int p) FUSEGRAD_INLINE { part[p] = vector(T{0}); });
      detail::each_vector_of_samples<T>(rows, [&](std::size_t row, auto&& masked) FUSEGRAD_INLINE {
        line<vector, at_once> x;
        count_to<at_once>([&](int r) FUSEGRAD_INLINE {
          x[r] = masked(vector::load_aligned(left + (i + static_cast<std::size_t>(r)) * Stride + row));
        });
        count_to<Columns>([&](int c) FUSEGRAD_INLINE {
          const vector dy = masked(vector::load_aligned(right + (o + static_cast<std::size_t>(c)) * Stride + row));
          count_to<at_once>(
              [&](int r) FUSEGRAD_INLINE { part[r * Columns + c] = multiply_add(x[r], dy, part[r * Columns + c]); });
        });
      });
      const vector sums = detail::sums_of<lanes>(static_cast<const vector*>(part));
      if constexpr (at_once == 1)
        detail::keep_sums(sums, columns - o, to + i * width + o, accumulate);
      else
        detail::keep_rows_of_sums<Columns>(sums, end - i < at_once ? end - i : at_once, columns, to + i * width, width,
                                           accumulate);
    }
}

/// Up to how many samples the gradient of a weight with so many rows is made by `columns_gradient_of_few`; of short
/// rows never.
template <class T> constexpr std::size_t few_samples(std::size_t depth, std::size_t columns) noexcept {
  constexpr auto lanes = static_cast<std::size_t>(math::native_lanes<T>);
  if (lanes < 8 || columns_at_once<T>(columns) != math::native_lanes<T>) return 0;
  const std::size_t vectors = depth * 9 / 20; // a sum of lanes takes 45 instructions, to turn a square around 100
  return lanes * (vectors < 4 ? vectors : 4);
}

/// The same gradient of few samples, in their order: the right factor is turned around, so that no lanes are summed.
template <std::size_t Stride, class T>
[[gnu::noinline]] void columns_gradient_of_few(const T* left, const T* right, std::size_t rows, std::size_t begin,
                                               std::size_t end, std::size_t columns, std::size_t width, T* to,
                                               bool accumulate) noexcept {
  using vector = math::vector<T>;
  constexpr int lanes = math::native_lanes<T>, high = 8;
  constexpr auto lane_count = static_cast<std::size_t>(lanes);
  alignas(vector) T turned[4 * lane_count * lane_count];
  for (std::size_t o = 0; o < columns; o += lane_count) {
    for (std::size_t row = 0; row < rows; row += lane_count) {
      vector square[lane_count];
      count_to<lanes>([&](int c) FUSEGRAD_INLINE {
        square[c] = vector::load_aligned(right + (o + static_cast<std::size_t>(c)) * Stride + row);
      });
      detail::transpose_square<T>(square);
      count_to<lanes>([&](int r) FUSEGRAD_INLINE {
        square[r].store_aligned(turned + (row + static_cast<std::size_t>(r)) * lane_count);
      });
    }
    for (std::size_t i = begin; i < end; i += high) {
      tile<vector, high, 1> sum{};
      multiply_tile<T, high, 1>(sum, rows_apart<T>{left + i * Stride, Stride}, static_cast<const T*>(turned),
                                lane_count, rows);
      count_to<high>([&](int r) FUSEGRAD_INLINE {
        const std::size_t at = i + static_cast<std::size_t>(r);
        if (at < end) detail::keep_sums(sum[r][0], columns - o, to + at * width + o, accumulate);
      });
    }
  }
}

/// The sum over samples of each column.
template <int Columns, std::size_t Stride, class T>
[[gnu::noinline]] constexpr void sums_of_columns(const T* from, std::size_t rows, std::size_t columns, T* to,
                                                 bool accumulate) noexcept {
  if (__builtin_is_constant_evaluated()) {
    for (std::size_t column = 0; column < columns; ++column) {
      T sum = accumulate ? to[column] : T{};
      for (std::size_t row = 0; row < rows; ++row) sum += from[column * Stride + row];
      to[column] = sum;
    }
    return;
  }
  using vector = math::vector<T>;
  for (std::size_t o = 0; o < columns; o += static_cast<std::size_t>(Columns)) {
    line<vector, Columns> part;
    count_to<Columns>([&](int c) FUSEGRAD_INLINE { part[c] = vector(T{0}); });
    detail::each_vector_of_samples<T>(rows, [&](std::size_t row, auto&& masked) FUSEGRAD_INLINE {
      count_to<Columns>([&](int c) FUSEGRAD_INLINE {
        part[c] += masked(vector::load_aligned(from + (o + static_cast<std::size_t>(c)) * Stride + row));
      });
    });
    detail::keep_sums(detail::sums_of<Columns>(static_cast<const vector*>(part)), columns - o, to + o, accumulate);
  }
}

/// The sum over samples and columns, in double precision from eight vectors on.
template <std::size_t Stride, class T>
[[gnu::noinline]] constexpr double sum_of_all_columns(const T* from, std::size_t rows, std::size_t columns) noexcept {
  double total = 0;
  if (__builtin_is_constant_evaluated()) {
    for (std::size_t column = 0; column < columns; ++column)
      for (std::size_t row = 0; row < rows; ++row) total += static_cast<double>(from[column * Stride + row]);
    return total;
  }
  using vector = math::vector<T>;
  constexpr std::size_t together = 8 * static_cast<std::size_t>(vector::lanes);
  for (std::size_t column = 0; column < columns; ++column)
    for (std::size_t first = 0; first < rows; first += together) {
      vector part(T{0});
      detail::each_vector_of_samples<T>(rows - first < together ? rows - first : together,
                                        [&](std::size_t row, auto&& masked) FUSEGRAD_INLINE {
                                          part += masked(vector::load_aligned(from + column * Stride + first + row));
                                        });
      total += static_cast<double>(sum(part));
    }
  return total;
}

} // namespace fusegrad::kernel::inline FUSEGRAD_ABI
