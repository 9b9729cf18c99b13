// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <fusegrad/kernel/convolution.hpp>
#include <fusegrad/kernel/convolution_names.hpp>
#include <fusegrad/kernel/fused_expression.hpp>
#include <fusegrad/kernel/image_epilogue.hpp>
#include <fusegrad/kernel/image_places.hpp>
#include <fusegrad/kernel/largest.hpp>
#include <fusegrad/kernel/panels.hpp>
#include <fusegrad/kernel/tile.hpp>
#include <fusegrad/kernel/unroll.hpp>
#include <fusegrad/kernel/window_pattern.hpp>
#include <fusegrad/kernel/window_sums.hpp>
#include <fusegrad/kernel/winograd.hpp>
#include <type_traits>

namespace fusegrad::kernel::inline FUSEGRAD_ABI {

/// `convolution` of one pattern that `suits_winograd`, up to the rounding of the transforms. Numbers that are not
/// finite reach all four positions of their tile. Each number's bits are those of its tile alone, whatever others are
/// made with it.
template <class T, column_tiles Tiles, auto Table, auto Accesses, window_pattern P, pooling Pool, bool KeepsPlace>
struct winograd_convolution {
  using fused = fused_expression<T, Table, Accesses>;
  using vector = math::vector<T>;
  static constexpr std::size_t lanes = static_cast<std::size_t>(math::native_lanes<T>);

  FUSEGRAD_INLINE static constexpr void run(const call<T>& c) noexcept {
    if (__builtin_is_constant_evaluated()) return run_plainly(c);
    constexpr std::size_t width = static_cast<std::size_t>(Tiles.wide) * lanes;
    const std::size_t whole = padded<T>(c.columns) / width * width;
    for (std::size_t column = 0; column < whole; column += width) panel<Tiles.wide>(c, column);
    if constexpr (Tiles.rest != 0) panel<Tiles.rest>(c, whole);
  }

  /// The plain loops that the kernel is compared with, and what constant expressions use.
  static constexpr void run_plainly(const call<T>& c) noexcept {
    convolution<T, Tiles, Table, Accesses, std::array{P}, Pool, KeepsPlace>::run_plainly(c);
  }

private:
  static constexpr winograd_shape<T> shape{P};
  static constexpr std::size_t channels = P.channels, frequencies = winograd_shape<T>::frequencies;
  static_assert(can_be_winograd<T>(P, Pool));

  template <int Wide> FUSEGRAD_INLINE static void panel(const call<T>& c, std::size_t column) {
    constexpr int vectors = shape.vectors(Wide);
    for (int v = 0; v + vectors <= Wide; v += vectors)
      columns<vectors>(c, column, static_cast<std::size_t>(v) * lanes, static_cast<std::size_t>(Wide) * lanes);
    if constexpr (Wide % vectors != 0)
      columns<Wide % vectors>(c, column, static_cast<std::size_t>(Wide - Wide % vectors) * lanes,
                              static_cast<std::size_t>(Wide) * lanes);
  }

  /// Tiles of a register tile of a product; and tiles that are transformed before the products are made.
  template <int Vectors> static constexpr int product_rows = math::register_count >= 32 || Vectors == 1 ? 8 : 4;
  static constexpr int low_rows = 4;
  static constexpr std::size_t block = math::register_count >= 32 ? 16 : 8;

  /// From one frequency to the next: not a distance at which all fall on the same lines of the cache.
  template <int Vectors>
  static constexpr std::size_t weight_distance = (channels * static_cast<std::size_t>(Vectors) + 1) * lanes;
  template <int Vectors> static constexpr std::size_t image_distance = block * channels + lanes;
  template <int Vectors>
  static constexpr std::size_t sums_distance = (block * static_cast<std::size_t>(Vectors) + 1) * lanes;

  // A function of its own: the scratch is to lie on the stack only while it is needed.
  template <int Vectors>
  [[gnu::noinline]] static void columns(const call<T>& c, std::size_t panel, std::size_t column, std::size_t width) {
    alignas(vector) T weight[frequencies * weight_distance<Vectors>];
    alignas(vector) T image[frequencies * image_distance<Vectors>];
    alignas(vector) T sums[frequencies * sums_distance<Vectors>];
    transform_weight<Vectors>(c.right + panel * c.depth + column, width, weight);
    const std::size_t all = c.samples * shape.tiles();
    for (std::size_t first = 0; first < all; first += block) {
      const std::size_t count = all - first < block ? all - first : block;
      transform_image<Vectors>(c.left_image, first, count, image);
      multiply<Vectors>(count, image, weight, sums);
      finish<Vectors>(c, first, count, panel + column, sums);
    }
  }

  template <int Vectors> [[gnu::noinline]] static void transform_weight(const T* right, std::size_t width, T* weight) {
    for (std::size_t k = 0; k < channels; ++k)
      for (std::size_t v = 0; v < static_cast<std::size_t>(Vectors); ++v) {
        tile<vector, 3, 3> g;
        tile<vector, 4, 4> u;
        unroll<9>([&](auto i) FUSEGRAD_INLINE {
          g[i / 3][i % 3] = vector::load_aligned(right + (shape.right_row(i / 3, i % 3) + k) * width + v * lanes);
        });
        winograd::transform_weight(g, u);
        T* const to = weight + (k * Vectors + v) * lanes;
        unroll<16>([&](auto i) FUSEGRAD_INLINE {
          u[i / 4][i % 4].store_aligned(to + static_cast<std::size_t>(i) * weight_distance<Vectors>);
        });
      }
  }

  /// The last tile stands for those that the last register tile lacks.
  template <int Vectors>
  [[gnu::noinline]] static void transform_image(const place<T>& from, std::size_t first, std::size_t count, T* image) {
    const std::size_t made = (count + low_rows - 1) / low_rows * low_rows;
    for (std::size_t t = 0; t < made; ++t)
      winograd::transform_tile<T, P>(from, winograd_tile_at(shape, first + (t < count ? t : count - 1)), 0,
                                     channels / lanes, image + t * channels, image_distance<Vectors>);
  }

  template <int Vectors>
  [[gnu::noinline]] static void multiply(std::size_t count, const T* image, const T* weight, T* sums) {
    constexpr std::size_t rows = product_rows<Vectors>, low = low_rows;
    for (std::size_t f = 0; f < frequencies; ++f) {
      const T* left = image + f * image_distance<Vectors>;
      const T* right = weight + f * weight_distance<Vectors>;
      T* to = sums + f * sums_distance<Vectors>;
      std::size_t t = 0;
      for (; t + rows <= count; t += rows) multiply_rows<Vectors, product_rows<Vectors>>(left, right, to, t);
      for (; t < count; t += low) multiply_rows<Vectors, low_rows>(left, right, to, t);
    }
  }
  template <int Vectors, int Rows>
  FUSEGRAD_INLINE static void multiply_rows(const T* left, const T* right, T* to, std::size_t t) {
    constexpr window_pattern positions{.column_step = P.channels, .channels = P.channels};
    tile<vector, Rows, Vectors> sum{};
    add_windows<T, positions, 1, Rows, Vectors, static_cast<std::size_t>(Vectors) * lanes>(sum, left + t * channels,
                                                                                           right);
    T* const made = to + t * Vectors * lanes;
    unroll<Rows * Vectors>([&](auto i) FUSEGRAD_INLINE {
      sum[i / Vectors][i % Vectors].store_aligned(made + static_cast<std::size_t>(i) * lanes);
    });
  }

  /// Applies the expression to the sums of some tiles, one row of tiles after the other.
  template <int Vectors>
  [[gnu::noinline]] static void finish(const call<T>& c, std::size_t first, std::size_t count, std::size_t column,
                                       const T* sums) {
    const int filled = filled_lanes<T, Vectors>(c.columns, column);
    for (std::size_t t = 0; t < count;) {
      const winograd_tile begin = winograd_tile_at(shape, first + t);
      const std::size_t left_over = shape.tile_columns() - begin.column;
      const std::size_t last = t + (left_over < count - t ? left_over : count - t);
      finish_row<Vectors>(c, begin, column, filled, sums + t * Vectors * lanes, last - t);
      t = last;
    }
  }
  template <int Vectors>
  FUSEGRAD_INLINE static void finish_row(const call<T>& c, const winograd_tile& begin, std::size_t column, int filled,
                                         const T* sums, std::size_t count) {
    constexpr int made_high = Pool.is_none() ? 2 : 1;
    const std::size_t row = begin.row * made_high;
    const places_of_rows<T, fused, Accesses, made_high> at(c, P, begin.sample, row);
    const place_rows<T, 1, KeepsPlace> kept_at(c.results[fused::result_count], P, begin.sample, row);
    for (std::size_t x = begin.column; x < begin.column + count; ++x)
      for (int v = 0; v < Vectors; ++v, sums += lanes) {
        const std::size_t here = column + static_cast<std::size_t>(v) * lanes;
        const int lanes_here = v == Vectors - 1 ? filled : vector::lanes;
        tile<vector, 4, 4> products;
        unroll<16>([&](auto i) FUSEGRAD_INLINE {
          products[i / 4][i % 4] = vector::load_aligned(sums + static_cast<std::size_t>(i) * sums_distance<Vectors>);
        });
        tile<vector, 4, 1> sum;
        winograd::transform_sums(products, sum);
        if constexpr (Pool.is_none()) {
          finish_tile_of(at, begin.row, x, here, lanes_here, sum);
        } else {
          largest_so_far<T, KeepsPlace> so_far(sum[0][0]);
          unroll<3>([&](auto i) FUSEGRAD_INLINE { so_far.take(sum[i + 1][0], vector(static_cast<T>(i + 1))); });
          if constexpr (KeepsPlace) kept_at.store(0, x, here, lanes_here, so_far.place);
          const tile<vector, 1, 1> largest = {{so_far.value}};
          finish_tile<fused, 1, 1, 1>(at, x, here, lanes_here, largest);
        }
      }
  }

  /// At the end of an image with an odd number of positions a tile has fewer.
  FUSEGRAD_INLINE static void finish_tile_of(const places_of_rows<T, fused, Accesses, 2>& at, std::size_t row,
                                             std::size_t x, std::size_t column, int filled,
                                             const tile<vector, 4, 1>& sum) {
    const bool has_row = P.rows % 2 == 0 || row + 1 < shape.tile_rows();
    const bool has_column = P.columns % 2 == 0 || x + 1 < shape.tile_columns();
    if (has_row && has_column) return finish_tile<fused, 2, 2, 1>(at, 2 * x, column, filled, sum);
    const tile<vector, 1, 1> first = {{sum[0][0]}};
    const tile<vector, 2, 1> across = {{sum[0][0]}, {sum[1][0]}}, high = {{sum[0][0]}, {sum[2][0]}};
    if (has_column) return finish_tile<fused, 1, 2, 1>(at, 2 * x, column, filled, across);
    if (has_row) return finish_tile<fused, 2, 1, 1>(at, 2 * x, column, filled, high);
    finish_tile<fused, 1, 1, 1>(at, 2 * x, column, filled, first);
  }
};

} // namespace fusegrad::kernel::inline FUSEGRAD_ABI
