// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/tile.hpp>
#include <fusegrad/kernel/unroll.hpp>
#include <fusegrad/math/number.hpp>
#include <fusegrad/math/vector.hpp>

namespace fusegrad::kernel::inline FUSEGRAD_ABI {

/// A weight whose numbers are read one by one: from one number of the sum to the next, and from column to column.
template <class T> struct single_weights {
  const T* data;
  std::size_t depth_step, column_step;
  FUSEGRAD_INLINE constexpr const T& at(std::size_t k, std::size_t column) const noexcept {
    return data[k * depth_step + column * column_step];
  }
};

namespace detail {

/// Some columns of the product for some vectors of samples; `to` and `weight` are at the first of them. Each number is
/// summed in order.
template <int Columns, int Vectors, std::size_t Stride, class T>
FUSEGRAD_INLINE inline void columns_tile(const T* left, const single_weights<T>& weight, std::size_t depth, T* to) {
  using vector = math::vector<T>;
  constexpr auto lanes = static_cast<std::size_t>(vector::lanes);
  tile<vector, Columns, Vectors> sum{};
  const T* factors = weight.data;
  for (std::size_t k = 0; k < depth; ++k, left += Stride, factors += weight.depth_step) {
    // Fenced: else GCC loads it again for each column, and loads become the limit.
    line<vector, Vectors> x;
    count_to<Vectors>([&](int v) FUSEGRAD_INLINE {
      x[v] = rounded(vector::load_aligned(left + static_cast<std::size_t>(v) * lanes));
    });
    count_to<Columns>([&](int j) FUSEGRAD_INLINE {
      const vector factor(factors[static_cast<std::size_t>(j) * weight.column_step]);
      count_to<Vectors>([&](int v) FUSEGRAD_INLINE { sum[j][v] = multiply_add(factor, x[v], sum[j][v]); });
    });
  }
  count_to<Columns>([&](int j) FUSEGRAD_INLINE {
    count_to<Vectors>([&](int v) FUSEGRAD_INLINE {
      sum[j][v].store_aligned(to + static_cast<std::size_t>(j) * Stride + static_cast<std::size_t>(v) * lanes);
    });
  });
}

/// All columns for some vectors of samples.
template <int Vectors, std::size_t Stride, class T>
FUSEGRAD_INLINE inline void columns_strip(const T* left, single_weights<T> weight, std::size_t depth,
                                          std::size_t columns, T* to) {
  for (; columns >= 4; columns -= 4, to += 4 * Stride, weight.data += 4 * weight.column_step)
    columns_tile<4, Vectors, Stride>(left, weight, depth, to);
  for (; columns != 0; --columns, to += Stride, weight.data += weight.column_step)
    columns_tile<1, Vectors, Stride>(left, weight, depth, to);
}

} // namespace detail

/// The product of values that lie by columns, `Stride` numbers from one column to the next, with a weight: vectors are
/// of samples, so that no width is too small for them, and the numbers of the weight are broadcast. Whole vectors are
/// written, up to one behind the last sample. One function for all layers: the sums go through memory to what is made
/// of them.
template <std::size_t Stride, class T>
[[gnu::noinline]] constexpr void multiply_columns(const T* left, const single_weights<T>& weight, std::size_t rows,
                                                  std::size_t depth, std::size_t columns, T* to) noexcept {
  if (__builtin_is_constant_evaluated()) {
    for (std::size_t column = 0; column < columns; ++column)
      for (std::size_t row = 0; row < rows; ++row) {
        T sum{};
        for (std::size_t k = 0; k < depth; ++k)
          sum = math::multiply_add(weight.at(k, column), left[k * Stride + row], sum);
        to[column * Stride + row] = sum;
      }
    return;
  }
  constexpr auto lanes = static_cast<std::size_t>(math::native_lanes<T>);
  std::size_t row = 0;
  for (; row + lanes < rows; row += 2 * lanes)
    detail::columns_strip<2, Stride>(left + row, weight, depth, columns, to + row);
  if (row < rows) detail::columns_strip<1, Stride>(left + row, weight, depth, columns, to + row);
}

} // namespace fusegrad::kernel::inline FUSEGRAD_ABI
