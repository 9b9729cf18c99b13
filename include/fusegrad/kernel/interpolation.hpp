// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/call.hpp>
#include <fusegrad/kernel/seen_taps.hpp>
#include <fusegrad/kernel/window_sum.hpp>
#include <fusegrad/math/vector.hpp>
#include <type_traits>

namespace fusegrad::kernel::inline FUSEGRAD_ABI {

/// The two positions of a line that a place on it is a mean of, and the share of the second.
template <class T> struct neighbouring_positions {
  std::size_t first = 0, second = 0;
  T share{};
};
/// Each of so many positions stands in the middle of `factor` places of the line. Before the first and behind the last
/// a place is what they are.
template <class T>
constexpr neighbouring_positions<T> neighbours_of(std::size_t place, std::size_t factor,
                                                  std::size_t positions) noexcept {
  // In halves of a place, of which 2 factor lead from one position to the next.
  const std::size_t from_start = 2 * place + 1;
  if (from_start <= factor) return {};
  const std::size_t behind_first = from_start - factor, first = behind_first / (2 * factor);
  if (first + 1 >= positions) return {positions - 1, positions - 1, T{}};
  return {first, first + 1, static_cast<T>(behind_first % (2 * factor)) / static_cast<T>(2 * factor)};
}

namespace detail {
/// The mean of four rows: `down` and `right` are the shares of those below and to the right. Padding is zero and stays
/// so.
template <class T>
constexpr void mean_of_rows(const T* a, const T* b, const T* below_a, const T* below_b, T down, T right, T* to,
                            std::size_t columns) noexcept {
  const auto mean = [&](auto x, auto y, auto z, auto w) {
    return (1 - down) * ((1 - right) * x + right * y) + down * ((1 - right) * z + right * w);
  };
  if (__builtin_is_constant_evaluated()) {
    for (std::size_t i = 0; i < padded<T>(columns); ++i)
      to[i] = i < columns ? mean(a[i], b[i], below_a[i], below_b[i]) : T{};
    return;
  }
  using vector = math::vector<T>;
  for (std::size_t i = 0; i < columns; i += static_cast<std::size_t>(vector::lanes))
    mean(vector::load_aligned(a + i), vector::load_aligned(b + i), vector::load_aligned(below_a + i),
         vector::load_aligned(below_b + i))
        .store_aligned(to + i);
}
/// Adds a share of a row to another.
template <class T> constexpr void add_share(const T* from, T share, T* to, std::size_t columns) noexcept {
  if (__builtin_is_constant_evaluated()) {
    for (std::size_t i = 0; i < columns; ++i) to[i] += share * from[i];
    return;
  }
  using vector = math::vector<T>;
  for (std::size_t i = 0; i < columns; i += static_cast<std::size_t>(vector::lanes))
    multiply_add(vector(share), vector::load_aligned(from + i), vector::load_aligned(to + i)).store_aligned(to + i);
}
} // namespace detail

/// An image between the positions of the windows that cover it side by side: linear from the middle of one to that of
/// the next, in both directions.
template <class T> constexpr void interpolate(const call<T>& c) noexcept {
  const tensor::image_window& w = *c.window;
  each_position(c.samples, w.image_rows, w.image_columns, [&](std::size_t sample, std::size_t y, std::size_t x) {
    const auto down = neighbours_of<T>(y, w.seen.rows.stride, w.made_rows),
               right = neighbours_of<T>(x, w.seen.columns.stride, w.made_columns);
    const place<T>& from = c.arguments[0];
    detail::mean_of_rows<T>(
        row_at(from, sample, down.first, right.first), row_at(from, sample, down.first, right.second),
        row_at(from, sample, down.second, right.first), row_at(from, sample, down.second, right.second), down.share,
        right.share, row_at(c.results[0], sample, y, x), c.columns);
  });
}

/// The way back: each position has the sum of the image's numbers that it is a part of, times its share in them.
template <class T> constexpr void gather_interpolated(const call<T>& c) noexcept {
  const tensor::image_window& w = *c.window;
  const place<T>& to = c.results[0];
  each_position(c.samples, w.made_rows, w.made_columns, [&](std::size_t sample, std::size_t y, std::size_t x) {
    detail::clear_row(row_at(to, sample, y, x), c.columns);
  });
  each_position(c.samples, w.image_rows, w.image_columns, [&](std::size_t sample, std::size_t y, std::size_t x) {
    const auto down = neighbours_of<T>(y, w.seen.rows.stride, w.made_rows),
               right = neighbours_of<T>(x, w.seen.columns.stride, w.made_columns);
    const T* const from = row_at(c.arguments[0], sample, y, x);
    const auto add = [&](std::size_t row, std::size_t column, T share) {
      if (share != 0) detail::add_share(from, share, row_at(to, sample, row, column), c.columns);
    };
    add(down.first, right.first, (1 - down.share) * (1 - right.share));
    add(down.first, right.second, (1 - down.share) * right.share);
    add(down.second, right.first, down.share * (1 - right.share));
    add(down.second, right.second, down.share * right.share);
  });
}

} // namespace fusegrad::kernel::inline FUSEGRAD_ABI
