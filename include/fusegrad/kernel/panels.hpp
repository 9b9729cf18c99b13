// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/call.hpp>
#include <fusegrad/math/isa.hpp>
#include <fusegrad/math/vector.hpp>

namespace fusegrad::kernel::inline FUSEGRAD_ABI {

/// How many vectors of columns a register tile has at most.
inline constexpr std::size_t most_tile_vectors = math::register_count >= 32 ? 4 : 2;
/// How many it has: the widest that fits, in blocks of equal width where possible.
constexpr int tile_vectors(std::size_t vectors) noexcept {
  const std::size_t blocks = (vectors + most_tile_vectors - 1) / most_tile_vectors;
  return static_cast<int>((vectors + blocks - 1) / blocks);
}

/// How the columns of a matrix are cut into register tiles: `wide` vectors each, and `rest` (fewer) at the end. Kernels
/// are made for a cut, not for a width, so layers of different widths share them.
struct column_tiles {
  int wide = 1;
  int rest = 0;
  friend constexpr bool operator==(const column_tiles&, const column_tiles&) = default;
};
constexpr column_tiles tiles_of(std::size_t vectors) noexcept {
  const int wide = tile_vectors(vectors);
  return {wide, static_cast<int>(vectors % static_cast<std::size_t>(wide))};
}
/// The cut of a matrix with so many columns.
template <class T> constexpr column_tiles tiles_for(std::size_t columns) noexcept {
  return tiles_of(padded<T>(columns) / static_cast<std::size_t>(math::native_lanes<T>));
}

/// How many panels a matrix with so many columns has.
template <class T> constexpr std::size_t panels_of(std::size_t columns) noexcept {
  const std::size_t width =
      static_cast<std::size_t>(tiles_for<T>(columns).wide) * static_cast<std::size_t>(math::native_lanes<T>);
  return (padded<T>(columns) + width - 1) / width;
}

/// Where a number of a matrix lies that kernels read or write panel by panel: all rows of the columns of one register
/// tile, then the next tile's. A kernel so runs through consecutive memory, and the distance from row to row is a
/// constant to it.
template <class T>
constexpr std::size_t panel_index(std::size_t rows, std::size_t columns, std::size_t row, std::size_t column) noexcept {
  const std::size_t width =
      static_cast<std::size_t>(tiles_for<T>(columns).wide) * static_cast<std::size_t>(math::native_lanes<T>);
  const std::size_t begin = column / width * width, left = padded<T>(columns) - begin;
  return begin * rows + row * (left < width ? left : width) + (column - begin);
}

} // namespace fusegrad::kernel::inline FUSEGRAD_ABI
