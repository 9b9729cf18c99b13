// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <fusegrad/kernel/convolution_names.hpp>
#include <fusegrad/kernel/even_cut.hpp>
#include <fusegrad/kernel/fused_expression.hpp>
#include <fusegrad/kernel/image_places.hpp>
#include <fusegrad/kernel/panels.hpp>
#include <fusegrad/kernel/pool_windows.hpp>
#include <fusegrad/kernel/run_vectors.hpp>
#include <fusegrad/kernel/tile.hpp>
#include <fusegrad/kernel/unroll.hpp>
#include <fusegrad/math/lane_numbers.hpp>
#include <fusegrad/math/number.hpp>
#include <limits>
#include <type_traits>

namespace fusegrad::kernel::inline FUSEGRAD_ABI {

/// dX of a convolution whose sums a max pool reads, with an expression applied to it before it reaches memory.
/// `Pattern` and `Pool` are the forward ones. `right_image` holds the gradient, one number for each window and made
/// channel, `places_image` which number of the window it belongs to; `right` is the transposed weight [taps *
/// made][channels] in panels, with all made channels of a tap behind each other, and `depth` the number of its rows.
///
/// Results and arguments are images of `image_rows` by `rows` positions, `columns` (the channels) wide. Of `left_image`
/// the steps from position to position and from image row to image row are read, which the pattern counts in. `Made` is
/// the number of made channels where the compiler is to know it, which is worth a fifth of the time.
template <class T, auto Table, auto Accesses, window_pattern Pattern, pooling Pool, std::size_t Made>
struct pooled_input_gradient {
  using fused = fused_expression<T, Table, Accesses>;
  using vector = math::vector<T>;
  static constexpr std::size_t lanes = static_cast<std::size_t>(math::native_lanes<T>);

  FUSEGRAD_INLINE static constexpr void run(const call<T>& c) noexcept {
    if (__builtin_is_constant_evaluated()) return run_plainly(c);
    for (std::size_t sample = 0; sample < c.samples; ++sample) image(c, sample);
  }

  /// The plain loops that the kernel is compared with, and what constant expressions use.
  static constexpr void run_plainly(const call<T>& c) noexcept {
    for (std::size_t sample = 0; sample < c.samples; ++sample) {
      constexpr std::size_t all = (window_rows - 1) * row_numbers + reach;
      T* sums = new T[all]{};
      for (std::size_t y = 0; y < window_rows; ++y)
        for (std::size_t x = 0; x < window_columns; ++x)
          for (std::size_t o = 0; o < made(c); ++o) plain_window(c, sample, y, x, o, sums);
      for (std::size_t y = 0; y < c.image_rows; ++y) {
        call<T> row;
        point_to_made_row<T, Accesses>(row, c, window_pattern{}, fused::result_count, sample, y);
        for (std::size_t x = 0; x < c.rows; ++x)
          for (std::size_t k = 0; k < c.columns; ++k) {
            const std::ptrdiff_t at = number_of(c, y, x) + static_cast<std::ptrdiff_t>(k);
            fused::number_at(row, x, k, at >= 0 && at < static_cast<std::ptrdiff_t>(all) ? sums[at] : T{});
          }
      }
      delete[] sums;
    }
  }

private:
  using position = math::signed_of<T>;
  static constexpr std::size_t taps = std::size_t{Pattern.tap_rows} * Pattern.tap_columns;
  static constexpr std::size_t window_rows = pool_rows_of(Pattern, Pool),
                               window_columns = pool_columns_of(Pattern, Pool);
  static constexpr std::size_t pool_size = std::size_t{Pool.rows} * Pool.columns;
  /// From one row of windows to the next; and how many numbers a row of windows reaches over.
  static constexpr std::size_t row_numbers = std::size_t{Pool.rows} * Pattern.row_step;
  static constexpr std::size_t reach = static_cast<std::size_t>(
      window_offset(Pattern, Pool.rows - 1, Pattern.columns - 1, Pattern.tap_rows - 1, Pattern.tap_columns - 1) -
      Pattern.first + static_cast<std::ptrdiff_t>(Pattern.channels));
  static_assert(Pattern.tap_row_step >= 0 && Pattern.tap_column_step >= 0, "the forward pattern is asked for");

  static constexpr std::size_t made(const call<T>& c) { return Made != 0 ? Made : c.depth / taps; }
  /// Where a position lies in a scratch that begins with the first window.
  static constexpr std::ptrdiff_t number_of(const call<T>& c, std::size_t y, std::size_t x) {
    return static_cast<std::ptrdiff_t>(y * c.left_image.row_step + x * c.left_image.stride) - Pattern.first;
  }

  static constexpr void plain_window(const call<T>& c, std::size_t sample, std::size_t y, std::size_t x, std::size_t o,
                                     T* sums) {
    const T dy = window_at(c.right_image, sample, y, x)[o];
    const auto number = static_cast<std::size_t>(window_at(c.places_image, sample, y, x)[o]);
    for (std::size_t tap = 0; tap < taps; ++tap) {
      const std::ptrdiff_t at = window_offset(Pattern, y * Pool.rows, x * Pool.columns, tap / Pattern.tap_columns,
                                              tap % Pattern.tap_columns) -
                                Pattern.first + place_offset(Pattern, Pool, number);
      for (std::size_t k = 0; k < Pattern.channels; ++k)
        sums[at + static_cast<std::ptrdiff_t>(k)] =
            math::multiply_add(dy, c.right[panel_index<T>(c.depth, c.columns, tap * made(c) + o, k)],
                               sums[at + static_cast<std::ptrdiff_t>(k)]);
    }
  }

  static constexpr column_tiles tiles = tiles_for<T>(Pattern.channels);
  /// So many rows of windows are added before what they alone reach leaves the scratch.
  static constexpr std::size_t band_rows = [] {
    const std::size_t fitting = 65536 / (row_numbers * sizeof(T) + 1);
    return fitting == 0 ? std::size_t{1} : fitting < window_rows ? fitting : window_rows;
  }();
  static constexpr std::size_t band_numbers = band_rows * row_numbers;
  static constexpr std::size_t scratch_numbers = (band_rows - 1) * row_numbers + padded<T>(reach) + lanes;
  static constexpr bool is_whole = has_whole_vectors<T>(Pattern);

  // A function of its own: the scratch is to lie on the stack only while it is needed.
  [[gnu::noinline]] static void image(const call<T>& c, std::size_t sample) {
    alignas(vector) T scratch[scratch_numbers];
    for (T& number : scratch) number = T{};
    cursor done;
    for (std::size_t first = 0; first < window_rows; first += band_rows) {
      const std::size_t last = first + band_rows < window_rows ? first + band_rows : window_rows;
      for (std::size_t o = 0; o < made(c); o += block) add_band(c, sample, first, last, o, scratch);
      const auto begin = static_cast<std::ptrdiff_t>(first * row_numbers);
      if (last == window_rows)
        return leave(c, sample, begin, std::numeric_limits<std::ptrdiff_t>::max(), done, scratch);
      leave(c, sample, begin, static_cast<std::ptrdiff_t>(band_numbers), done, scratch);
      constexpr std::size_t kept = scratch_numbers > band_numbers ? scratch_numbers - band_numbers : 0;
      for (std::size_t i = 0; i < kept; ++i) scratch[i] = scratch[i + band_numbers];
      for (std::size_t i = kept; i < scratch_numbers; ++i) scratch[i] = T{};
    }
  }

  /// The first position that has not yet left the scratch.
  struct cursor {
    std::size_t row = 0, column = 0;
  };

  /// Applies the expression to all positions before the number `end` of the scratch, in order; the scratch begins with
  /// the number `begin` of the image.
  static void leave(const call<T>& c, std::size_t sample, std::ptrdiff_t begin, std::ptrdiff_t end, cursor& done,
                    const T* scratch) {
    for (; done.row < c.image_rows; ++done.row, done.column = 0) {
      const places_of_rows<T, fused, Accesses, 1> at(c, window_pattern{}, sample, done.row);
      const std::ptrdiff_t from = number_of(c, done.row, 0) - begin;
      // Nearly all rows are such: no position of them needs to be looked at.
      const std::ptrdiff_t last = from + static_cast<std::ptrdiff_t>((c.rows - 1) * c.left_image.stride);
      if (done.column == 0 && from >= 0 && last < end && is_reached(last)) {
        for (std::size_t x = 0; x < c.rows; ++x) leave_position(at, x, scratch + from + x * c.left_image.stride);
        continue;
      }
      for (; done.column < c.rows; ++done.column) {
        const std::ptrdiff_t number = from + static_cast<std::ptrdiff_t>(done.column * c.left_image.stride);
        if (number >= end) return;
        leave_position(at, done.column, number >= 0 && is_reached(number) ? scratch + number : zeros);
      }
    }
  }
  static constexpr bool is_reached(std::ptrdiff_t number) {
    return number + static_cast<std::ptrdiff_t>(Pattern.channels) <= std::ptrdiff_t{scratch_numbers};
  }
  FUSEGRAD_INLINE static void leave_position(const places_of_rows<T, fused, Accesses, 1>& at, std::size_t x,
                                             const T* sums) {
    unroll<static_cast<int>(padded<T>(Pattern.channels) / lanes)>([&](auto v) FUSEGRAD_INLINE {
      constexpr std::size_t k = static_cast<std::size_t>(v) * lanes;
      constexpr int filled = Pattern.channels - k < lanes ? static_cast<int>(Pattern.channels - k) : vector::lanes;
      const vector sum = filled == vector::lanes ? vector::load(sums + k) : vector::load_first(sums + k, filled);
      fused::row_at(at.items[0], x, k, filled, sum);
    });
  }
  static constexpr T zeros[padded<T>(Pattern.channels)]{};

  /// How many made channels at a time: so many that their part of the weight stays in the nearest cache.
  static constexpr std::size_t block = 2 * lanes;
  static_assert(block <= 64);

  /// Adds some rows of windows and some made channels to the scratch, whose vectors are worked on in as many pieces as
  /// fit the registers.
  FUSEGRAD_INLINE static void add_band(const call<T>& c, std::size_t sample, std::size_t first, std::size_t last,
                                       std::size_t o, T* scratch) {
    constexpr std::size_t width = static_cast<std::size_t>(tiles.wide) * lanes;
    for (std::size_t panel = 0; panel < padded<T>(Pattern.channels) / width; ++panel)
      add_panel<tiles.wide>(c, {sample, first, last, o, panel * width}, scratch);
    if constexpr (tiles.rest != 0)
      add_panel<tiles.rest>(c, {sample, first, last, o, padded<T>(Pattern.channels) / width * width}, scratch);
  }
  struct part {
    std::size_t sample, first, last, made, column;
  };
  static constexpr std::size_t most = static_cast<std::size_t>(math::register_count - 4);

  template <int Wide> FUSEGRAD_INLINE static void add_panel(const call<T>& c, const part& now, T* scratch) {
    // As many vectors of a panel as leave room for all taps, if that can be; then as many rows of taps.
    constexpr int vectors = [] {
      int fitting = Wide;
      while (Wide % fitting != 0 || (fitting > 1 && taps * static_cast<std::size_t>(fitting) > most)) --fitting;
      return fitting;
    }();
    constexpr std::size_t in_row = std::size_t{Pattern.tap_columns} * vectors;
    constexpr even_cut high = cut_evenly(Pattern.tap_rows, in_row > most ? 1 : most / in_row);
    for (int v = 0; v < Wide; v += vectors)
      for (std::size_t k = 0; k < high.parts(); ++k) {
        if constexpr (high.longer != 0)
          if (k < high.longer) add_windows<Wide, vectors, high.longest()>(c, now, v, high.begin(k), scratch);
        if constexpr (high.others != 0)
          if (k >= high.longer) add_windows<Wide, vectors, high.size>(c, now, v, high.begin(k), scratch);
      }
  }

  /// The made channels of a block whose gradient is not zero, as bits, for each number of a place.
  struct made_channels {
    std::uint64_t at[pool_size];

    FUSEGRAD_INLINE made_channels(const T* dy, const T* number, std::size_t count) {
      for (std::uint64_t& set : at) set = 0;
      for (std::size_t o = 0; o < count; o += lanes) {
        const std::uint64_t alive = bits_of(vector::load_aligned(dy + o) != vector(T{0}));
        const vector here = vector::load_aligned(number + o);
        for (std::size_t k = 0; k < pool_size; ++k) at[k] |= (alive & bits_of(here == vector(static_cast<T>(k)))) << o;
      }
    }
    FUSEGRAD_INLINE static std::uint64_t bits_of(typename vector::mask_type set) {
      return math::intrinsics::lane_bits<position, vector::lanes>(set.native);
    }
  };

  // A function of its own: the compiler works through code as large as a tile again on every level that it is inlined
  // into.
  template <int Wide, int Vectors, std::size_t High>
  [[gnu::noinline]] static void add_windows(const call<T>& c, const part& where, int first_vector, std::size_t tap_row,
                                            T* scratch) {
    constexpr std::size_t width = static_cast<std::size_t>(Wide) * lanes;
    const part now = where;
    const std::size_t skipped = static_cast<std::size_t>(first_vector) * lanes, all = made(c);
    const std::size_t count = padded<T>(all - now.made < block ? all - now.made : block);
    const T* right =
        c.right + now.column * c.depth + skipped + (tap_row * Pattern.tap_columns * all + now.made) * width;
    T* const to = scratch + static_cast<std::ptrdiff_t>(tap_row) * Pattern.tap_row_step + now.column + skipped;
    const int filled = filled_lanes<Vectors>(now.column + skipped);
    for (std::size_t y = now.first; y < now.last; ++y)
      for (std::size_t x = 0; x < window_columns; ++x) {
        const T* dy = window_at(c.right_image, now.sample, y, x) + now.made;
        const made_channels alive(dy, window_at(c.places_image, now.sample, y, x) + now.made, count);
        T* window = to + (y - now.first) * row_numbers + x * Pool.columns * Pattern.column_step;
        for (std::size_t k = 0; k < pool_size; ++k)
          if (alive.at[k] != 0)
            add_place<Vectors, High, width>(window + place_offset(Pattern, Pool, k), dy, right, all * width,
                                            alive.at[k], filled);
      }
  }

  /// Adds some made channels whose numbers all belong to the same place.
  template <int Vectors, std::size_t High, std::size_t Width>
  FUSEGRAD_INLINE static void add_place(T* to, const T* dy, const T* right, std::size_t tap_step,
                                        std::uint64_t channels, int filled) {
    constexpr int columns = static_cast<int>(Pattern.tap_columns), all = static_cast<int>(High) * columns * Vectors;
    const auto at = [&](auto i) FUSEGRAD_INLINE {
      return to + i / Vectors / columns * Pattern.tap_row_step + i / Vectors % columns * Pattern.tap_column_step +
             i % Vectors * vector::lanes;
    };
    constexpr bool is_filled = is_whole || Pattern.channels % lanes == 0;
    line<vector, all> sum;
    unroll<all>([&](auto i) FUSEGRAD_INLINE {
      sum[i] = is_filled || i % Vectors != Vectors - 1 ? vector::load(at(i)) : vector::load_first(at(i), filled);
    });
    for (; channels != 0; channels &= channels - 1) {
      const auto o = static_cast<std::size_t>(std::countr_zero(channels));
      const vector factor(dy[o]);
      const T* from = right + o * Width;
      unroll<all>([&](auto i) FUSEGRAD_INLINE {
        sum[i] = multiply_add(factor,
                              vector::load_aligned(from + static_cast<std::size_t>(i / Vectors) * tap_step +
                                                   static_cast<std::size_t>(i % Vectors) * lanes),
                              sum[i]);
      });
    }
    unroll<all>([&](auto i) FUSEGRAD_INLINE {
      if (is_filled || i % Vectors != Vectors - 1)
        sum[i].store(at(i));
      else
        sum[i].store_first(at(i), filled);
    });
  }

  /// Only the last vector of the last panel can be filled in part.
  template <int Vectors> FUSEGRAD_INLINE static int filled_lanes(std::size_t column) {
    const std::size_t before = column + static_cast<std::size_t>(Vectors - 1) * lanes;
    const std::size_t left_over = Pattern.channels > before ? Pattern.channels - before : 0;
    return left_over < lanes ? static_cast<int>(left_over) : math::native_lanes<T>;
  }
};

} // namespace fusegrad::kernel::inline FUSEGRAD_ABI
