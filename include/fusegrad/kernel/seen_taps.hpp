// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/kernel/call.hpp>
#include <fusegrad/tensor/window.hpp>

namespace fusegrad::kernel::inline FUSEGRAD_ABI {

/// Where a tap of a window stands on a line of the image; outside of it where it would stand over the edge.
constexpr std::size_t tap_position(const tensor::window_side& side, std::size_t position, std::size_t tap) noexcept {
  return static_cast<std::size_t>(static_cast<std::int64_t>(position) * side.stride +
                                  static_cast<std::int64_t>(tap) * side.dilation - side.before);
}

/// Calls `use(tap, y, x)` for each tap of a window, row by row, that stands on the image.
template <class Use>
constexpr void each_seen_tap(const tensor::image_window& w, std::size_t made_row, std::size_t made_column,
                             Use use) noexcept {
  for (std::size_t i = 0; i < w.seen.rows.size; ++i) {
    const std::size_t y = tap_position(w.seen.rows, made_row, i);
    if (y >= w.image_rows) continue;
    for (std::size_t j = 0; j < w.seen.columns.size; ++j) {
      const std::size_t x = tap_position(w.seen.columns, made_column, j);
      if (x < w.image_columns) use(i * w.seen.columns.size + j, y, x);
    }
  }
}

/// The row of a position of an image.
template <class T>
constexpr T* row_at(const place<T>& image, std::size_t sample, std::size_t y, std::size_t x) noexcept {
  return image.data + sample * image.sample_step + y * image.row_step + x * image.stride;
}

/// Calls `use(sample, y, x)` for each position of so many rows and columns.
template <class Use>
constexpr void each_position(std::size_t samples, std::size_t rows, std::size_t columns, Use use) noexcept {
  for (std::size_t sample = 0; sample < samples; ++sample)
    for (std::size_t y = 0; y < rows; ++y)
      for (std::size_t x = 0; x < columns; ++x) use(sample, y, x);
}

} // namespace fusegrad::kernel::inline FUSEGRAD_ABI
