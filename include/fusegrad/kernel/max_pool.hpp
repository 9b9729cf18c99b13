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
  each_seen_tap(*c.window, y, x, [&](std::size_t tap, std::size_t row, std::size_t at) {
    const T number = row_at(c.arguments[0], sample, row, at)[column];
    if (!is_first && !(number > largest) && number == number) return;
    largest = number;
    place = static_cast<T>(tap);
    is_first = false;
  });
  row_at(c.results[0], sample, y, x)[column] = largest;
  row_at(c.results[1], sample, y, x)[column] = place;
}

template <class T> void pool_vectors(const call<T>& c, std::size_t sample, std::size_t y, std::size_t x) {
  using vector = math::vector<T>;
  constexpr auto lanes = static_cast<std::size_t>(vector::lanes);
  for (std::size_t column = 0; column < c.columns; column += lanes) {
    vector largest(T{0}), place(T{0});
    bool is_first = true;
    each_seen_tap(*c.window, y, x, [&](std::size_t tap, std::size_t row, std::size_t at) {
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
    // The first tap that a window sees need not be tap 0.
    if (const std::size_t filled = c.columns - column; filled < lanes)
      place = select(vector::first_lanes_mask(static_cast<int>(filled)), place, vector(T{0}));
    largest.store_aligned(row_at(c.results[0], sample, y, x) + column);
    place.store_aligned(row_at(c.results[1], sample, y, x) + column);
  }
}

} // namespace detail

/// The largest number of each column in each window, and the number of its tap. Zeros stand behind the last
/// column, where the image has them too.
template <class T> constexpr void max_pool(const call<T>& c) noexcept {
  each_position(c.samples, c.window->made_rows, c.window->made_columns,
                [&](std::size_t sample, std::size_t y, std::size_t x) {
                  if (!__builtin_is_constant_evaluated()) return detail::pool_vectors(c, sample, y, x);
                  for (std::size_t column = 0; column < c.columns; ++column)
                    detail::pool_column(c, sample, y, x, column);
                });
}

namespace detail {
/// Adds to each number of a row the one that belongs to this tap, if any.
template <class T>
constexpr void add_where_tap(const T* numbers, const T* places, T tap, T* to, std::size_t columns) noexcept {
  if (__builtin_is_constant_evaluated()) {
    for (std::size_t i = 0; i < columns; ++i)
      if (places[i] == tap) to[i] += numbers[i];
    return;
  }
  using vector = math::vector<T>;
  for (std::size_t i = 0; i < columns; i += static_cast<std::size_t>(vector::lanes)) {
    const vector here =
        select(vector::load_aligned(places + i) == vector(tap), vector::load_aligned(numbers + i), vector(T{0}));
    (vector::load_aligned(to + i) + here).store_aligned(to + i);
  }
}
} // namespace detail

/// The way back: each number (the first argument) is added to the image at the tap that the second names.
template <class T> constexpr void spread(const call<T>& c) noexcept {
  const tensor::image_window& w = *c.window;
  each_position(c.samples, w.image_rows, w.image_columns, [&](std::size_t sample, std::size_t y, std::size_t x) {
    T* const to = row_at(c.results[0], sample, y, x);
    for (std::size_t column = 0; column < padded<T>(c.columns); ++column) to[column] = T{};
  });
  each_position(c.samples, w.made_rows, w.made_columns, [&](std::size_t sample, std::size_t y, std::size_t x) {
    const T* const numbers = row_at(c.arguments[0], sample, y, x);
    const T* const places = row_at(c.arguments[1], sample, y, x);
    each_seen_tap(w, y, x, [&](std::size_t tap, std::size_t row, std::size_t at) {
      detail::add_where_tap(numbers, places, static_cast<T>(tap), row_at(c.results[0], sample, row, at), c.columns);
    });
  });
}

} // namespace fusegrad::kernel::inline FUSEGRAD_ABI
