// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/panels.hpp>
#include <fusegrad/kernel/unroll.hpp>
#include <fusegrad/math/vector.hpp>
#include <type_traits>
#include <utility>

namespace fusegrad::kernel::inline FUSEGRAD_ABI {

namespace detail {

/// Of each pair of rows that lie `Distance` apart, exchanges the squares of that size off the diagonal.
template <int Distance, class T, int... Lane>
FUSEGRAD_INLINE inline void exchange_squares(math::vector<T> (&row)[sizeof...(Lane)],
                                             std::integer_sequence<int, Lane...>) {
  constexpr int lanes = sizeof...(Lane);
  count_to<lanes>([&](int r) FUSEGRAD_INLINE {
    if ((r & Distance) == 0) {
      const auto upper = row[r].native, lower = row[r + Distance].native;
      row[r].native =
          __builtin_shufflevector(upper, lower, ((Lane & Distance) == 0 ? Lane : lanes + Lane - Distance)...);
      row[r + Distance].native =
          __builtin_shufflevector(upper, lower, ((Lane & Distance) == 0 ? Lane + Distance : lanes + Lane)...);
    }
  });
}

/// Transposes a square of vectors in registers.
template <class T> FUSEGRAD_INLINE inline void transpose_square(math::vector<T> (&row)[math::native_lanes<T>]) {
  constexpr int lanes = math::native_lanes<T>;
  using sequence = std::make_integer_sequence<int, lanes>;
  if constexpr (lanes > 8) exchange_squares<8, T>(row, sequence{});
  if constexpr (lanes > 4) exchange_squares<4, T>(row, sequence{});
  if constexpr (lanes > 2) exchange_squares<2, T>(row, sequence{});
  exchange_squares<1, T>(row, sequence{});
}

} // namespace detail

/// How many strips `transpose` can be cut into: each makes a vector of columns of the result, from as many rows of the
/// matrix, all of one tap.
template <class T> constexpr std::size_t transpose_strips(std::size_t rows, std::size_t taps = 1) noexcept {
  return taps * (padded<T>(rows / taps) / static_cast<std::size_t>(math::native_lanes<T>));
}

namespace detail {
/// One strip, of rows before `last_row`; `made` is where the first row of the result begins, and the next is `distance`
/// away.
template <class T>
inline void transpose_strip(const T* from, T* made, std::size_t distance, std::size_t rows, std::size_t columns,
                            std::size_t first_row, std::size_t last_row) noexcept {
  using vector = math::vector<T>;
  constexpr auto lanes = static_cast<std::size_t>(math::native_lanes<T>);
  const std::size_t width = static_cast<std::size_t>(tiles_for<T>(columns).wide) * lanes, all = padded<T>(columns);
  const std::size_t there = last_row - first_row < lanes ? last_row - first_row : lanes;
  for (std::size_t panel = 0; panel < all; panel += width) {
    const std::size_t here = all - panel < width ? all - panel : width;
    for (std::size_t column = panel; column < panel + here; column += lanes) {
      const T* source = from + panel * rows + first_row * here + (column - panel);
      vector square[lanes];
      for (std::size_t r = 0; r < lanes; ++r)
        square[r] = r < there ? vector::load_aligned(source + r * here) : vector(T{0});
      transpose_square<T>(square);
      for (std::size_t r = 0; r < lanes; ++r)
        if (column + r < columns) square[r].store_aligned(made + (column + r) * distance);
    }
  }
}
} // namespace detail

/// Some strips of the transpose [columns][rows] of a matrix [rows][columns], both in panels. With `taps` the rows are
/// [taps][channels], and the transpose of each tap by itself lies behind the one before: [taps][columns][channels].
template <class T>
constexpr void transpose(const T* from, T* to, std::size_t rows, std::size_t columns, std::size_t first_strip,
                         std::size_t last_strip, std::size_t taps = 1) noexcept {
  constexpr auto lanes = static_cast<std::size_t>(math::native_lanes<T>);
  const std::size_t channels = rows / taps, strips = padded<T>(channels) / lanes;
  for (std::size_t strip = first_strip; strip < last_strip; ++strip) {
    const std::size_t tap = strip / strips, first = strip % strips * lanes;
    if (__builtin_is_constant_evaluated()) {
      for (std::size_t i = first; i < channels && i < first + lanes; ++i)
        for (std::size_t o = 0; o < columns; ++o)
          to[panel_index<T>(taps * columns, channels, tap * columns + o, i)] =
              from[panel_index<T>(rows, columns, tap * channels + i, o)];
      continue;
    }
    const std::size_t made = panel_index<T>(taps * columns, channels, tap * columns, first);
    const std::size_t distance = panel_index<T>(taps * columns, channels, tap * columns + 1, first) - made;
    detail::transpose_strip(from, to + made, distance, rows, columns, tap * channels + first, (tap + 1) * channels);
  }
}

} // namespace fusegrad::kernel::inline FUSEGRAD_ABI
