// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/apart.hpp>
#include <fusegrad/kernel/fused_expression.hpp>
#include <fusegrad/kernel/microkernel.hpp>
#include <fusegrad/kernel/panels.hpp>
#include <fusegrad/kernel/row_blocks.hpp>
#include <fusegrad/kernel/tile.hpp>
#include <fusegrad/kernel/unroll.hpp>
#include <fusegrad/math/number.hpp>
#include <type_traits>

namespace fusegrad::kernel::inline FUSEGRAD_ABI {

/// The work of a weight gradient is shared in units of one panel and so many rows of the weight.
inline constexpr std::size_t weight_unit_rows = 24;
template <class T> constexpr std::size_t weight_units(std::size_t depth, std::size_t columns) noexcept {
  return panels_of<T>(columns) * ((depth + weight_unit_rows - 1) / weight_unit_rows);
}

namespace detail {
/// Rows of another left factor, each by its number: those of a tile that sticks out are the last one again.
template <class Left, int Rows> struct chosen_rows {
  Left all;
  std::size_t numbers[static_cast<std::size_t>(Rows)];
  FUSEGRAD_INLINE constexpr const auto& operator()(std::size_t row, std::size_t k) const noexcept {
    return all(numbers[row], k);
  }
};

/// The parts of a weight gradient: they are the same however its columns are cut, so that layers of many widths share
/// them.
template <class T, auto Table, auto Accesses, fixed_shape Fixed, bool IsOfParts, std::size_t Factors,
          bool LeftMayBeListed, bool MayKeep>
struct weight_gradient_parts {
  using fused = fused_expression<T, Table, Accesses>;
  using vector = math::vector<T>;
  static constexpr std::size_t lanes = static_cast<std::size_t>(math::native_lanes<T>);

  static constexpr std::size_t rows(const call<T>& c) { return Fixed.rows != 0 ? Fixed.rows : c.rows; }
  static constexpr std::size_t depth(const call<T>& c) { return Fixed.depth != 0 ? Fixed.depth : c.depth; }
  static constexpr std::size_t columns(const call<T>& c) { return Fixed.columns != 0 ? Fixed.columns : c.columns; }

  static constexpr std::size_t stride_of_left(const call<T>& c) {
    return IsOfParts ? c.left_stride : row_stride<T>(depth(c));
  }
  static constexpr std::size_t stride_of_right(const call<T>& c) {
    return IsOfParts ? c.right_stride : row_stride<T>(columns(c));
  }

  /// Whether this call stores the sum instead of using it.
  FUSEGRAD_INLINE static constexpr bool keeps(const call<T>& c) { return MayKeep && c.keeps_sum; }

  /// The sums of a tile over the samples. A factor that is listed is read in a loop of its own: the rest of a tile is
  /// the same.
  template <int High, int Wide, class Rows, class Ahead>
  FUSEGRAD_INLINE static void multiply(tile<vector, High, Wide>& sum, const call<T>& c, const T* right,
                                       std::size_t right_stride, std::size_t column, std::size_t first,
                                       const Rows& rows_of, Ahead ahead) {
    if constexpr (Factors != 1) {
      multiply_all<High, Wide>(sum, c, first, column, rows_of);
    } else {
      if constexpr (LeftMayBeListed)
        if (c.left_rows != nullptr)
          return multiply_tile<T, High, Wide>(sum, rows_of(columns_at_pointers<T>{c.left_rows, c.left_begin + first}),
                                              right, right_stride, rows(c), ahead);
      multiply_tile<T, High, Wide>(sum, rows_of(columns_at_distance<T>{c.left + first, stride_of_left(c)}), right,
                                   right_stride, rows(c), ahead);
    }
  }
  /// The pairs one after the other, so that the sums are loaded and stored once for all.
  template <int High, int Wide, class Rows>
  FUSEGRAD_INLINE static void multiply_all(tile<vector, High, Wide>& sum, const call<T>& c, std::size_t first,
                                           std::size_t column, const Rows& rows_of) {
    const T *left = c.left, *right = c.right;
    std::size_t left_stride = stride_of_left(c), right_stride = stride_of_right(c);
    for (std::size_t f = 1;; ++f) {
      multiply_tile<T, High, Wide>(sum, rows_of(columns_at_distance<T>{left + first, left_stride}), right + column,
                                   right_stride, rows(c));
      if (f == Factors) return;
      const auto& [next_left, next_right] = c.more_factors[f - 1];
      left = next_left.data, left_stride = next_left.stride;
      right = next_right.data, right_stride = next_right.stride;
    }
  }

  /// The rows of a panel on the right are read again for every few rows of the weight. Where there are many of those,
  /// they are copied first, to lie one behind the other: else each is on a page of its own.
  static constexpr std::size_t most_copied_rows = 128, least_tiles_to_copy = 16;

  /// Whether `fusegrad::kernels` has the kernel.
  static constexpr bool is_apart = is_weight_gradient_apart<T, Table, Accesses, Fixed, IsOfParts, Factors>();

  template <int Wide, bool IsApart = is_apart>
  FUSEGRAD_INLINE static void part_of_panel(const call<T>& c, std::size_t column, std::size_t begin, std::size_t end) {
    if constexpr (IsApart) {
      weight_gradient_apart<Wide, Table, Accesses>(c, column, begin, end);
    } else {
      constexpr auto high = static_cast<std::size_t>(tile_rows(Wide));
      if constexpr (Factors == 1 && Fixed.rows == 0 && Wide > 1)
        if (rows(c) <= most_copied_rows && end - begin >= least_tiles_to_copy * high)
          return tiles_of_copied_rows<Wide>(c, column, begin, end);
      all_tiles<Wide>(c, c.right + column, stride_of_right(c), column, begin, end);
    }
  }

  template <int Wide>
  [[gnu::noinline]] static void tiles_of_copied_rows(const call<T>& c, std::size_t column, std::size_t begin,
                                                     std::size_t end) {
    constexpr std::size_t width = static_cast<std::size_t>(Wide) * lanes;
    alignas(64) T copied[most_copied_rows * width];
    const T* from = c.right + column;
    for (std::size_t row = 0; row < rows(c); ++row, from += stride_of_right(c))
      for (std::size_t v = 0; v < width; v += lanes)
        vector::load_aligned(from + v).store_aligned(copied + row * width + v);
    all_tiles<Wide>(c, copied, width, column, begin, end);
  }

  template <int Wide>
  FUSEGRAD_INLINE static void all_tiles(const call<T>& c, const T* right, std::size_t right_stride, std::size_t column,
                                        std::size_t begin, std::size_t end) {
    constexpr int high = tile_rows(Wide);
    const std::size_t low = high > 4 ? begin + exact_blocks_of_rows(end - begin, high).high * high : begin;
    if constexpr (high > 4)
      if (low != begin) tiles<high, Wide>(c, right, right_stride, column, begin, low);
    if (low != end) low_tiles<Wide>(c, right, right_stride, column, low, end);
  }

  // Functions of their own: the compiler works through code as large as a tile again on every level that it is inlined
  // into.

  template <int High, int Wide>
  [[gnu::noinline]] static void tiles(const call<T>& c, const T* right, std::size_t right_stride, std::size_t column,
                                      std::size_t first, std::size_t last) {
    constexpr int all = High * Wide;
    const typename fused::places places(c);
    const auto each_row = [](const auto& left) FUSEGRAD_INLINE { return left; };
    for (std::size_t i = first; i < last; i += High) {
      const std::size_t begin = begin_of<Wide>(c, column, i);
      tile<vector, High, Wide> sum{};
      lines_ahead<cache_level::first> updated(places.results[0].data + begin);
      if constexpr (!asks_while_multiplying && Wide > 1)
        updated.ask_for(static_cast<std::size_t>(all) * lanes * sizeof(T));
      multiply<High, Wide>(sum, c, right, right_stride, column, i, each_row, updated);
      // Opaque: else GCC reads `c.gradient` again before each store. Where nothing is added or kept, it may be null.
      if (c.accumulate) {
        const T* const before = math::intrinsics::opaque(c.gradient + begin);
        count_to<all>([&](int n) FUSEGRAD_INLINE {
          sum[n / Wide][n % Wide] += vector::load_aligned(before + static_cast<std::size_t>(n) * lanes);
        });
      }
      if (keeps(c)) {
        T* const kept = math::intrinsics::opaque(c.gradient + begin);
        count_to<all>([&](int n) FUSEGRAD_INLINE {
          sum[n / Wide][n % Wide].store_aligned(kept + static_cast<std::size_t>(n) * lanes);
        });
        continue;
      }
      // Read once: the compiler must fear that what is stored for one number changes them for the next.
      const auto same = fused::shared_at(places, 0);
      const auto here = places.from(0, begin);
      const auto use = [&](int n) FUSEGRAD_INLINE {
        fused::row_at(here, same, 0, static_cast<std::size_t>(n) * lanes, math::native_lanes<T>,
                      sum[n / Wide][n % Wide]);
      };
      // The numbers of a tile stay in registers where the expression is short.
      if constexpr (fused::is_cheap)
        count_to<all>(use);
      else
        for (int n = 0; n < all; ++n) use(n);
    }
  }

  /// Tiles of four rows, of which the last may stick out: what it computes there is not stored. Sums make the detour
  /// over memory, since code costs the compiler time.
  template <int Wide>
  [[gnu::noinline]] static void low_tiles(const call<T>& c, const T* right, std::size_t right_stride,
                                          std::size_t column, std::size_t first, std::size_t last) {
    constexpr int high = 4;
    const typename fused::places places(c);
    for (std::size_t i = first; i < last; i += high) {
      const std::size_t begin = begin_of<Wide>(c, column, i), left_over = last - i - 1;
      tile<vector, high, Wide> sum{};
      multiply<high, Wide>(
          sum, c, right, right_stride, column, i,
          [&](const auto& left) FUSEGRAD_INLINE {
            const auto number = [&](std::size_t row) FUSEGRAD_INLINE { return row < left_over ? row : left_over; };
            return chosen_rows<std::remove_cvref_t<decltype(left)>, high>{left, {0, number(1), number(2), number(3)}};
          },
          no_lines_ahead{});
      // A copy: Clang would keep sums up to date in memory whose address is given away.
      vector made[static_cast<std::size_t>(high * Wide)];
      count_to<high * Wide>([&](int n) FUSEGRAD_INLINE { made[n] = sum[n / Wide][n % Wide]; });
      use_sums(c, places, begin, (left_over < high ? left_over + 1 : high) * Wide, made);
    }
  }
  [[gnu::noinline]] static void use_sums(const call<T>& c, const typename fused::places& places, std::size_t begin,
                                         std::size_t count, const vector* sums) {
    const auto same = fused::shared_at(places, 0);
    for (std::size_t n = 0; n < count; ++n) use_sum(c, places, same, begin + n * lanes, sums[n]);
  }

  /// Where the numbers of a panel's row begin: all of a tile lie one behind the other.
  template <int Wide> static constexpr std::size_t begin_of(const call<T>& c, std::size_t column, std::size_t row) {
    return column * depth(c) + row * static_cast<std::size_t>(Wide) * lanes;
  }

  /// A vector of the gradient, whole: added to what is there where it is to be, then kept or used.
  FUSEGRAD_INLINE static void use_sum(const call<T>& c, const typename fused::places& places,
                                      const typename fused::shared_arguments& same, std::size_t at, vector sum) {
    if (c.accumulate) sum += vector::load_aligned(c.gradient + at);
    if (keeps(c))
      sum.store_aligned(c.gradient + at);
    else
      fused::row_at(places, same, 0, at, math::native_lanes<T>, sum);
  }
};
} // namespace detail

/// dW = x^T dy over the samples of the call, [depth][columns] in panels like the weight, and an expression applied to
/// it before it reaches memory: a copy into `gradient`, or an update rule that writes the weight at once. All arguments
/// and results of the expression lie like the weight or are single numbers. Runs the units from `first_unit` to
/// `last_unit`. `IsOfParts`: rows of the factors lie among those of other values. `Factors`: so many pairs
/// of them have one sum. `MayKeep`: calls may ask to keep it instead, see `keep_sum`.
template <class T, column_tiles Tiles, auto Table, auto Accesses, fixed_shape Fixed = fixed_shape{},
          bool IsOfParts = false, std::size_t Factors = 1, bool LeftMayBeListed = false, bool MayKeep = false>
struct weight_gradient {
  using parts = detail::weight_gradient_parts<T, Table, Accesses, Fixed, IsOfParts, Factors, LeftMayBeListed, MayKeep>;
  using fused = fused_expression<T, Table, Accesses>;
  using vector = math::vector<T>;
  static constexpr std::size_t lanes = static_cast<std::size_t>(math::native_lanes<T>);

  FUSEGRAD_INLINE static constexpr void run(const call<T>& c) noexcept {
    if (__builtin_is_constant_evaluated()) return run_plainly(c);
    if constexpr (Fixed.rows == 1) return parts::keeps(c) ? run_single<MayKeep>(c) : run_single<false>(c);
    constexpr std::size_t width = static_cast<std::size_t>(Tiles.wide) * lanes;
    const std::size_t rows_of_units = (parts::depth(c) + weight_unit_rows - 1) / weight_unit_rows;
    for (std::size_t unit = c.first_unit; unit < c.last_unit;) {
      const std::size_t panel = unit / rows_of_units, begin = unit % rows_of_units;
      const std::size_t end =
          begin + (c.last_unit - unit) < rows_of_units ? begin + (c.last_unit - unit) : rows_of_units;
      const std::size_t last = end * weight_unit_rows < parts::depth(c) ? end * weight_unit_rows : parts::depth(c);
      unit += end - begin;
      if constexpr (Tiles.rest == 0)
        parts::template part_of_panel<Tiles.wide>(c, panel * width, begin * weight_unit_rows, last);
      else if ((panel + 1) * width <= padded<T>(parts::columns(c)))
        parts::template part_of_panel<Tiles.wide>(c, panel * width, begin * weight_unit_rows, last);
      else
        parts::template part_of_panel<Tiles.rest>(c, panel * width, begin * weight_unit_rows, last);
    }
  }

  /// The plain loops that the kernel is compared with, and what constant expressions use.
  static constexpr void run_plainly(const call<T>& c) noexcept {
    const std::size_t left_stride = parts::stride_of_left(c), right_stride = parts::stride_of_right(c);
    for (std::size_t i = 0; i < c.depth; ++i)
      for (std::size_t o = 0; o < c.columns; ++o) {
        const std::size_t at = panel_index<T>(c.depth, c.columns, i, o);
        T sum{};
        for (std::size_t row = 0; row < c.rows; ++row)
          sum = math::multiply_add(left_row(c, row, left_stride)[i], c.right[row * right_stride + o], sum);
        for (std::size_t f = 1; f < Factors; ++f)
          for (std::size_t row = 0; row < c.rows; ++row)
            sum = math::multiply_add(number_of(c.more_factors[f - 1].left, row, i),
                                     number_of(c.more_factors[f - 1].right, row, o), sum);
        if (c.accumulate) sum += c.gradient[at];
        if (parts::keeps(c))
          c.gradient[at] = sum;
        else
          fused::number_at(c, 0, at, sum);
      }
  }

private:
  static constexpr T number_of(const rows_at_distance<T>& rows, std::size_t row, std::size_t column) {
    return rows.data[row * rows.stride + column];
  }

  /// Whether two vectors of a panel are multiplied at once, for one sample: they share their factor. Of AVX-512, where
  /// there are fewer vectors, that was not measured.
  static constexpr bool in_pairs = math::register_count < 32 && Tiles.wide == 2 && fused::is_cheap;

  /// Whether the sums themselves are stored. Of a sum -0 is 0; to who uses them at once it makes no difference.
  template <bool Keeps> static constexpr bool is_stored = Keeps || fused::argument_count == 1;

  /// One sample: every number is a product of two. Whether it is kept is asked once: not for each number.
  template <bool Keeps> FUSEGRAD_INLINE static void run_single(const call<T>& c) {
    const typename fused::places places(c);
    const auto same = fused::shared_at(places, 0); // single numbers only: they need not be read again and again
    constexpr std::size_t width = static_cast<std::size_t>(Tiles.wide) * lanes, all = padded<T>(Fixed.columns);
    for (std::size_t column = 0; column < all; column += width) {
      const std::size_t here = all - column < width ? all - column : width;
      if (in_pairs && (Tiles.rest == 0 || here == width)) {
        vectors_of_single<in_pairs ? 2 : 1, Keeps>(c, places, same, column, here, 0);
      } else if constexpr (!in_pairs || Tiles.rest != 0) {
        for (std::size_t v = 0; v < here; v += lanes) vectors_of_single<1, Keeps>(c, places, same, column, here, v);
      }
    }
  }

  template <int Count, bool Keeps>
  FUSEGRAD_INLINE static void vectors_of_single(const call<T>& c, const typename fused::places& places,
                                                const typename fused::shared_arguments& same, std::size_t column,
                                                std::size_t here, std::size_t v) {
    line<vector, Count> dy;
    count_to<Count>([&](int n) FUSEGRAD_INLINE {
      dy[n] = vector::load_aligned(c.right + column + v + static_cast<std::size_t>(n) * lanes);
    });
    for (std::size_t i = 0; i < Fixed.depth; ++i) {
      const vector x(c.left[i]);
      count_to<Count>([&](int n) FUSEGRAD_INLINE {
        const std::size_t begin = v + static_cast<std::size_t>(n) * lanes, at = column * Fixed.depth + i * here + begin;
        vector sum = is_stored<Keeps> ? multiply_add(x, dy[n], vector(T{0})) : rounded(x * dy[n]);
        for (std::size_t f = 1; f < Factors; ++f)
          sum = multiply_add(vector(c.more_factors[f - 1].left.data[i]),
                             vector::load_aligned(c.more_factors[f - 1].right.data + column + begin), sum);
        if (c.accumulate) sum += vector::load_aligned(c.gradient + at);
        if constexpr (Keeps)
          sum.store_aligned(c.gradient + at);
        else
          fused::row_at(places, same, 0, at, math::native_lanes<T>, sum);
      });
    }
  }
};

} // namespace fusegrad::kernel::inline FUSEGRAD_ABI
