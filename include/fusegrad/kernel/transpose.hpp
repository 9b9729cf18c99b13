// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/panels.hpp>
#include <fusegrad/kernel/unroll.hpp>
#include <fusegrad/math/vector.hpp>
#include <type_traits>
#include <utility>

namespace fusegrad::kernel {

namespace detail {

/// Of each pair of rows that lie `Distance` apart, exchanges the squares of that size off the diagonal.
template <int Distance, class T, int... Lane>
[[gnu::always_inline]] inline void exchange_squares(math::vector<T> (&row)[sizeof...(Lane)], std::integer_sequence<int, Lane...>) {
  constexpr int lanes = sizeof...(Lane);
  unroll<lanes>([&](auto r) __attribute__((always_inline)) {
    if constexpr ((r & Distance) == 0) {
      const auto upper = row[r].native, lower = row[r + Distance].native;
      row[r].native = __builtin_shufflevector(upper, lower, ((Lane & Distance) == 0 ? Lane : lanes + Lane - Distance)...);
      row[r + Distance].native = __builtin_shufflevector(upper, lower, ((Lane & Distance) == 0 ? Lane + Distance : lanes + Lane)...);
    }
  });
}

/// Transposes a square of vectors in registers.
template <class T> [[gnu::always_inline]] inline void transpose_square(math::vector<T> (&row)[math::native_lanes<T>]) {
  constexpr int lanes = math::native_lanes<T>;
  using sequence = std::make_integer_sequence<int, lanes>;
  if constexpr (lanes > 8) exchange_squares<8, T>(row, sequence{});
  if constexpr (lanes > 4) exchange_squares<4, T>(row, sequence{});
  if constexpr (lanes > 2) exchange_squares<2, T>(row, sequence{});
  exchange_squares<1, T>(row, sequence{});
}

} // namespace detail

/// How many strips `transpose` can be cut into: each makes as many rows of the result as a vector has numbers.
template <class T> constexpr std::size_t transpose_strips(std::size_t columns) noexcept {
  return padded<T>(columns) / static_cast<std::size_t>(math::native_lanes<T>);
}

/// Some strips of the transpose [columns][rows] of a matrix [rows][columns], both in panels.
template <class T>
constexpr void transpose(const T* from, T* to, std::size_t rows, std::size_t columns, std::size_t first_strip, std::size_t last_strip) noexcept {
  constexpr auto lanes = static_cast<std::size_t>(math::native_lanes<T>);
  if (std::is_constant_evaluated()) {
    for (std::size_t o = first_strip * lanes; o < last_strip * lanes && o < columns; ++o)
      for (std::size_t i = 0; i < rows; ++i) to[panel_index<T>(columns, rows, o, i)] = from[panel_index<T>(rows, columns, i, o)];
    return;
  }
  using vector = math::vector<T>;
  const auto distance = [](std::size_t height, std::size_t width, std::size_t column) {
    return panel_index<T>(height, width, 1, column) - panel_index<T>(height, width, 0, column);
  };
  for (std::size_t strip = first_strip; strip < last_strip; ++strip) {
    const std::size_t o = strip * lanes, from_distance = distance(rows, columns, o);
    const std::size_t made = columns - o < lanes ? columns - o : lanes;
    for (std::size_t i = 0; i < rows; i += lanes) {
      const T* source = from + panel_index<T>(rows, columns, i, o);
      const std::size_t there = rows - i < lanes ? rows - i : lanes;
      vector square[lanes];
      for (std::size_t r = 0; r < lanes; ++r) square[r] = r < there ? vector::load_aligned(source + r * from_distance) : vector(T{0});
      detail::transpose_square<T>(square);
      T* target = to + panel_index<T>(columns, rows, o, i);
      const std::size_t to_distance = distance(columns, rows, i);
      for (std::size_t r = 0; r < lanes; ++r)
        if (r < made) square[r].store_aligned(target + r * to_distance);
    }
  }
}

} // namespace fusegrad::kernel
