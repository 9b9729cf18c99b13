// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <type_traits>

namespace fusegrad::kernel {

/// Calls `block(height, first row)` for blocks of High (6 or 8) and of 4 rows that cover `rows` and stick out at the end as little as
/// can be: not at all where there are at least 4 rows and their number is even (High 6) or a multiple of 4 (High 8).
template <int High, class Block> [[gnu::always_inline]] constexpr void each_row_block(std::size_t rows, Block&& block) {
  static_assert(High == 4 || High == 6 || High == 8);
  constexpr std::size_t high = High;
  const std::size_t rest = rows % high;
  std::size_t fours = 0;
  if constexpr (High == 8) fours = rest != 0 && rest <= 4 ? 1 : 0;
  if constexpr (High == 6) fours = rest == 0 || rest == 5 ? 0 : rest <= 2 && rows > high ? 2 : 1;
  std::size_t row = 0;
  for (; row + 4 * fours < rows; row += high) block(std::integral_constant<int, High>{}, row);
  for (; row < rows; row += 4) block(std::integral_constant<int, 4>{}, row);
}

/// The same with blocks of one row at the end, so that nothing ever sticks out.
template <int High, class Block> [[gnu::always_inline]] constexpr void each_exact_row_block(std::size_t rows, Block&& block) {
  constexpr std::size_t high = High;
  const std::size_t rest = rows % high;
  std::size_t fours = rest >= 4 ? 1 : 0;
  if constexpr (High == 6)
    if ((rest == 2 || rest == 3) && rows > high) fours = 2;
  const std::size_t ones = (rest + (fours == 2 ? high : 0)) - 4 * fours;
  std::size_t row = 0;
  for (; row + 4 * fours + ones < rows; row += high) block(std::integral_constant<int, High>{}, row);
  for (; row + ones < rows; row += 4) block(std::integral_constant<int, 4>{}, row);
  for (; row < rows; ++row) block(std::integral_constant<int, 1>{}, row);
}

} // namespace fusegrad::kernel
