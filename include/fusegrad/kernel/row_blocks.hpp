// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/config.hpp>

namespace fusegrad::kernel::inline FUSEGRAD_ABI {

/// How many register tiles of each height cover some rows, one kind after the other.
struct row_blocks {
  std::size_t high = 0;
  std::size_t fours = 0;
  std::size_t ones = 0;
  friend constexpr bool operator==(const row_blocks&, const row_blocks&) = default;
};

/// Tiles of `high` (4, 6 or 8) and of 4 rows that stick out at the end as little as can be: not at all where there are
/// at least 4 rows and their number is even (6) or a multiple of 4 (4 and 8).
constexpr row_blocks blocks_of_rows(std::size_t rows, std::size_t high) noexcept {
  const std::size_t rest = rows % high;
  std::size_t fours = rest != 0 && rest <= 4 ? 1 : 0;
  if (high == 6 && (rest == 1 || rest == 2) && rows > high) fours = 2;
  const std::size_t left = rows > 4 * fours ? rows - 4 * fours : 0;
  return {(left + high - 1) / high, fours, 0};
}

/// The same with single rows at the end, so that nothing ever sticks out.
constexpr row_blocks exact_blocks_of_rows(std::size_t rows, std::size_t high) noexcept {
  const std::size_t rest = rows % high;
  std::size_t fours = rest >= 4 ? 1 : 0;
  if (high == 4) fours = 0;
  if (high == 6 && (rest == 2 || rest == 3) && rows > high) fours = 2;
  const std::size_t blocks = (rows - 4 * fours) / high;
  return {blocks, fours, rows - 4 * fours - high * blocks};
}

} // namespace fusegrad::kernel::inline FUSEGRAD_ABI
