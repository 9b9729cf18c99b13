// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/even_cut.hpp>
#include <fusegrad/kernel/panels.hpp>
#include <fusegrad/kernel/window_pattern.hpp>
#include <fusegrad/kernel/window_sums.hpp>

namespace fusegrad::kernel::inline FUSEGRAD_ABI {

/// One register tile of rows of a weight.
struct tap_tile {
  std::size_t row;       ///< of the weight, the first
  std::size_t items;     ///< how many of `tap_tiles::item_rows` rows it has
  std::ptrdiff_t offset; ///< from a window's first number to that of the first row
};

/// How the rows [taps * channels] of a convolution's weight are cut into register tiles whose left numbers lie at
/// constant distances from the first: whole rows of taps or whole taps where these are small, else numbers side by
/// side.
struct tap_tiles {
  std::size_t items = 0, item_rows = 0; ///< what is cut, and how many rows of the weight each item is
  std::ptrdiff_t item_step = 0;
  std::size_t groups = 0, columns = 1; ///< how often that stands, in rows of so many
  std::ptrdiff_t group_row_step = 0, group_column_step = 0;
  even_cut cut;
  std::size_t inner = 0, middle = 1; ///< numbers side by side in an item, 0: all of a tile; and how many such
  std::ptrdiff_t middle_step = 0;

  [[nodiscard]] constexpr std::size_t count() const noexcept { return groups * cut.parts(); }
  [[nodiscard]] constexpr tap_tile at(std::size_t unit) const noexcept {
    const std::size_t group = unit / cut.parts(), part = unit % cut.parts(), item = cut.begin(part);
    return {(group * items + item) * item_rows, cut.begin(part + 1) - item,
            static_cast<std::ptrdiff_t>(group / columns) * group_row_step +
                static_cast<std::ptrdiff_t>(group % columns) * group_column_step +
                static_cast<std::ptrdiff_t>(item) * item_step};
  }
  [[nodiscard]] constexpr tile_offsets offsets(std::size_t items_of_tile) const noexcept {
    if (inner == 0) return {items_of_tile, 1, 0, 0};
    return {inner, middle, middle_step, item_step};
  }
};

/// Tiles of at most so many rows.
constexpr tap_tiles cut_taps(const window_pattern& p, std::size_t most) noexcept {
  const std::size_t row = std::size_t{p.tap_columns} * p.channels;
  const bool is_side_by_side = p.tap_columns == 1 || p.tap_column_step == static_cast<std::int64_t>(p.channels);
  if (row <= (is_side_by_side ? most / 2 : most))
    return {p.tap_rows,
            row,
            p.tap_row_step,
            1,
            1,
            0,
            0,
            cut_evenly(p.tap_rows, most / row),
            is_side_by_side ? row : p.channels,
            is_side_by_side ? 1 : p.tap_columns,
            p.tap_column_step};
  if (!is_side_by_side && p.channels <= most / 2)
    return {p.tap_columns,
            p.channels,
            p.tap_column_step,
            p.tap_rows,
            1,
            p.tap_row_step,
            0,
            cut_evenly(p.tap_columns, most / p.channels),
            p.channels,
            1,
            0};
  const std::size_t length = is_side_by_side ? row : p.channels, columns = is_side_by_side ? 1 : p.tap_columns;
  return {length, 1, 1, p.tap_rows * columns, columns, p.tap_row_step, p.tap_column_step, cut_evenly(length, most),
          0,      1, 0};
}

/// The tiles for panels of so many vectors.
constexpr tap_tiles tap_tiles_of(const window_pattern& p, int vectors) noexcept {
  return cut_taps(p, static_cast<std::size_t>(most_offset_rows(vectors)));
}

/// How many tiles a weight of so many columns has.
template <class T> constexpr std::size_t tap_units(const window_pattern& p, std::size_t columns) noexcept {
  constexpr auto lanes = static_cast<std::size_t>(math::native_lanes<T>);
  const column_tiles tiles = tiles_for<T>(columns);
  return padded<T>(columns) / (static_cast<std::size_t>(tiles.wide) * lanes) * tap_tiles_of(p, tiles.wide).count() +
         (tiles.rest == 0 ? 0 : tap_tiles_of(p, tiles.rest).count());
}

} // namespace fusegrad::kernel::inline FUSEGRAD_ABI
