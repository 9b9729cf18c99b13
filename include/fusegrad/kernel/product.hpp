// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/apart.hpp>
#include <fusegrad/kernel/first_summand.hpp>
#include <fusegrad/kernel/fused_expression.hpp>
#include <fusegrad/kernel/microkernel.hpp>
#include <fusegrad/kernel/panels.hpp>
#include <fusegrad/kernel/row_blocks.hpp>
#include <fusegrad/kernel/tile.hpp>
#include <fusegrad/kernel/unroll.hpp>
#include <fusegrad/math/number.hpp>
#include <type_traits>

namespace fusegrad::kernel::inline FUSEGRAD_ABI {

namespace detail {
/// What becomes of the sums of a tile: the same whatever sizes the product knows.
template <class T, auto Table, auto Accesses> struct product_epilogue {
  using fused = fused_expression<T, Table, Accesses>;
  using vector = math::vector<T>;

  /// `Begun`: the argument that the sums hold already. Adding -0 is no addition.
  template <int Rows, int Wide, int Begun = no_summand>
  FUSEGRAD_INLINE static void finish(const typename fused::places& at, std::size_t row, std::size_t column, int filled,
                                     const tile<vector, Rows, Wide>& sum) {
    const auto vector_of_columns = [&](int v) FUSEGRAD_INLINE {
      const std::size_t here = column + static_cast<std::size_t>(v * math::native_lanes<T>);
      const int used = v == Wide - 1 ? filled : math::native_lanes<T>;
      auto same = fused::shared_at(at, here, used);
      if constexpr (Begun != no_summand) same.items[Begun] = vector(-T{0});
      if constexpr (Rows != 1 && fused::template is_unrolled<Rows>) {
        auto row_there = at.from(row, here);
        count_to<Rows>([&](int r) FUSEGRAD_INLINE {
          fused::row_at(row_there, same, 0, 0, used, sum[r][v]);
          if (r + 1 != Rows) row_there.go_on();
        });
      } else {
        for (int r = 0; r < Rows; ++r)
          fused::row_at(at, same, row + static_cast<std::size_t>(r), here, used, sum[r][v]);
      }
    };
    if constexpr (fused::template is_unrolled<Rows> && (fused::is_cheap || Wide == 1))
      count_to<Wide>(vector_of_columns);
    else
      for (int v = 0; v < Wide; ++v) vector_of_columns(v);
  }

  // A long expression has many constants. In one function with the sums, GCC keeps them in registers and the sums in
  // memory.
  template <int Rows, int Wide>
  [[gnu::noinline]] static void finish_apart(const typename fused::places& at, std::size_t row, std::size_t column,
                                             int filled, const tile<vector, Rows, Wide>& sum) {
    finish<Rows, Wide>(at, row, column, filled, sum);
  }
};

/// The parts of a product: they are the same however its columns are cut, so that layers of many widths share them.
template <class T, auto Table, auto Accesses, fixed_shape Fixed, bool IsOfPart> struct product_parts {
  using epilogue = product_epilogue<T, Table, Accesses>;
  using fused = typename epilogue::fused;
  using vector = math::vector<T>;
  static constexpr std::size_t lanes = static_cast<std::size_t>(math::native_lanes<T>);

  static constexpr std::size_t rows(const call<T>& c) { return Fixed.rows != 0 ? Fixed.rows : c.rows; }
  static constexpr std::size_t depth(const call<T>& c) { return Fixed.depth != 0 ? Fixed.depth : c.depth; }
  static constexpr std::size_t columns(const call<T>& c) { return Fixed.columns != 0 ? Fixed.columns : c.columns; }

  /// Whether `fusegrad::kernels` has the kernel.
  static constexpr bool is_apart = is_product_apart<T, Table, Accesses, Fixed, IsOfPart>();

  template <int Wide, bool IsApart = is_apart> FUSEGRAD_INLINE static void panel(const call<T>& c, std::size_t column) {
    if constexpr (IsApart) {
      product_apart<Wide, Table, Accesses>(c, column);
    } else if constexpr (Fixed.rows == 1) {
      row<Wide>(c, column);
    } else {
      if (rows(c) == 1) return row_apart<Wide>(c, column);
      constexpr int high = tile_rows(Wide);
      const row_blocks blocks = blocks_of_rows(rows(c), high);
      const std::size_t low = blocks.high * high;
      if (blocks.high != 0) tiles<high, Wide>(c, column, 0, low);
      if (blocks.fours != 0) tiles<4, Wide>(c, column, low, low + 4 * blocks.fours);
    }
  }

  // Functions of their own: the compiler works through code as large as a tile again on every level that it is inlined
  // into.
  template <int High, int Wide>
  [[gnu::noinline]] static void tiles(const call<T>& c, std::size_t column, std::size_t first, std::size_t last) {
    const typename fused::places at(c);
    const std::size_t stride = IsOfPart ? c.left_stride : row_stride<T>(depth(c));
    constexpr std::size_t width = static_cast<std::size_t>(Wide) * lanes;
    const T* right = c.right + column * depth(c);
    lines_ahead<cache_level::second> next_panel(right + (c.goes_on ? width * depth(c) : 0));
    // Where nothing follows, tiles ask for nothing: they read the lines of this panel anyway.
    const std::size_t bytes_a_tile = c.goes_on ? bytes_to_ask_for<High>(width * depth(c), last - first) : 0;
    const int filled = filled_lanes<Wide>(c, column);
    for (std::size_t row = first; row < last; row += High) {
      if constexpr (!asks_while_multiplying) next_panel.ask_for(bytes_a_tile);
      tile<vector, High, Wide> sum{};
      if constexpr (Fixed.depth != 0 && !IsOfPart)
        multiply_tile<T, High, Wide>(sum, rows_apart<T>{c.left + row * stride, stride}, right, width, depth(c));
      else
        multiply_tile<T, High, Wide>(sum, left_rows<High>(c, row, stride), right, width, depth(c), next_panel);
      if constexpr (fused::is_cheap)
        epilogue::template finish<High, Wide>(at, row, column, filled, sum);
      else {
        // A copy: Clang would keep sums up to date in memory whose address is given away.
        tile<vector, High, Wide> made;
        count_to<High * Wide>([&](int i) FUSEGRAD_INLINE { made[i / Wide][i % Wide] = sum[i / Wide][i % Wide]; });
        epilogue::template finish_apart<High, Wide>(at, row, column, filled, made);
      }
    }
  }

  /// A tile's part of the next panel, of so many numbers, where that is so large that it does not come by itself.
  template <int High> static constexpr std::size_t bytes_to_ask_for(std::size_t panel, std::size_t rows) {
    constexpr std::size_t least = 16 * 1024;
    return High <= 4 || panel * sizeof(T) < least ? 0 : panel * sizeof(T) * High / rows;
  }

  template <int High>
  FUSEGRAD_INLINE static rows_at_pointers<T, High> left_rows(const call<T>& c, std::size_t row, std::size_t stride) {
    if (c.left_rows != nullptr)
      return pointers_to_rows<T, High>([&](std::size_t r) FUSEGRAD_INLINE { return left_row(c, row + r, stride); });
    // Each from the one before, since `count_to` goes in order: else GCC keeps a distance in memory for each of them.
    const T* at = c.left + row * stride;
    return pointers_to_rows<T, High>([&](std::size_t r) FUSEGRAD_INLINE {
      if (r != 0) at += stride;
      return at = math::intrinsics::opaque(at);
    });
  }

  // A row alone waits for itself: to begin with the bias is one addition less to wait for.
  static constexpr int begun = first_summand<Table, Accesses>;
  template <int Wide>
  FUSEGRAD_INLINE static void begin_row(const call<T>& c, std::size_t column, tile<vector, 1, Wide>& sum) {
    count_to<Wide>([&](int v) FUSEGRAD_INLINE {
      if constexpr (begun != no_summand)
        sum[0][v] = vector::load_aligned(c.arguments[begun].data + column + static_cast<std::size_t>(v) * lanes);
      else
        sum[0][v] = vector(T{0});
    });
  }

  /// Of a left row of one number: where that was just made, it stands in a register still.
  template <int Wide> FUSEGRAD_INLINE static void row_of_one(const call<T>& c, std::size_t column) {
    const vector factor = first_everywhere(vector::load_aligned(c.left));
    tile<vector, 1, Wide> sum;
    begin_row<Wide>(c, column, sum);
    count_to<Wide>([&](int v) FUSEGRAD_INLINE {
      const vector weight = vector::load_aligned(c.right + column + static_cast<std::size_t>(v) * lanes);
      sum[0][v] = multiply_add(factor, weight, sum[0][v]);
    });
    epilogue::template finish<1, Wide, begun>(typename fused::places(c), 0, column, filled_lanes<Wide>(c, column), sum);
  }

  template <int Wide> FUSEGRAD_INLINE static void row(const call<T>& c, std::size_t column) {
    if constexpr (Fixed.depth == 1 && !IsOfPart)
      if (c.left_rows == nullptr) return row_of_one<Wide>(c, column);
    tile<vector, 1, Wide> sum;
    begin_row<Wide>(c, column, sum);
    multiply_row<T, Wide, Fixed.depth>(sum, c.left, c.right + column * depth(c), depth(c));
    epilogue::template finish<1, Wide, begun>(typename fused::places(c), 0, column, filled_lanes<Wide>(c, column), sum);
  }

  template <int Wide> [[gnu::noinline]] static void row_apart(const call<T>& c, std::size_t column) {
    row<Wide>(c, column);
  }

  /// Only the last vector of the last panel can be filled in part.
  template <int Wide> FUSEGRAD_INLINE static int filled_lanes(const call<T>& c, std::size_t column) {
    const std::size_t left_over = columns(c) - (column + static_cast<std::size_t>(Wide - 1) * lanes);
    return left_over < lanes ? static_cast<int>(left_over) : math::native_lanes<T>;
  }
};
} // namespace detail

/// Rows times a matrix, with an expression applied to the result before it reaches memory: a layer forward (left x,
/// right the weight, [depth][columns] in panels) and the gradient of its input backward (left dy, right the transposed
/// weight). `IsOfPart`: rows of the left side lie among those of other values.
template <class T, column_tiles Tiles, auto Table, auto Accesses, fixed_shape Fixed = fixed_shape{},
          bool IsOfPart = false>
struct product {
  using fused = fused_expression<T, Table, Accesses>;
  using parts = detail::product_parts<T, Table, Accesses, Fixed, IsOfPart>;

  FUSEGRAD_INLINE static constexpr void run(const call<T>& c) noexcept {
    if (__builtin_is_constant_evaluated()) return run_plainly(c);
    constexpr std::size_t width = static_cast<std::size_t>(Tiles.wide * math::native_lanes<T>);
    const std::size_t whole = padded<T>(parts::columns(c)) / width, last = c.last_unit == 0 ? whole + 1 : c.last_unit;
    std::size_t unit = c.first_unit;
    // One panel for all rows before the next: a panel stays in a near cache, a whole weight may not.
    for (; unit < whole && unit < last; ++unit) parts::template panel<Tiles.wide>(c, unit * width);
    if constexpr (Tiles.rest != 0)
      if (unit == whole && unit < last) parts::template panel<Tiles.rest>(c, unit * width);
  }

  /// The plain loops that the kernel is compared with, and what constant expressions use.
  static constexpr void run_plainly(const call<T>& c) noexcept {
    const std::size_t left_stride = IsOfPart ? c.left_stride : row_stride<T>(c.depth);
    for (std::size_t row = 0; row < c.rows; ++row)
      for (std::size_t column = 0; column < c.columns; ++column) {
        T sum{};
        for (std::size_t k = 0; k < c.depth; ++k)
          sum = math::multiply_add(left_row(c, row, left_stride)[k],
                                   c.right[panel_index<T>(c.depth, c.columns, k, column)], sum);
        fused::number_at(c, row, column, sum);
      }
  }
};

} // namespace fusegrad::kernel::inline FUSEGRAD_ABI
