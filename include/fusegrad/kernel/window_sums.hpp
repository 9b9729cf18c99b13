// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/kernel/tile.hpp>
#include <fusegrad/kernel/unroll.hpp>
#include <fusegrad/kernel/window_pattern.hpp>
#include <fusegrad/math/intrinsics.hpp>
#include <fusegrad/math/isa.hpp>
#include <fusegrad/math/vector.hpp>
#include <utility>

namespace fusegrad::kernel::inline FUSEGRAD_ABI {

/// Where the left numbers of a register tile's rows lie, from that of the first. Constant, so that one register and
/// immediate distances reach all of them.
struct tile_offsets {
  std::size_t inner = 1, middle = 1; ///< rows side by side; how many such groups one step apart
  std::ptrdiff_t middle_step = 0, outer_step = 0;

  [[nodiscard]] constexpr std::ptrdiff_t operator()(std::size_t row) const noexcept {
    return static_cast<std::ptrdiff_t>(row / (inner * middle)) * outer_step +
           static_cast<std::ptrdiff_t>(row / inner % middle) * middle_step + static_cast<std::ptrdiff_t>(row % inner);
  }
  friend constexpr bool operator==(const tile_offsets&, const tile_offsets&) = default;
};

/// How many rows a register tile can have whose left numbers lie at constant places: the accumulators, a row of the
/// right factor and one number in flight must fit; of more than 20 accumulators a vector wide there is no use.
constexpr int most_offset_rows(int vectors) noexcept {
  const int fitting = (math::register_count - 1 - vectors) / vectors;
  return fitting > 20 ? 20 : fitting;
}

/// One step of the sums of a register tile: sum[r][v] += left(r) * right[v].
template <class T, int Rows, int Vectors, tile_offsets Offsets>
FUSEGRAD_INLINE inline void add_products(tile<math::vector<T>, Rows, Vectors>& sum, const T* left,
                                         const math::vector<T>* factors) {
  using vector = math::vector<T>;
  // One list of all numbers of the tile instead of nested loops: each lambda costs the compiler time.
  [&]<std::size_t... I>(std::index_sequence<I...>) FUSEGRAD_INLINE {
    vector factor;
    ((I % Vectors == 0 ? void(factor = vector(left[Offsets(I / Vectors)])) : void(),
      sum[I / Vectors][I % Vectors] = multiply_add(factor, factors[I % Vectors], sum[I / Vectors][I % Vectors])),
     ...);
  }(std::make_index_sequence<static_cast<std::size_t>(Rows * Vectors)>{});
}

/// A row of the right factor, `Vectors` of it in registers.
template <class T, int Vectors> struct right_row {
  line<math::vector<T>, Vectors> items;
  FUSEGRAD_INLINE explicit right_row(const T* from) {
    // Fenced: else GCC loads it again for each row of a low tile, and loads become the limit.
    unroll<Vectors>([&](auto v) FUSEGRAD_INLINE {
      items[v] = rounded(math::vector<T>::load_aligned(from + static_cast<std::size_t>(v * math::vector<T>::lanes)));
    });
  }
  /// From any address, the last vector filled in part.
  FUSEGRAD_INLINE right_row(const T* from, int filled) {
    using vector = math::vector<T>;
    unroll<Vectors>([&](auto v) FUSEGRAD_INLINE {
      const T* at = from + static_cast<std::size_t>(v * vector::lanes);
      items[v] = rounded(v == Vectors - 1 ? vector::load_first(at, filled) : vector::load(at));
    });
  }
};

/// The taps of a pattern as runs of numbers that lie side by side on both sides.
struct tap_runs {
  std::size_t rows = 0, columns = 0, length = 0;
  friend constexpr bool operator==(const tap_runs&, const tap_runs&) = default;
};
constexpr tap_runs runs_of(const window_pattern& p) noexcept {
  tap_runs runs{p.tap_rows, p.tap_columns, p.channels};
  if (runs.rows * runs.columns == 0) return {0, 0, p.channels};
  const auto length = static_cast<std::int64_t>(p.tap_columns) * p.channels;
  const bool side_by_side =
      p.tap_columns == 1 || (p.tap_column_step == static_cast<std::int64_t>(p.channels) && p.tap_column_distance == 1);
  if (!side_by_side) return runs;
  runs = {p.tap_rows, 1, static_cast<std::size_t>(length)};
  const bool one_behind_the_other =
      p.tap_rows == 1 || (p.tap_row_step == length && p.tap_row_distance == p.tap_columns);
  if (one_behind_the_other) runs = {1, 1, p.tap_rows * runs.length};
  return runs;
}

/// The sums over the windows of High x Across neighbouring positions, in registers: sum[r][v] += left number times
/// right number for all taps in order, and of each tap all channels in order. `left` is where the first position's
/// window begins, `right` the first vector of the first row of the right side, whose rows are `Width` numbers apart.
template <class T, window_pattern P, int High, int Across, int Vectors, std::size_t Width>
FUSEGRAD_INLINE inline void add_windows(tile<math::vector<T>, High * Across, Vectors>& sum, const T* left,
                                        const T* right) {
  constexpr tap_runs runs = runs_of(P);
  constexpr tile_offsets offsets{1, static_cast<std::size_t>(Across), P.column_step, P.row_step};
  constexpr std::size_t right_row_step = std::size_t{P.tap_row_distance} * P.channels * Width,
                        right_column_step = std::size_t{P.tap_column_distance} * P.channels * Width;
  const auto step = [&](const T* left_at, const T* right_at) FUSEGRAD_INLINE {
    const right_row<T, Vectors> factors(right_at);
    add_products<T, High * Across, Vectors, offsets>(sum, left_at, factors.items);
  };
  // So many rows and columns of taps without a loop.
  const auto steps = [&]<std::size_t Columns, std::size_t... K>(const T* left_at, const T* right_at,
                                                                std::integral_constant<std::size_t, Columns>,
                                                                std::index_sequence<K...>) FUSEGRAD_INLINE {
    constexpr std::size_t length = runs.length;
    // Windows overlap: GCC would keep numbers of the left side that come again, in memory.
    left_at = math::intrinsics::opaque(left_at);
    (step(left_at + static_cast<std::ptrdiff_t>(K / (length * Columns)) * P.tap_row_step +
              static_cast<std::ptrdiff_t>(K / length % Columns) * P.tap_column_step +
              static_cast<std::ptrdiff_t>(K % length),
          right_at + K / (length * Columns) * right_row_step + K / length % Columns * right_column_step +
              K % length * Width),
     ...);
  };
  constexpr std::size_t in_row = runs.columns * runs.length, in_all = runs.rows * in_row;
  using all_columns = std::integral_constant<std::size_t, runs.columns>;
  using one_column = std::integral_constant<std::size_t, 1>;
  if constexpr (in_all == 0) {
    return;
  } else if constexpr (in_all <= 8) {
    steps(left, right, all_columns{}, std::make_index_sequence<in_all>{});
  } else if constexpr (in_row <= 12) {
    for (std::size_t i = 0; i < runs.rows; ++i, left += P.tap_row_step, right += right_row_step)
      steps(left, right, all_columns{}, std::make_index_sequence<in_row>{});
  } else {
    constexpr std::size_t unrolled = runs.length <= 6 ? runs.length : 4;
    for (std::size_t i = 0; i < runs.rows; ++i, left += P.tap_row_step, right += right_row_step) {
      const T *left_run = left, *right_run = right;
      for (std::size_t j = 0; j < runs.columns; ++j, left_run += P.tap_column_step, right_run += right_column_step) {
        const T *left_at = left_run, *right_at = right_run;
        for (std::size_t k = 0; k < runs.length / unrolled; ++k, left_at += unrolled, right_at += unrolled * Width)
          steps(left_at, right_at, one_column{}, std::make_index_sequence<unrolled>{});
        steps(left_at, right_at, one_column{}, std::make_index_sequence<runs.length % unrolled>{});
      }
    }
  }
}

} // namespace fusegrad::kernel::inline FUSEGRAD_ABI
