// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/convolution_names.hpp>
#include <fusegrad/kernel/fused_expression.hpp>
#include <fusegrad/kernel/paired_weight_gradient.hpp>
#include <fusegrad/kernel/panels.hpp>
#include <fusegrad/kernel/pool_windows.hpp>
#include <fusegrad/kernel/run_vectors.hpp>
#include <fusegrad/kernel/tap_tiles.hpp>
#include <fusegrad/kernel/tile.hpp>
#include <fusegrad/kernel/transpose.hpp>
#include <fusegrad/kernel/unroll.hpp>
#include <fusegrad/kernel/window_sums.hpp>
#include <fusegrad/math/number.hpp>
#include <type_traits>

namespace fusegrad::kernel::inline FUSEGRAD_ABI {

/// Whether the gradient of a window is spread over its positions in registers. Else each column's number alone is
/// multiplied with the left numbers of its place, which takes longer where these are few. In cycles, for a window and a
/// vector of columns, as measured: a vector that does not begin at a whole one takes as long as two that do.
/// `Columns` is how many there are where the compiler is to know it, else 0.
template <class T, window_pattern P, pooling Pool, std::size_t Columns = 0> constexpr bool spreads_windows() noexcept {
  using numbers = run_vectors<T, P>;
  constexpr std::size_t depth = std::size_t{P.tap_rows} * P.tap_columns * P.channels;
  constexpr std::size_t spread = sums_pairs<T>(P, Pool, Columns)
                                     ? std::size_t{Pool.rows} * (pair_depth(P) / 2 + 1)
                                     : std::size_t{Pool.rows} * Pool.columns * (depth / 2 + 1);
  constexpr std::size_t one = numbers::is_whole ? numbers::all / 2 + 1 : numbers::all + 2;
  constexpr std::size_t columns = Columns != 0 && Columns < numbers::lanes ? Columns : numbers::lanes;
  return spread <= 20 + columns * (one < 4 ? 4 : one);
}

/// The work of `pooled_weight_gradient` is shared in units of a vector of columns and some vectors of the rows of the
/// weight, or of one register tile of the weight.
template <class T, window_pattern P, pooling Pool, std::size_t Columns>
constexpr std::size_t pooled_units(std::size_t columns) noexcept {
  if (spreads_windows<T, P, Pool, Columns>())
    return sums_pairs<T>(P, Pool, Columns) ? pair_tiles_of(P).count() : tap_units<T>(P, columns);
  return padded<T>(columns) / run_vectors<T, P>::lanes * run_vectors<T, P>::tiles.count();
}

/// dW of a convolution whose sums a max pool reads: `convolution_gradient` of a dy that is zero but for one number in
/// each window and column. `right_image` holds that number, `places_image` which of the window it is. The sums run over
/// samples and windows in order; where they are made in pairs, of each of a window's columns for itself.
template <class T, column_tiles Tiles, auto Table, auto Accesses, window_pattern Pattern, pooling Pool,
          std::size_t Columns>
struct pooled_weight_gradient {
  using fused = fused_expression<T, Table, Accesses>;
  using vector = math::vector<T>;
  static constexpr std::size_t lanes = static_cast<std::size_t>(math::native_lanes<T>);

  FUSEGRAD_INLINE static constexpr void run(const call<T>& c) noexcept {
    if (__builtin_is_constant_evaluated()) return run_plainly(c);
    for (std::size_t unit = c.first_unit; unit < c.last_unit; ++unit)
      if constexpr (!spreads_windows<T, Pattern, Pool, Columns>())
        sparse_unit(c, unit);
      else if constexpr (sums_pairs<T>(Pattern, Pool, Columns))
        paired_weight_gradient<T, Table, Accesses, Pattern, Pool>::run_unit(c, unit);
      else
        spread_unit(c, unit);
  }

  /// The plain loops that the kernel is compared with, and what constant expressions use.
  static constexpr void run_plainly(const call<T>& c) noexcept {
    for (std::size_t i = 0; i < depth; ++i)
      for (std::size_t o = 0; o < c.columns; ++o) {
        const std::size_t at = panel_index<T>(depth, c.columns, i, o), tap = i / Pattern.channels;
        const std::ptrdiff_t of_row =
            window_offset(Pattern, 0, 0, tap / Pattern.tap_columns, tap % Pattern.tap_columns) - Pattern.first +
            static_cast<std::ptrdiff_t>(i % Pattern.channels);
        T sum{};
        for (std::size_t sample = 0; sample < c.samples; ++sample)
          for (std::size_t y = 0; y < window_rows; ++y)
            for (std::size_t x = 0; x < window_columns; ++x) {
              const auto number = static_cast<std::size_t>(window_at(c.places_image, sample, y, x)[o]);
              const T* left = c.left_image.data + sample * c.left_image.sample_step + pool_offset(Pattern, Pool, y, x) +
                              place_offset(Pattern, Pool, number) + of_row;
              sum = math::multiply_add(*left, window_at(c.right_image, sample, y, x)[o], sum);
            }
        fused::number_at(c, 0, at, c.accumulate ? sum + c.gradient[at] : sum);
      }
  }

private:
  using numbers = run_vectors<T, Pattern>;
  using position = math::signed_of<T>;
  static constexpr std::size_t depth = std::size_t{Pattern.tap_rows} * Pattern.tap_columns * Pattern.channels;
  static constexpr std::size_t window_rows = pool_rows_of(Pattern, Pool),
                               window_columns = pool_columns_of(Pattern, Pool);
  static constexpr int pool_size = static_cast<int>(Pool.rows * Pool.columns);

  FUSEGRAD_INLINE static void sparse_unit(const call<T>& c, std::size_t unit) {
    constexpr tap_tiles all = numbers::tiles;
    const std::size_t column = unit / all.count() * lanes;
    const tap_tile now = all.at(unit % all.count());
    if constexpr (all.cut.longer != 0)
      if (now.items == all.cut.longest()) return sparse_tile<all.cut.longest() * all.item_rows>(c, column, now.row);
    if constexpr (all.cut.others != 0) sparse_tile<all.cut.size * all.item_rows>(c, column, now.row);
  }

  /// Windows of one vector of columns: the numbers of dy, and where the left numbers of each one's place begin.
  struct window_list {
    /// The left numbers that they reach are read once for each column, and are to stay in the nearest cache.
    static constexpr std::size_t most = [] {
      const std::size_t bytes = Pool.rows * Pattern.row_step * sizeof(T) / window_columns + 1, fitting = 20480 / bytes;
      return fitting < 16 ? std::size_t{16} : fitting < 64 ? fitting : std::size_t{64};
    }();
    alignas(vector) T gradient[most * lanes];
    alignas(vector) position offset[most * lanes];
    alignas(vector) T nonzeros[lanes]; ///< how many in each column

    /// Of the windows from `first` on, in order, as many as there is room for. Distances are from the first one's
    /// sample, and small enough for a `position`.
    FUSEGRAD_INLINE std::size_t fill(const call<T>& c, std::size_t column, std::size_t first,
                                     std::size_t end) noexcept {
      constexpr std::size_t in_sample = window_rows * window_columns;
      const std::size_t first_sample = first / in_sample;
      const std::size_t reach = std::size_t{1} << 30, samples = reach / (c.left_image.sample_step + 1) + 1;
      if (end > (first_sample + samples) * in_sample) end = (first_sample + samples) * in_sample;
      if (end > first + most) end = first + most;
      vector counts(T{0});
      for (std::size_t i = first; i < end; ++i) {
        const std::size_t sample = i / in_sample, y = i % in_sample / window_columns, x = i % window_columns;
        const vector number = vector::load_aligned(window_at(c.places_image, sample, y, x) + column);
        const vector dy = vector::load_aligned(window_at(c.right_image, sample, y, x) + column);
        vector from_first(T{0});
        for (int k = 1; k < pool_size; ++k)
          from_first =
              select(number == vector(static_cast<T>(k)),
                     vector(static_cast<T>(place_offset(Pattern, Pool, static_cast<std::size_t>(k)))), from_first);
        const auto window =
            static_cast<position>(static_cast<std::ptrdiff_t>((sample - first_sample) * c.left_image.sample_step) +
                                  pool_offset(Pattern, Pool, y, x));
        const auto whole = __builtin_convertvector(from_first.native, typename math::mask<T>::native_type) + window;
        __builtin_memcpy(offset + (i - first) * lanes, &whole, sizeof whole);
        dy.store_aligned(gradient + (i - first) * lanes);
        counts += select(dy != vector(T{0}), vector(T{1}), vector(T{0}));
      }
      counts.store_aligned(nonzeros);
      return end - first;
    }
  };

  // A function of its own: the compiler works through code as large as a tile again on every level that it is inlined
  // into.
  template <std::size_t Vectors>
  [[gnu::noinline]] static void sparse_tile(const call<T>& c, std::size_t column, std::size_t first_vector) {
    vector sums[lanes][Vectors];
    for (auto& of_column : sums)
      for (vector& sum : of_column) sum = vector(T{0});
    const std::size_t columns = c.columns - column < lanes ? c.columns - column : lanes;
    const std::size_t run = first_vector / numbers::in_run;
    const std::ptrdiff_t begin =
        numbers::run_offset(run) + static_cast<std::ptrdiff_t>(numbers::first_number(first_vector, 0, Vectors));
    constexpr std::size_t in_sample = window_rows * window_columns;
    window_list list;
    for (std::size_t first = 0, end = c.samples * in_sample; first < end;) {
      const T* left = c.left_image.data + first / in_sample * c.left_image.sample_step + begin;
      const std::size_t count = list.fill(c, column, first, end);
      for (std::size_t o = 0; o < columns; ++o) add_column<Vectors>(list, left, o, count, sums[o]);
      first += count;
    }
    finish<Vectors>(c, column, first_vector, sums);
  }

  /// Adds the windows of one column. Where many of its numbers are zero, as behind a rectifier, the others are listed
  /// first: without a branch, since nobody can predict where the zeros are.
  template <std::size_t Vectors>
  FUSEGRAD_INLINE static void add_column(const window_list& list, const T* left, std::size_t o, std::size_t count,
                                         vector* sums) {
    constexpr std::size_t cost = Vectors / 2 + 1 < 4 ? 4 : Vectors / 2 + 1; // of a window, in cycles; of the list 2
    if (list.nonzeros[o] * static_cast<T>(cost) > static_cast<T>(count * (cost - 2)))
      return add_listed<Vectors, lanes>(list.gradient + o, list.offset + o, left, count, sums);
    T gradient[window_list::most + 1];
    position offset[window_list::most + 1];
    std::size_t found = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const T dy = list.gradient[i * lanes + o];
      gradient[found] = dy, offset[found] = list.offset[i * lanes + o];
      found += dy != T{0} ? 1 : 0;
    }
    add_listed<Vectors, 1>(gradient, offset, left, found, sums);
  }

  template <std::size_t Vectors, std::size_t Step>
  FUSEGRAD_INLINE static void add_listed(const T* gradient, const position* offset, const T* left, std::size_t count,
                                         vector* sums) {
    constexpr int vectors = static_cast<int>(Vectors);
    line<vector, vectors> sum;
    unroll<vectors>([&](auto r) FUSEGRAD_INLINE { sum[r] = sums[r]; });
    for (std::size_t i = 0; i < count; ++i) {
      const vector factor(gradient[i * Step]);
      const T* from = left + offset[i * Step];
      unroll<vectors>([&](auto r) FUSEGRAD_INLINE {
        sum[r] =
            multiply_add(numbers::load(from + numbers::offset_in_tile(static_cast<std::size_t>(r))), factor, sum[r]);
      });
    }
    unroll<vectors>([&](auto r) FUSEGRAD_INLINE { sums[r] = sum[r]; });
  }

  /// Where a vector of columns of the weight begins, and from one of its rows to the next.
  struct weight_columns {
    std::size_t begin, step;
    FUSEGRAD_INLINE weight_columns(const call<T>& c, std::size_t column)
        : begin{panel_index<T>(depth, c.columns, 0, column)},
          step{panel_index<T>(depth, c.columns, 1, column) - begin} {}
  };
  /// Calls `use` with every number that a vector of sums holds first: its lane, and its row of the weight.
  template <std::size_t Vectors, class Use>
  FUSEGRAD_INLINE static void with_rows(std::size_t first_vector, std::size_t r, Use&& use) {
    const std::size_t run = (first_vector + r) / numbers::in_run,
                      begin = numbers::first_number(first_vector, r, Vectors);
    for (std::size_t lane = numbers::first_new(first_vector, r, Vectors) - begin; lane < lanes; ++lane)
      if (begin + lane < numbers::runs.length) use(lane, run * numbers::runs.length + begin + lane);
  }

  template <std::size_t Vectors>
  FUSEGRAD_INLINE static void finish(const call<T>& c, std::size_t column, std::size_t first_vector,
                                     const vector (&sums)[lanes][Vectors]) {
    const typename fused::places places(c);
    const weight_columns at(c, column);
    for (std::size_t r = 0; r < Vectors; ++r) {
      vector square[lanes];
      for (std::size_t o = 0; o < lanes; ++o) square[o] = sums[o][r];
      detail::transpose_square<T>(square);
      with_rows<Vectors>(first_vector, r, [&](std::size_t lane, std::size_t row) FUSEGRAD_INLINE {
        if (c.accumulate) square[lane] += vector::load_aligned(c.gradient + at.begin + row * at.step);
        fused::row_at(places, 0, at.begin + row * at.step, vector::lanes, square[lane]);
      });
    }
  }

  FUSEGRAD_INLINE static void spread_unit(const call<T>& c, std::size_t unit) {
    constexpr std::size_t width = static_cast<std::size_t>(Tiles.wide) * lanes,
                          in_panel = tap_tiles_of(Pattern, Tiles.wide).count();
    const std::size_t whole = padded<T>(c.columns) / width, panel = unit / in_panel;
    if constexpr (Tiles.rest == 0)
      spread_panel<Tiles.wide>(c, panel * width, unit % in_panel);
    else if (panel < whole)
      spread_panel<Tiles.wide>(c, panel * width, unit % in_panel);
    else
      spread_panel<Tiles.rest>(c, whole * width, unit - whole * in_panel);
  }
  template <int Wide> FUSEGRAD_INLINE static void spread_panel(const call<T>& c, std::size_t column, std::size_t unit) {
    constexpr tap_tiles all = tap_tiles_of(Pattern, Wide);
    const tap_tile now = all.at(unit);
    if constexpr (all.cut.longer != 0)
      if (now.items == all.cut.longest()) return spread_tile<Wide, all.cut.longest()>(c, column, now);
    if constexpr (all.cut.others != 0) spread_tile<Wide, all.cut.size>(c, column, now);
  }

  template <int Wide, std::size_t Items>
  [[gnu::noinline]] static void spread_tile(const call<T>& c, std::size_t column, const tap_tile& now) {
    constexpr tap_tiles all = tap_tiles_of(Pattern, Wide);
    constexpr int high = static_cast<int>(Items * all.item_rows);
    constexpr std::size_t width = static_cast<std::size_t>(Wide) * lanes;
    const typename fused::places places(c);
    const std::size_t begin = column * depth + now.row * width;
    tile<vector, high, Wide> sum{};
    const place<T> right_image = c.right_image, places_image = c.places_image, left_image = c.left_image;
    const std::ptrdiff_t offset = now.offset;
    for (std::size_t sample = 0, samples = c.samples; sample < samples; ++sample)
      for (std::size_t y = 0; y < window_rows; ++y) {
        const T* left = left_image.data + sample * left_image.sample_step + pool_offset(Pattern, Pool, y, 0) + offset;
        const T *dy = window_at(right_image, sample, y, 0) + column,
                *number = window_at(places_image, sample, y, 0) + column;
        for (std::size_t x = 0; x < window_columns; ++x) {
          left = math::intrinsics::opaque(left);
          add_window<Wide, high, all.offsets(Items)>(sum, left, dy, number);
          left += Pool.columns * Pattern.column_step, dy += right_image.stride, number += places_image.stride;
        }
      }
    if (c.accumulate)
      unroll<high * Wide>([&](auto i) FUSEGRAD_INLINE {
        sum[i / Wide][i % Wide] += vector::load_aligned(c.gradient + begin + static_cast<std::size_t>(i) * lanes);
      });
    for (int i = 0; i < high * Wide; ++i)
      fused::row_at(places, 0, begin + static_cast<std::size_t>(i) * lanes, math::native_lanes<T>,
                    sum[i / Wide][i % Wide]);
  }
  template <int Wide, int High, tile_offsets Offsets>
  FUSEGRAD_INLINE static void add_window(tile<vector, High, Wide>& sum, const T* left, const T* dy, const T* number) {
    const right_row<T, Wide> gradient(dy), places(number);
    unroll<pool_size>([&](auto k) FUSEGRAD_INLINE {
      line<vector, Wide> here;
      unroll<Wide>([&](auto v) FUSEGRAD_INLINE {
        here[v] = select(places.items[v] == vector(static_cast<T>(k)), gradient.items[v], vector(T{0}));
      });
      add_products<T, High, Wide, Offsets>(sum, left + place_offset(Pattern, Pool, static_cast<std::size_t>(k)), here);
    });
  }
};

} // namespace fusegrad::kernel::inline FUSEGRAD_ABI
