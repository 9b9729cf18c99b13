// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/base/config.hpp>

namespace fusegrad::kernel::inline FUSEGRAD_ABI {

/// The left side of a product as addresses: which numbers of an image belong to each position that is made, and which
/// rows of the right side they meet. All of it is constant, so that a kernel's left operands are one register and
/// immediate distances. Distances are in numbers.
///
/// For the position (y, x), counted from 0 to `rows` and `columns`, and the tap (i, j) of `tap_rows` and `tap_columns`,
/// `channels` numbers of the left side begin at
///   first + y * row_step + x * column_step + i * tap_row_step + j * tap_column_step
/// from the place of the left image, and meet as many rows of the right side, which begin at row
///   channels * (first_tap + i * tap_row_distance + j * tap_column_distance).
/// What is made is the position (made_row + y * made_row_step, made_column + x * made_column_step) of the result.
///
/// A convolution is one pattern; the gradient of its input is one for each phase of its stride, with the transposed
/// weight on the right and steps against the direction of the taps. Windows may reach over the image's edge: there lies
/// a border of zeros.
struct window_pattern {
  std::uint32_t rows = 0, columns = 0;
  std::int32_t first = 0;
  std::uint32_t row_step = 0, column_step = 0;
  std::uint32_t tap_rows = 1, tap_columns = 1, channels = 1; ///< no taps: the sum is zero
  std::int32_t tap_row_step = 0, tap_column_step = 0;
  std::uint32_t first_tap = 0;
  std::uint32_t tap_row_distance = 1, tap_column_distance = 1;
  std::uint32_t made_row = 0, made_column = 0, made_row_step = 1, made_column_step = 1;

  friend constexpr bool operator==(const window_pattern&, const window_pattern&) = default;
};

/// How many neighbouring positions of a product become one: their largest, with its place. 1 x 1: none do.
struct pooling {
  std::uint32_t rows = 1, columns = 1;
  [[nodiscard]] constexpr bool is_none() const noexcept { return rows == 1 && columns == 1; }
  friend constexpr bool operator==(const pooling&, const pooling&) = default;
};

} // namespace fusegrad::kernel::inline FUSEGRAD_ABI
