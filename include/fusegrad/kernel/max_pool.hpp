// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/call.hpp>
#include <fusegrad/kernel/seen_taps.hpp>
#include <fusegrad/math/vector.hpp>
#include <type_traits>

namespace fusegrad::kernel::inline FUSEGRAD_ABI {

namespace detail {

/// The largest number of a column, and its tap. Of equal ones the first; NaN is larger than any number.
template <class T>
constexpr void pool_column(const call<T>& c, std::size_t sample, std::size_t y, std::size_t x, std::size_t column) {
  T largest{}, place{};
  bool is_first = true;
  each_seen_tap(c.window, y, x, [&](std::size_t tap, std::size_t row, std::size_t at) {
    const T number = row_at(c.arguments[0], sample, row, at)[column];
    if (!is_first && !(number > largest) && number == number) return;
    largest = number;
    place = static_cast<T>(tap);
    is_first = false;
  });
  row_at(c.results[0], sample, y, x)[column] = largest;
  row_at(c.results[1], sample, y, x)[column] = place;
}

template <class T>
void pool_vectors(const call<T>& c, std::size_t sample, std::size_t y, std::size_t x) {
  using vector = math::vector<T>;
  constexpr auto lanes = static_cast<std::size_t>(vector::lanes);
  for (std::size_t column = 0; column < c.columns; column += lanes) {
    vector largest(T{0}), place(T{0});
    bool is_first = true;
    each_seen_tap(c.window, y, x, [&](std::size_t tap, std::size_t row, std::size_t at) {
      const vector number = vector::load_aligned(row_at(c.arguments[0], sample, row, at) + column);
      if (is_first) {
        largest = number;
        place = vector(static_cast<T>(tap));
        is_first = false;
        return;
      }
      const auto is_larger = number > largest, is_nan = number != number;
      largest = select(is_larger, number, select(is_nan, number, largest));
      const vector here(static_cast<T>(tap));
      place = select(is_larger, here, select(is_nan, here, place));
    });
    largest.store_aligned(row_at(c.results[0], sample, y, x) + column);
    place.store_aligned(row_at(c.results[1], sample, y, x) + column);
  }
}

} // namespace detail

/// The largest number of each column in each window, and the number of its tap. What lies behind the last column stays
/// zero, since it is zero in the image.
template <class T> constexpr void max_pool(const call<T>& c) noexcept {
  each_position(c.samples, c.window.made_rows, c.window.made_columns,
                [&](std::size_t sample, std::size_t y, std::size_t x) {
                  if (!std::is_constant_evaluated()) return detail::pool_vectors(c, sample, y, x);
                  for (std::size_t column = 0; column < c.columns; ++column)
                    detail::pool_column(c, sample, y, x, column);
                });
}

/// The way back: each number (the first argument) is added to the image at the tap that the second names.
template <class T> constexpr void spread(const call<T>& c) noexcept {
  const tensor::image_window& w = c.window;
  each_position(c.samples, w.image_rows, w.image_columns, [&](std::size_t sample, std::size_t y, std::size_t x) {
    T* const to = row_at(c.results[0], sample, y, x);
    for (std::size_t column = 0; column < padded<T>(c.columns); ++column) to[column] = T{};
  });
  each_position(c.samples, w.made_rows, w.made_columns, [&](std::size_t sample, std::size_t y, std::size_t x) {
    const T* const numbers = row_at(c.arguments[0], sample, y, x);
    const T* const places = row_at(c.arguments[1], sample, y, x);
    for (std::size_t column = 0; column < c.columns; ++column) {
      const auto tap = static_cast<std::size_t>(static_cast<int>(places[column]));
      const std::size_t row = tap_position(w.seen.rows, y, tap / w.seen.columns.size),
                        at = tap_position(w.seen.columns, x, tap % w.seen.columns.size);
      row_at(c.results[0], sample, row, at)[column] += numbers[column];
    }
  });
}

} // namespace fusegrad::kernel::inline FUSEGRAD_ABI
