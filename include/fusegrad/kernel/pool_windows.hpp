// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/call.hpp>
#include <fusegrad/kernel/image_places.hpp>
#include <fusegrad/kernel/window_pattern.hpp>

// A gradient behind a max pool has one number for each window and column, and its place: the number of the position
// within the window, row by row. All others are zero.
namespace fusegrad::kernel::inline FUSEGRAD_ABI {

constexpr std::size_t pool_rows_of(const window_pattern& p, const pooling& pool) noexcept { return p.rows / pool.rows; }
constexpr std::size_t pool_columns_of(const window_pattern& p, const pooling& pool) noexcept {
  return p.columns / pool.columns;
}

/// From the left numbers of a window's first position to those of another.
constexpr std::ptrdiff_t place_offset(const window_pattern& p, const pooling& pool, std::size_t number) noexcept {
  return static_cast<std::ptrdiff_t>(number / pool.columns * p.row_step + number % pool.columns * p.column_step);
}

/// Where the left numbers of a window's first position begin.
constexpr std::ptrdiff_t pool_offset(const window_pattern& p, const pooling& pool, std::size_t y,
                                     std::size_t x) noexcept {
  return window_offset(p, y * pool.rows, x * pool.columns);
}

/// One window of one sample, in the images of gradients and of places.
template <class T>
FUSEGRAD_INLINE constexpr T* window_at(const place<T>& image, std::size_t sample, std::size_t y,
                                       std::size_t x) noexcept {
  return at_image_row(image, sample, y).data + x * image.stride;
}

} // namespace fusegrad::kernel::inline FUSEGRAD_ABI
