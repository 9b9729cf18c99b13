// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/kernel/fused_expression.hpp>
#include <fusegrad/kernel/image_epilogue.hpp>
#include <fusegrad/kernel/microkernel.hpp>
#include <fusegrad/kernel/panels.hpp>
#include <fusegrad/kernel/row_blocks.hpp>
#include <fusegrad/kernel/tile.hpp>
#include <fusegrad/kernel/transpose.hpp>
#include <fusegrad/kernel/unroll.hpp>
#include <fusegrad/math/number.hpp>
#include <fusegrad/tensor/matrices.hpp>
#include <type_traits>

namespace fusegrad::kernel::inline FUSEGRAD_ABI {

/// For each sample and each of `image_rows` heads a product of two matrices that are values, one of which may be read
/// transposed, and an expression applied to the result: [rows][depth] (`left_image`) times [depth][columns]
/// (`right_image`). Of every place `row_step` leads from one head to the next; that is a row step of an image, or some
/// columns of the same rows, where heads need not begin at whole vectors.
///
/// Every number is summed in the order of the depth, so that it has the same bits as in plain loops.
template <class T, tensor::transposed_factor Transposed, column_tiles Tiles, auto Table, auto Accesses>
struct value_product {
  using fused = fused_expression<T, Table, Accesses>;
  using vector = math::vector<T>;
  static constexpr std::size_t lanes = static_cast<std::size_t>(math::native_lanes<T>);

  FUSEGRAD_INLINE static constexpr void run(const call<T>& c) noexcept {
    if (__builtin_is_constant_evaluated()) return run_plainly(c);
    const bool is_whole = c.image_rows == 1 || c.results[0].row_step % lanes == 0;
    for (std::size_t sample = 0; sample < c.samples; ++sample) {
      for (std::size_t head = 0; head < c.image_rows; ++head) matrix(c, sample, head, is_whole);
      if (!is_whole) finish_sums(c, sample);
    }
  }

  /// The plain loops that the kernel is compared with, and what constant expressions use.
  static constexpr void run_plainly(const call<T>& c) noexcept {
    for (std::size_t sample = 0; sample < c.samples; ++sample)
      for (std::size_t head = 0; head < c.image_rows; ++head) {
        const place<T> left = at_image_row(c.left_image, sample, head),
                       right = at_image_row(c.right_image, sample, head);
        call<T> one;
        for (std::size_t i = 0; i < Accesses.count; ++i)
          if (Accesses[i] != access::product) one.arguments[i] = at_image_row(c.arguments[i], sample, head);
        for (std::size_t k = 0; k < fused::result_count; ++k) one.results[k] = at_image_row(c.results[k], sample, head);
        for (std::size_t row = 0; row < c.rows; ++row)
          for (std::size_t column = 0; column < c.columns; ++column) {
            T sum{};
            for (std::size_t k = 0; k < c.depth; ++k)
              sum = math::multiply_add(left.data[turns_left ? k * left.stride + row : row * left.stride + k],
                                       right.data[turns_right ? column * right.stride + k : k * right.stride + column],
                                       sum);
            fused::number_at(one, row, column, sum);
          }
      }
  }

private:
  static constexpr bool turns_left = Transposed == tensor::transposed_factor::left_one;
  static constexpr bool turns_right = Transposed == tensor::transposed_factor::right_one;
  /// How much of the depth is packed at once: what a panel of it takes on the stack stays in the nearest cache.
  static constexpr std::size_t packed_depth = 128;

  /// Where the expression reads and writes, as `finish_tile` takes it.
  struct places_of_head {
    typename fused::places items[1];
  };
  /// A part of the depth of one panel.
  struct part {
    place<T> left;
    const T* right;
    std::size_t right_stride, depth, column;
    int filled;
    bool is_first, is_last; ///< else it adds to sums that stand where the first result goes, or leaves them there
  };

  static void matrix(const call<T>& c, std::size_t sample, std::size_t head, bool is_whole) {
    constexpr std::size_t width = static_cast<std::size_t>(Tiles.wide) * lanes;
    const place<T> left = at_image_row(c.left_image, sample, head), right = at_image_row(c.right_image, sample, head);
    const places_of_head at{{typename fused::places(c, sample, head)}};
    const std::size_t whole = padded<T>(c.columns) / width * width;
    for (std::size_t column = 0; column < whole; column += width)
      panel<Tiles.wide>(c, at, left, right, column, is_whole);
    if constexpr (Tiles.rest != 0) panel<Tiles.rest>(c, at, left, right, whole, is_whole);
  }

  // A function of its own: what is packed is to lie on the stack only while it is needed.
  template <int Wide>
  [[gnu::noinline]] static void panel(const call<T>& c, const places_of_head& at, const place<T>& left,
                                      const place<T>& right, std::size_t column, bool is_whole) {
    constexpr std::size_t width = static_cast<std::size_t>(Wide) * lanes;
    part now{left, nullptr, width, c.depth, column, filled_lanes<T, Wide>(c.columns, column), true, is_whole};
    if (!turns_right && begins_at_vectors(right)) {
      now.right = right.data + column;
      now.right_stride = right.stride;
      return rows<Wide>(c, at, now);
    }
    alignas(vector) T packed[packed_depth * width];
    now.right = packed;
    for (std::size_t k = 0; k < c.depth; k += packed_depth) {
      now.depth = c.depth - k < packed_depth ? c.depth - k : packed_depth;
      now.is_first = k == 0;
      now.is_last = is_whole && k + now.depth == c.depth;
      now.left.data = left.data + (turns_left ? k * left.stride : k);
      pack<Wide>(right, k, now.depth, column, c.columns, packed);
      rows<Wide>(c, at, now);
    }
  }

  static bool begins_at_vectors(const place<T>& p) {
    return p.stride % lanes == 0 && reinterpret_cast<std::uintptr_t>(p.data) % sizeof(vector) == 0;
  }

  /// Rows `first` to `first + depth` of a panel of the right factor, one after the other, with zeros behind its
  /// columns.
  template <int Wide>
  static void pack(const place<T>& right, std::size_t first, std::size_t depth, std::size_t column, std::size_t columns,
                   T* to) {
    constexpr std::size_t width = static_cast<std::size_t>(Wide) * lanes;
    for (std::size_t begin = 0; begin < width; begin += lanes) {
      const std::size_t here = columns > column + begin ? columns - column - begin : 0;
      const std::size_t there = here < lanes ? here : lanes;
      if constexpr (turns_right) {
        const T* from = right.data + (column + begin) * right.stride + first;
        for (std::size_t k = 0; k < depth; k += lanes)
          pack_square(from + k, right.stride, there, depth - k, to + k * width + begin, width);
      } else {
        const T* from = right.data + first * right.stride + column + begin;
        for (std::size_t k = 0; k < depth; ++k)
          vector::load_first(from + k * right.stride, static_cast<int>(there)).store_aligned(to + k * width + begin);
      }
    }
  }
  [[gnu::noinline]] static void pack_square(const T* from, std::size_t stride, std::size_t there, std::size_t depth,
                                            T* to, std::size_t width) {
    const std::size_t filled = depth < lanes ? depth : lanes;
    vector square[lanes];
    for (std::size_t i = 0; i < lanes; ++i)
      square[i] = i < there ? vector::load_first(from + i * stride, static_cast<int>(filled)) : vector(T{0});
    detail::transpose_square<T>(square);
    for (std::size_t k = 0; k < filled; ++k) square[k].store_aligned(to + k * width);
  }

  template <int Wide> FUSEGRAD_INLINE static void rows(const call<T>& c, const places_of_head& at, const part& now) {
    constexpr int high = tile_rows(Wide);
    // Nothing sticks out: behind the rows of a head are those of the next.
    const row_blocks blocks = exact_blocks_of_rows(c.rows, high);
    const std::size_t low = blocks.high * high;
    if (blocks.high != 0) tiles<high, Wide>(at, now, 0, low);
    if (blocks.fours != 0) tiles<4, Wide>(at, now, low, c.rows - blocks.ones);
    if (blocks.ones != 0) tiles<1, Wide>(at, now, c.rows - blocks.ones, c.rows);
  }

  // Functions of their own: the compiler works through code as large as a tile again on every level that it is inlined
  // into.
  template <int High, int Wide>
  [[gnu::noinline]] static void tiles(const places_of_head& where, const part& whole, std::size_t first,
                                      std::size_t last) {
    const places_of_head at = where;
    const part now = whole;
    const rows_at_distance<T> sums = at.items[0].results[0];
    const auto each_vector = [&](std::size_t row, auto use) FUSEGRAD_INLINE {
      unroll<High * Wide>([&](auto i) FUSEGRAD_INLINE {
        constexpr int r = i / Wide, v = i % Wide;
        use(std::integral_constant<int, r>{}, std::integral_constant<int, v>{},
            sums.data + (row + static_cast<std::size_t>(r)) * sums.stride + now.column +
                static_cast<std::size_t>(v) * lanes,
            v == Wide - 1 ? now.filled : vector::lanes);
      });
    };
    for (std::size_t row = first; row < last; row += High) {
      tile<vector, High, Wide> sum{};
      if (!now.is_first)
        each_vector(row, [&](auto r, auto v, const T* from, int filled)
                             FUSEGRAD_INLINE { sum[r][v] = vector::load_first(from, filled); });
      if constexpr (turns_left)
        multiply_tile<T, High, Wide>(sum, columns_at_distance<T>{now.left.data + row, now.left.stride}, now.right,
                                     now.right_stride, now.depth);
      else
        multiply_tile<T, High, Wide>(sum, pointers_to_rows<T, High>([&](std::size_t r) FUSEGRAD_INLINE {
                                       return now.left.data + (row + r) * now.left.stride;
                                     }),
                                     now.right, now.right_stride, now.depth);
      if (now.is_last)
        finish_tile<fused, 1, High, Wide>(at, row, now.column, now.filled, sum);
      else
        each_vector(row, [&](auto r, auto v, T* to, int filled) FUSEGRAD_INLINE { sum[r][v].store_first(to, filled); });
    }
  }

  /// Applies the expression to the rows of a sample, which hold the sums of all heads side by side.
  [[gnu::noinline]] static void finish_sums(const call<T>& c, std::size_t sample) {
    const typename fused::places at(c, sample, 0);
    const rows_at_distance<T> sums = at.results[0];
    const std::size_t columns = c.columns * c.image_rows;
    for (std::size_t row = 0; row < c.rows; ++row)
      for (std::size_t column = 0; column < columns; column += lanes) {
        const std::size_t left_over = columns - column;
        const vector sum = vector::load_aligned(sums.data + row * sums.stride + column);
        fused::row_at(at, row, column, left_over < lanes ? static_cast<int>(left_over) : vector::lanes, sum);
      }
  }
};

} // namespace fusegrad::kernel::inline FUSEGRAD_ABI
