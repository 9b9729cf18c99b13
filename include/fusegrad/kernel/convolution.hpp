// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/convolution_names.hpp>
#include <fusegrad/kernel/even_cut.hpp>
#include <fusegrad/kernel/fused_expression.hpp>
#include <fusegrad/kernel/image_epilogue.hpp>
#include <fusegrad/kernel/image_places.hpp>
#include <fusegrad/kernel/largest.hpp>
#include <fusegrad/kernel/paired_convolution.hpp>
#include <fusegrad/kernel/panels.hpp>
#include <fusegrad/kernel/tile.hpp>
#include <fusegrad/kernel/unroll.hpp>
#include <fusegrad/kernel/window_pattern.hpp>
#include <fusegrad/kernel/window_sums.hpp>
#include <fusegrad/math/number.hpp>
#include <type_traits>
#include <utility>

namespace fusegrad::kernel::inline FUSEGRAD_ABI {

/// Windows of an image times a matrix, with an expression applied to the result before it reaches memory: a convolution
/// forward (left the image, right the weight, [taps * channels][columns] in panels) and the gradient of its input
/// backward (left dy, right the transposed weight), which is one of `Patterns` for each phase of the stride.
///
/// With a `Pool` the expression is applied to the largest of each window of sums, and its results are as many as there
/// are windows. With `KeepsPlace` one more result follows: the number of the largest within its window, row by row.
/// `Columns` is the number of columns where the compiler is to know it: where half a vector holds them, two positions
/// share one.
template <class T, column_tiles Tiles, auto Table, auto Accesses, auto Patterns, pooling Pool, bool KeepsPlace,
          std::size_t Columns>
struct convolution {
  using fused = fused_expression<T, Table, Accesses>;
  using vector = math::vector<T>;
  static constexpr std::size_t lanes = static_cast<std::size_t>(math::native_lanes<T>);

  FUSEGRAD_INLINE static constexpr void run(const call<T>& c) noexcept {
    if (__builtin_is_constant_evaluated()) return run_plainly(c);
    if constexpr (Patterns.size() == 1 && makes_pairs<T>(Patterns[0], Pool, Columns))
      return paired_convolution<T, Table, Accesses, Patterns[0], Pool, KeepsPlace>::run(c);
    else
      for (std::size_t sample = 0; sample < c.samples; ++sample)
        [&]<std::size_t... Which>(std::index_sequence<Which...>)
            FUSEGRAD_INLINE { (image<Patterns[Which]>(c, sample), ...); }(std::make_index_sequence<Patterns.size()>{});
  }

  /// The plain loops that the kernel is compared with, and what constant expressions use.
  static constexpr void run_plainly(const call<T>& c) noexcept {
    for (std::size_t sample = 0; sample < c.samples; ++sample)
      for (const window_pattern& p : Patterns)
        for (std::size_t y = 0; y < p.rows; y += Pool.rows) {
          call<T> row;
          point_to_made_row<T, Accesses>(row, c, p, kept + (KeepsPlace ? 1 : 0), sample, y / Pool.rows);
          for (std::size_t x = 0; x < p.columns; x += Pool.columns)
            for (std::size_t column = 0; column < c.columns; ++column) plain_number(c, row, p, sample, y, x, column);
        }
  }

private:
  static constexpr std::size_t kept = fused::result_count; ///< the result that holds places
  static constexpr int pool_size = static_cast<int>(Pool.rows * Pool.columns);
  static_assert(kept + (KeepsPlace ? 1 : 0) <= most_places);
  static_assert(Pool.is_none() ||
                    (Patterns.size() == 1 && Patterns[0].made_row_step == 1 && Patterns[0].made_column_step == 1 &&
                     Patterns[0].rows % Pool.rows == 0 && Patterns[0].columns % Pool.columns == 0),
                "a pool takes whole windows of one pattern");
  static_assert(!KeepsPlace || !Pool.is_none(), "only a pool has places");

  static constexpr void plain_number(const call<T>& c, const call<T>& row, const window_pattern& p, std::size_t sample,
                                     std::size_t y, std::size_t x, std::size_t column) {
    T largest = plain_sum(c, p, sample, y, x, column);
    std::size_t place = 0;
    for (std::size_t i = 1; i < Pool.rows * Pool.columns; ++i) {
      const T sum = plain_sum(c, p, sample, y + i / Pool.columns, x + i % Pool.columns, column);
      if (is_larger(sum, largest)) largest = sum, place = i;
    }
    const std::size_t at = x / Pool.columns;
    fused::number_at(row, at, column, largest);
    if constexpr (KeepsPlace) row.results[kept].data[at * row.results[kept].stride + column] = static_cast<T>(place);
  }
  static constexpr T plain_sum(const call<T>& c, const window_pattern& p, std::size_t sample, std::size_t y,
                               std::size_t x, std::size_t column) {
    T sum{};
    for (std::size_t i = 0; i < p.tap_rows; ++i)
      for (std::size_t j = 0; j < p.tap_columns; ++j) {
        const T* left = c.left_image.data + sample * c.left_image.sample_step + window_offset(p, y, x, i, j);
        for (std::size_t k = 0; k < p.channels; ++k)
          sum = math::multiply_add(left[k],
                                   c.right[panel_index<T>(c.depth, c.columns, right_row_of(p, i, j) + k, column)], sum);
      }
    return sum;
  }

  /// What a call of `tiles` works on: some vectors of the result's columns, and some positions.
  struct part {
    std::size_t sample, result_column;
    const T* right;
    std::size_t first_row, last_row, first_column, last_column;
  };

  template <window_pattern P> FUSEGRAD_INLINE static void image(const call<T>& c, std::size_t sample) {
    constexpr std::size_t width = static_cast<std::size_t>(Tiles.wide) * lanes;
    const std::size_t whole = padded<T>(c.columns) / width * width;
    if constexpr (P.rows * P.columns != 0) {
      for (std::size_t column = 0; column < whole; column += width) panel<P, Tiles.wide>(c, sample, column);
      if constexpr (Tiles.rest != 0) panel<P, Tiles.rest>(c, sample, whole);
    }
  }

  /// How many vectors of a panel a tile works on: all, unless a window of the pool does not fit the registers then.
  static constexpr int tile_width(int wide) {
    int vectors = wide;
    while (vectors > 1 && most_offset_rows(vectors) < pool_size) vectors = (vectors + 1) / 2;
    return vectors;
  }

  template <window_pattern P, int Wide>
  FUSEGRAD_INLINE static void panel(const call<T>& c, std::size_t sample, std::size_t column) {
    constexpr int vectors = tile_width(Wide);
    const T* right = c.right + column * c.depth + right_row_of(P, 0, 0) * static_cast<std::size_t>(Wide) * lanes;
    part now{sample, column, right, 0, P.rows, 0, P.columns};
    for (int v = 0; v + vectors <= Wide; v += vectors) {
      positions<P, Wide, vectors>(c, now);
      now.result_column += static_cast<std::size_t>(vectors) * lanes;
      now.right += static_cast<std::size_t>(vectors) * lanes;
    }
    if constexpr (Wide % vectors != 0) positions<P, Wide, Wide % vectors>(c, now);
  }

  /// All positions in at most two sizes of tiles. These never cross the end of an image row; of narrow rows a tile may
  /// have several.
  template <window_pattern P, int Wide, int Vectors> FUSEGRAD_INLINE static void positions(const call<T>& c, part now) {
    constexpr std::size_t most = static_cast<std::size_t>(most_offset_rows(Vectors));
    if constexpr (pool_size > static_cast<int>(most)) {
      large_windows<P, Wide, Vectors>(c, now);
    } else {
      constexpr even_cut across = cut_evenly(P.columns / Pool.columns, most / (Pool.rows * Pool.columns));
      constexpr bool is_narrow = across.parts() == 1;
      constexpr even_cut high = cut_evenly(P.rows / Pool.rows, is_narrow ? most / (P.columns * Pool.rows) : 1);
      constexpr int first_high = static_cast<int>(high.longest() * Pool.rows),
                    first_across = static_cast<int>(across.longest() * Pool.columns);
      constexpr bool has_second = is_narrow ? high.longer * high.others != 0 : across.longer * across.others != 0;
      if constexpr (!has_second) {
        tiles<P, Wide, Vectors, first_high, first_across>(c, now);
      } else {
        if constexpr (is_narrow)
          now.last_row = high.longer * first_high;
        else
          now.last_column = across.longer * first_across;
        tiles<P, Wide, Vectors, first_high, first_across>(c, now);
        if constexpr (is_narrow)
          now.first_row = now.last_row, now.last_row = P.rows;
        else
          now.first_column = now.last_column, now.last_column = P.columns;
        constexpr int second_high = is_narrow ? static_cast<int>(high.size * Pool.rows) : first_high,
                      second_across = is_narrow ? first_across : static_cast<int>(across.size * Pool.columns);
        tiles<P, Wide, Vectors, second_high, second_across>(c, now);
      }
    }
  }

  // Functions of their own: the compiler works through code as large as a tile again on every level that it is inlined
  // into.
  template <window_pattern P, int Wide, int Vectors, int High, int Across>
  [[gnu::noinline]] static void tiles(const call<T>& c, const part& where) {
    constexpr int made_high = High / static_cast<int>(Pool.rows), made_across = Across / static_cast<int>(Pool.columns);
    const part now = where;
    const int filled = filled_lanes<T, Vectors>(c.columns, now.result_column);
    const T* image = c.left_image.data + now.sample * c.left_image.sample_step;
    for (std::size_t y = now.first_row; y < now.last_row; y += High) {
      const places_of_rows<T, fused, Accesses, made_high> at(c, P, now.sample, y / Pool.rows);
      const place_rows<T, made_high, KeepsPlace> kept_at(c.results[kept], P, now.sample, y / Pool.rows);
      for (std::size_t x = now.first_column; x < now.last_column; x += Across) {
        tile<vector, High * Across, Vectors> sum{};
        add_windows<T, P, High, Across, Vectors, static_cast<std::size_t>(Wide) * lanes>(
            sum, image + window_offset(P, y, x), now.right);
        if constexpr (Pool.is_none()) {
          finish_tile<fused, made_high, made_across, Vectors>(at, x, now.result_column, filled, sum);
        } else {
          tile<vector, made_high * made_across, Vectors> largest;
          take_largest<P, High, Across, Vectors>(kept_at, x / Pool.columns, now.result_column, filled, sum, largest);
          finish_tile<fused, made_high, made_across, Vectors>(at, x / Pool.columns, now.result_column, filled, largest);
        }
      }
    }
  }

  template <window_pattern P, int High, int Across, int Vectors>
  FUSEGRAD_INLINE static void take_largest(const place_rows<T, High / static_cast<int>(Pool.rows), KeepsPlace>& kept_at,
                                           std::size_t position, std::size_t column, int filled,
                                           const tile<vector, High * Across, Vectors>& sum,
                                           tile<vector, High * Across / pool_size, Vectors>& largest) {
    constexpr int rows = static_cast<int>(Pool.rows), columns = static_cast<int>(Pool.columns);
    constexpr int made_across = Across / columns;
    unroll<High * Across / pool_size * Vectors>([&](auto n) FUSEGRAD_INLINE {
      constexpr int made = n / Vectors, v = n % Vectors;
      constexpr int first = made / made_across * rows * Across + made % made_across * columns;
      largest_so_far<T, KeepsPlace> so_far(sum[first][v]);
      unroll<pool_size - 1>([&](auto before) FUSEGRAD_INLINE {
        constexpr int i = before + 1;
        so_far.take(sum[first + i / columns * Across + i % columns][v], vector(static_cast<T>(i)));
      });
      largest[made][v] = so_far.value;
      if constexpr (KeepsPlace)
        kept_at.store(made / made_across, position + static_cast<std::size_t>(made % made_across),
                      column + static_cast<std::size_t>(v) * lanes, v == Vectors - 1 ? filled : vector::lanes,
                      so_far.place);
    });
  }

  /// Windows that fit the registers only in parts, one after the other.
  template <window_pattern P, int Wide, int Vectors>
  [[gnu::noinline]] static void large_windows(const call<T>& c, const part& where) {
    constexpr even_cut across = cut_evenly(Pool.columns, static_cast<std::size_t>(most_offset_rows(Vectors)));
    const part now = where;
    const int filled = filled_lanes<T, Vectors>(c.columns, now.result_column);
    for (std::size_t y = 0; y < P.rows; y += Pool.rows) {
      const places_of_rows<T, fused, Accesses, 1> at(c, P, now.sample, y / Pool.rows);
      const place_rows<T, 1, KeepsPlace> kept_at(c.results[kept], P, now.sample, y / Pool.rows);
      for (std::size_t x = 0; x < P.columns; x += Pool.columns) {
        line<largest_so_far<T, KeepsPlace>, Vectors> so_far;
        for (std::size_t i = 0; i < Pool.rows; ++i)
          for (std::size_t k = 0; k < across.parts(); ++k) {
            const T* left = c.left_image.data + now.sample * c.left_image.sample_step +
                            window_offset(P, y + i, x + across.begin(k));
            const auto number = static_cast<T>(i * Pool.columns + across.begin(k));
            if (k < across.longer)
              part_of_window<P, Wide, Vectors, static_cast<int>(across.longest())>(left, now.right, number, so_far);
            else
              part_of_window<P, Wide, Vectors, static_cast<int>(across.size)>(left, now.right, number, so_far);
          }
        tile<vector, 1, Vectors> largest;
        unroll<Vectors>([&](auto v) FUSEGRAD_INLINE {
          largest[0][v] = so_far[v].value;
          if constexpr (KeepsPlace)
            kept_at.store(0, x / Pool.columns, now.result_column + static_cast<std::size_t>(v) * lanes,
                          v == Vectors - 1 ? filled : vector::lanes, so_far[v].place);
        });
        finish_tile<fused, 1, 1, Vectors>(at, x / Pool.columns, now.result_column, filled, largest);
      }
    }
  }
  template <window_pattern P, int Wide, int Vectors, int Across>
  [[gnu::noinline]] static void part_of_window(const T* left, const T* right, T first_number,
                                               line<largest_so_far<T, KeepsPlace>, Vectors>& so_far) {
    tile<vector, Across, Vectors> sum{};
    add_windows<T, P, 1, Across, Vectors, static_cast<std::size_t>(Wide) * lanes>(sum, left, right);
    for (int r = 0; r < Across; ++r)
      for (int v = 0; v < Vectors; ++v) so_far[v].take(sum[r][v], vector(first_number + static_cast<T>(r)));
  }
};

} // namespace fusegrad::kernel::inline FUSEGRAD_ABI
