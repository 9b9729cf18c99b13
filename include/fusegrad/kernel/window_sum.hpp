// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/call.hpp>
#include <fusegrad/kernel/seen_taps.hpp>
#include <fusegrad/math/vector.hpp>
#include <type_traits>

namespace fusegrad::kernel::inline FUSEGRAD_ABI {

namespace detail {
/// Adds a row to another, or sets it to zero; padding is zero and stays so.
template <class T> constexpr void add_row(const T* from, T* to, std::size_t columns) noexcept {
  if (__builtin_is_constant_evaluated()) {
    for (std::size_t i = 0; i < columns; ++i) to[i] += from[i];
    return;
  }
  using vector = math::vector<T>;
  for (std::size_t i = 0; i < columns; i += static_cast<std::size_t>(vector::lanes))
    (vector::load_aligned(to + i) + vector::load_aligned(from + i)).store_aligned(to + i);
}
template <class T> constexpr void clear_row(T* row, std::size_t columns) noexcept {
  for (std::size_t i = 0; i < padded<T>(columns); ++i) row[i] = T{};
}
} // namespace detail

/// The sum of each column over each window.
template <class T> constexpr void window_sum(const call<T>& c) noexcept {
  each_position(c.samples, c.window->made_rows, c.window->made_columns,
                [&](std::size_t sample, std::size_t y, std::size_t x) {
                  T* const to = row_at(c.results[0], sample, y, x);
                  detail::clear_row(to, c.columns);
                  each_seen_tap(*c.window, y, x, [&](std::size_t, std::size_t row, std::size_t at) {
                    detail::add_row(row_at(c.arguments[0], sample, row, at), to, c.columns);
                  });
                });
}

/// The way back: each position of the image has the sum of all windows that see it.
template <class T> constexpr void transposed_window_sum(const call<T>& c) noexcept {
  const tensor::image_window& w = *c.window;
  each_position(c.samples, w.image_rows, w.image_columns, [&](std::size_t sample, std::size_t y, std::size_t x) {
    detail::clear_row(row_at(c.results[0], sample, y, x), c.columns);
  });
  each_position(c.samples, w.made_rows, w.made_columns, [&](std::size_t sample, std::size_t y, std::size_t x) {
    const T* const from = row_at(c.arguments[0], sample, y, x);
    each_seen_tap(w, y, x, [&](std::size_t, std::size_t row, std::size_t at) {
      detail::add_row(from, row_at(c.results[0], sample, row, at), c.columns);
    });
  });
}

} // namespace fusegrad::kernel::inline FUSEGRAD_ABI
