// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/even_cut.hpp>
#include <fusegrad/kernel/fused_expression.hpp>
#include <fusegrad/kernel/paired_convolution.hpp>
#include <fusegrad/kernel/pool_windows.hpp>
#include <fusegrad/kernel/tap_tiles.hpp>
#include <fusegrad/kernel/tile.hpp>
#include <fusegrad/kernel/unroll.hpp>
#include <fusegrad/kernel/window_sums.hpp>

namespace fusegrad::kernel::inline FUSEGRAD_ABI {

/// The register tiles of the sums of pairs: rows of taps, all of whose numbers lie at constant distances.
constexpr tap_tiles pair_tiles_of(const window_pattern& p) noexcept { return tap_tiles_of(pairs_of(p), 1); }

/// Whether the gradient of a weight of so many columns is summed in pairs: where half a vector holds the columns, the
/// other half is the window's other position, and a row of the weight is made of whole register tiles.
template <class T>
constexpr bool sums_pairs(const window_pattern& p, const pooling& pool, std::size_t columns) noexcept {
  const std::size_t row = std::size_t{p.channels} * (p.tap_columns + 1);
  return columns != 0 && 2 * columns <= static_cast<std::size_t>(math::native_lanes<T>) && pool.columns == 2 &&
         p.tap_column_step == static_cast<std::int64_t>(p.column_step) && pair_tiles_of(p).item_rows == row;
}

/// `pooled_weight_gradient` of a pattern that `sums_pairs`. Each of a window's rows of positions is one vector: the
/// lower half is what the first position hands back, the upper half what the second does, which sees each tap one
/// further on. The two halves are added at the end.
template <class T, auto Table, auto Accesses, window_pattern Pattern, pooling Pool> struct paired_weight_gradient {
  using fused = fused_expression<T, Table, Accesses>;
  using vector = math::vector<T>;
  static constexpr std::size_t lanes = static_cast<std::size_t>(math::native_lanes<T>);
  static constexpr tap_tiles all = pair_tiles_of(Pattern);

  FUSEGRAD_INLINE static void run_unit(const call<T>& c, std::size_t unit) noexcept {
    const tap_tile now = all.at(unit);
    if constexpr (all.cut.longer != 0)
      if (now.items == all.cut.longest()) return tap_rows<all.cut.longest()>(c, now);
    if constexpr (all.cut.others != 0) tap_rows<all.cut.size>(c, now);
  }

private:
  // A function of its own: the compiler works through code as large as a tile again on every level that it is inlined
  // into.
  template <std::size_t Items> [[gnu::noinline]] static void tap_rows(const call<T>& c, const tap_tile& now) {
    constexpr int high = static_cast<int>(Items * all.item_rows);
    tile<vector, high, 1> sum{};
    const place<T> right_image = c.right_image, places_image = c.places_image, left_image = c.left_image;
    const std::ptrdiff_t offset = now.offset;
    for (std::size_t sample = 0, samples = c.samples; sample < samples; ++sample)
      for (std::size_t y = 0; y < pool_rows_of(Pattern, Pool); ++y) {
        const T* left = left_image.data + sample * left_image.sample_step + pool_offset(Pattern, Pool, y, 0) + offset;
        const T *dy = window_at(right_image, sample, y, 0), *number = window_at(places_image, sample, y, 0);
        for (std::size_t x = 0; x < pool_columns_of(Pattern, Pool); ++x) {
          left = math::intrinsics::opaque(left);
          add_window<high, all.offsets(Items)>(sum, left, dy, number);
          left += Pool.columns * Pattern.column_step, dy += right_image.stride, number += places_image.stride;
        }
      }
    finish<Items>(c, now.row / all.item_rows, sum);
  }

  template <int High, tile_offsets Offsets>
  FUSEGRAD_INLINE static void add_window(tile<vector, High, 1>& sum, const T* left, const T* dy, const T* number) {
    const auto first_half = vector::first_lanes_mask(vector::lanes / 2);
    const auto in_both = [&](vector v) FUSEGRAD_INLINE { return select(first_half, v, exchange_halves<T>(v)); };
    const vector gradient = in_both(vector::load_aligned(dy)), place = in_both(vector::load_aligned(number)),
                 side = select(first_half, vector(T{0}), vector(T{1}));
    unroll<static_cast<int>(Pool.rows)>([&](auto i) FUSEGRAD_INLINE {
      const vector here = select(place == side + vector(static_cast<T>(2 * i)), gradient, vector(T{0}));
      add_products<T, High, 1, Offsets>(sum, left + static_cast<std::ptrdiff_t>(i) * Pattern.row_step, &here);
    });
  }

  template <std::size_t Items>
  FUSEGRAD_INLINE static void finish(const call<T>& c, std::size_t first_row,
                                     const tile<vector, static_cast<int>(Items* all.item_rows), 1>& sum) {
    constexpr std::size_t row = std::size_t{Pattern.tap_columns} * Pattern.channels;
    const typename fused::places places(c);
    const auto columns = vector::first_lanes_mask(static_cast<int>(c.columns));
    for (std::size_t i = 0; i < Items; ++i)
      for (std::size_t k = 0; k < row; ++k) {
        const std::size_t first = i * all.item_rows + k, at = ((first_row + i) * row + k) * lanes;
        vector both = sum[first][0] + exchange_halves<T>(sum[first + Pattern.channels][0]);
        if (c.accumulate) both += vector::load_aligned(c.gradient + at);
        both = select(columns, both, vector(T{0}));
        fused::row_at(places, 0, at, vector::lanes, both);
      }
  }
};

} // namespace fusegrad::kernel::inline FUSEGRAD_ABI
