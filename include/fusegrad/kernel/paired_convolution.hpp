// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/kernel/even_cut.hpp>
#include <fusegrad/kernel/fused_expression.hpp>
#include <fusegrad/kernel/image_epilogue.hpp>
#include <fusegrad/kernel/image_places.hpp>
#include <fusegrad/kernel/largest.hpp>
#include <fusegrad/kernel/tile.hpp>
#include <fusegrad/kernel/unroll.hpp>
#include <fusegrad/kernel/window_pattern.hpp>
#include <fusegrad/kernel/window_sums.hpp>
#include <utility>

namespace fusegrad::kernel::inline FUSEGRAD_ABI {

namespace detail {
template <class T, int... Lane>
FUSEGRAD_INLINE inline math::vector<T> exchange_halves(math::vector<T> a, std::integer_sequence<int, Lane...>) {
  constexpr int lanes = sizeof...(Lane);
  return math::vector<T>(__builtin_shufflevector(a.native, a.native, ((Lane + lanes / 2) % lanes)...));
}
} // namespace detail

/// The lower half of the lanes where the upper was, and the other way round.
template <class T> FUSEGRAD_INLINE inline math::vector<T> exchange_halves(math::vector<T> a) noexcept {
  return detail::exchange_halves<T>(a, std::make_integer_sequence<int, math::native_lanes<T>>{});
}

/// Where a convolution has so few columns that half a vector holds them, two neighbouring positions share a vector: the
/// pattern of the pairs, whose windows are one tap wider.
constexpr window_pattern pairs_of(const window_pattern& p) noexcept {
  window_pattern pairs = p;
  pairs.columns = p.columns / 2, pairs.column_step = 2 * p.column_step;
  pairs.tap_columns = p.tap_columns + 1, pairs.first_tap = 0;
  pairs.tap_row_distance = pairs.tap_columns, pairs.tap_column_distance = 1;
  return pairs;
}
constexpr std::size_t pair_depth(const window_pattern& p) noexcept {
  return std::size_t{p.tap_rows} * (p.tap_columns + 1) * p.channels;
}

/// Whether so many columns are made in pairs: where the second position's taps are the first one's, one further on. The
/// rows of the right side that pairs need lie on the stack.
template <class T>
constexpr bool makes_pairs(const window_pattern& p, const pooling& pool, std::size_t columns) noexcept {
  return columns != 0 && 2 * columns <= static_cast<std::size_t>(math::native_lanes<T>) && p.tap_columns >= 2 &&
         p.columns != 0 && p.columns % 2 == 0 && p.tap_column_step == static_cast<std::int64_t>(p.column_step) &&
         (pool.is_none() || (pool.columns == 2 && static_cast<int>(pool.rows) <= most_offset_rows(1))) &&
         pair_depth(p) <= 512;
}

/// `convolution` of one pattern that `makes_pairs`. Numbers that are not finite reach the other position of their pair
/// too, since a tap that only one of the two has is a zero for the other.
template <class T, auto Table, auto Accesses, window_pattern Pattern, pooling Pool, bool KeepsPlace>
struct paired_convolution {
  using fused = fused_expression<T, Table, Accesses>;
  using vector = math::vector<T>;
  static constexpr auto lanes = static_cast<std::size_t>(math::native_lanes<T>);
  static constexpr window_pattern pairs = pairs_of(Pattern);

  // A function of its own: the right side of pairs is to lie on the stack only while it is needed.
  [[gnu::noinline]] static void run(const call<T>& c) noexcept {
    alignas(vector) T right[pair_depth(Pattern) * lanes];
    pack(c, right);
    constexpr std::size_t most = static_cast<std::size_t>(most_offset_rows(1));
    constexpr even_cut across = cut_evenly(pairs.columns, most / Pool.rows);
    constexpr int high = static_cast<int>(Pool.rows);
    constexpr std::size_t longer = across.longer * (across.size + 1);
    for (std::size_t sample = 0; sample < c.samples; ++sample) {
      if constexpr (across.longer != 0) tiles<high, static_cast<int>(across.longest())>(c, right, sample, 0, longer);
      tiles<high, static_cast<int>(across.size)>(c, right, sample, longer, pairs.columns);
    }
  }

private:
  /// Of each tap of a pair what the first position multiplies with, and behind it what the second does.
  static void pack(const call<T>& c, T* right) {
    const auto first_half = vector::first_lanes_mask(vector::lanes / 2);
    for (std::size_t i = 0; i < pairs.tap_rows; ++i)
      for (std::size_t j = 0; j < pairs.tap_columns; ++j)
        for (std::size_t k = 0; k < pairs.channels; ++k, right += lanes) {
          const auto row = [&](std::size_t tap) {
            return tap < Pattern.tap_columns
                       ? vector::load_aligned(c.right + (right_row_of(Pattern, i, tap) + k) * lanes)
                       : vector(T{0});
          };
          select(first_half, row(j), exchange_halves(row(j - 1))).store_aligned(right);
        }
  }

  // A function of its own: the compiler works through code as large as a tile again on every level that it is inlined
  // into.
  template <int High, int Across>
  [[gnu::noinline]] static void tiles(const call<T>& c, const T* right, std::size_t sample, std::size_t first,
                                      std::size_t last) {
    const int filled = filled_lanes<T, 1>(c.columns, 0);
    const T* image = c.left_image.data + sample * c.left_image.sample_step;
    for (std::size_t y = 0; y < pairs.rows; y += High) {
      const places_of_rows<T, fused, Accesses, 1> at(c, pairs, sample, y / High);
      const place_rows<T, 1, KeepsPlace> kept_at(c.results[fused::result_count], pairs, sample, y / High);
      for (std::size_t x = first; x < last; x += Across) {
        tile<vector, High * Across, 1> sum{};
        add_windows<T, pairs, High, Across, 1, lanes>(sum, image + window_offset(pairs, y, x), right);
        if constexpr (Pool.is_none()) {
          tile<vector, 2 * Across, 1> made;
          unroll<Across>([&](auto i) FUSEGRAD_INLINE {
            made[2 * i][0] = sum[i][0], made[2 * i + 1][0] = exchange_halves<T>(sum[i][0]);
          });
          finish_tile<fused, 1, 2 * Across, 1>(at, 2 * x, 0, filled, made);
        } else {
          tile<vector, Across, 1> largest;
          unroll<Across>([&](auto i) FUSEGRAD_INLINE {
            vector place;
            largest[i][0] = largest_of<High, Across, i>(sum, place);
            if constexpr (KeepsPlace) kept_at.store(0, x + static_cast<std::size_t>(i), 0, filled, place);
          });
          finish_tile<fused, 1, Across, 1>(at, x, 0, filled, largest);
        }
      }
    }
  }

  /// The largest of a window, one pair wide: first of each half, then of both.
  template <int High, int Across, int Column>
  FUSEGRAD_INLINE static vector largest_of(const tile<vector, High * Across, 1>& sum, vector& place) {
    const vector side = select(vector::first_lanes_mask(vector::lanes / 2), vector(T{0}), vector(T{1}));
    largest_so_far<T, KeepsPlace> half(sum[Column][0]);
    half.place = side;
    unroll<High - 1>([&](auto before) FUSEGRAD_INLINE {
      half.take(sum[(before + 1) * Across + Column][0], side + vector(static_cast<T>(2 * (before + 1))));
    });
    const vector other = exchange_halves(half.value);
    auto larger = is_larger(other, half.value);
    if constexpr (KeepsPlace) {
      // Of equal ones the first in the window, of those that are not numbers the last.
      const vector other_place = exchange_halves(half.place);
      const auto is_number = half.value == half.value;
      larger = (other > half.value) | ((other == half.value) & (other_place < half.place)) |
               ((other != other) & (is_number | (other_place > half.place)));
      place = select(larger, other_place, half.place);
    }
    return select(larger, other, half.value);
  }
};

} // namespace fusegrad::kernel::inline FUSEGRAD_ABI
