// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/kernel/convolution_names.hpp>
#include <fusegrad/kernel/image_places.hpp>
#include <fusegrad/kernel/panels.hpp>
#include <fusegrad/kernel/tile.hpp>
#include <fusegrad/kernel/unroll.hpp>
#include <fusegrad/kernel/window_pattern.hpp>
#include <fusegrad/kernel/window_sums.hpp>
#include <fusegrad/math/intrinsics.hpp>
#include <fusegrad/math/isa.hpp>
#include <fusegrad/math/vector.hpp>

// Winograd's F(2 x 2, 3 x 3): of 4 x 4 neighbouring numbers of an image, 2 x 2 sums over windows of 3 x 3 are made with
// 16 products instead of 36. Image, weight and sums are transformed by adding and subtracting; between lie 16 ordinary
// matrix products, one for each of what is called a frequency here. Lavin and Gray, 2016.
namespace fusegrad::kernel::inline FUSEGRAD_ABI {

/// Winograd's algorithm as a pattern needs it: how its tiles of 2 x 2 positions lie, and how many vectors of columns
/// and how many tiles are worked on at a time.
template <class T> struct winograd_shape {
  static constexpr std::size_t lanes = static_cast<std::size_t>(math::native_lanes<T>);
  static constexpr std::size_t frequencies = 16;
  static constexpr std::size_t most_weight_bytes = 128 * 1024; ///< of the transformed weight, which lies on the stack

  window_pattern p;

  [[nodiscard]] constexpr std::size_t tile_rows() const noexcept { return (p.rows + 1) / 2; }
  [[nodiscard]] constexpr std::size_t tile_columns() const noexcept { return (p.columns + 1) / 2; }
  [[nodiscard]] constexpr std::size_t tiles() const noexcept { return tile_rows() * tile_columns(); }
  /// From the place of the image to the window of the first position, whichever way the taps run.
  [[nodiscard]] constexpr std::ptrdiff_t first() const noexcept {
    return std::ptrdiff_t{p.first} + (p.tap_row_step < 0 ? 2 * std::ptrdiff_t{p.tap_row_step} : 0) +
           (p.tap_column_step < 0 ? 2 * std::ptrdiff_t{p.tap_column_step} : 0);
  }
  /// Which row of the right side the tap at a place of the window meets.
  [[nodiscard]] constexpr std::size_t right_row(std::size_t i, std::size_t j) const noexcept {
    return right_row_of(p, p.tap_row_step < 0 ? 2 - i : i, p.tap_column_step < 0 ? 2 - j : j);
  }
  /// Vectors of columns at a time, of a panel that has so many.
  [[nodiscard]] constexpr int vectors(int wide) const noexcept {
    const std::size_t fitting = most_weight_bytes / (frequencies * p.channels * lanes * sizeof(T));
    return wide >= 2 && fitting >= 2 ? 2 : 1;
  }
};

/// Whether a product over windows can be made so: with 3 x 3 taps side by side at every position.
template <class T> constexpr bool can_be_winograd(const window_pattern& p, const pooling& pool) noexcept {
  using shape = winograd_shape<T>;
  const auto is_one_step = [](std::int64_t tap, std::int64_t step) { return tap == step || tap == -step; };
  return p.tap_rows == 3 && p.tap_columns == 3 && is_one_step(p.tap_row_step, p.row_step) &&
         is_one_step(p.tap_column_step, p.column_step) && p.made_row_step == 1 && p.made_column_step == 1 &&
         (pool.is_none() || (pool.rows == 2 && pool.columns == 2)) && p.rows * p.columns != 0 &&
         p.channels % shape::lanes == 0 &&
         shape::frequencies * p.channels * shape::lanes * sizeof(T) <= shape::most_weight_bytes;
}
/// Whether it is: there are enough channels on both sides for the transforms to be worth it, and not too many tiles
/// with less than four positions. Of a single sample at least 16 tiles are worth the transform of the weight, too; what
/// only training does is done for many samples.
template <class T>
constexpr bool suits_winograd(const window_pattern& p, const pooling& pool, std::size_t columns,
                              bool is_of_training) noexcept {
  if (!can_be_winograd<T>(p, pool)) return false;
  const std::size_t tiles = winograd_shape<T>{p}.tiles();
  return p.channels >= fewest_winograd_channels && columns >= fewest_winograd_channels &&
         std::size_t{p.rows} * p.columns >= 3 * tiles && tiles >= (is_of_training ? 4 : 16);
}

/// One tile: of which sample, and which of its rows and columns of tiles.
struct winograd_tile {
  std::size_t sample, row, column;
};
template <class T> constexpr winograd_tile winograd_tile_at(const winograd_shape<T>& s, std::size_t number) noexcept {
  const std::size_t in_image = number % s.tiles();
  return {number / s.tiles(), in_image / s.tile_columns(), in_image % s.tile_columns()};
}

namespace winograd {

/// Half the sum of two numbers, and with the one between them added and subtracted.
template <class V> struct middle {
  V plus, minus;
  FUSEGRAD_INLINE middle(V a, V b, V c) {
    const V outer = (a + c) * V(0.5), inner = b * V(0.5);
    plus = outer + inner, minus = outer - inner;
  }
};

/// Transforms one vector of a weight: nine taps to sixteen frequencies.
template <class V> FUSEGRAD_INLINE inline void transform_weight(const tile<V, 3, 3>& g, tile<V, 4, 4>& u) {
  tile<V, 4, 3> half;
  unroll<3>([&](auto j) FUSEGRAD_INLINE {
    const middle<V> m(g[0][j], g[1][j], g[2][j]);
    half[0][j] = g[0][j], half[1][j] = m.plus, half[2][j] = m.minus, half[3][j] = g[2][j];
  });
  unroll<4>([&](auto i) FUSEGRAD_INLINE {
    const middle<V> m(half[i][0], half[i][1], half[i][2]);
    u[i][0] = half[i][0], u[i][1] = m.plus, u[i][2] = m.minus, u[i][3] = half[i][2];
  });
}

/// Transforms one vector of the gradient of a weight back: sixteen frequencies to nine taps.
template <class V> FUSEGRAD_INLINE inline void transform_gradient(const tile<V, 4, 4>& u, tile<V, 3, 3>& g) {
  tile<V, 3, 4> half;
  unroll<4>([&](auto j) FUSEGRAD_INLINE {
    const V sum = (u[1][j] + u[2][j]) * V(0.5);
    half[0][j] = u[0][j] + sum, half[1][j] = (u[1][j] - u[2][j]) * V(0.5), half[2][j] = sum + u[3][j];
  });
  unroll<3>([&](auto i) FUSEGRAD_INLINE {
    const V sum = (half[i][1] + half[i][2]) * V(0.5);
    g[i][0] = half[i][0] + sum, g[i][1] = (half[i][1] - half[i][2]) * V(0.5), g[i][2] = sum + half[i][3];
  });
}

/// Transforms one vector of 4 x 4 positions of an image.
template <class V> FUSEGRAD_INLINE inline void transform_image(const tile<V, 4, 4>& d, tile<V, 4, 4>& v) {
  tile<V, 4, 4> half;
  unroll<4>([&](auto j) FUSEGRAD_INLINE {
    half[0][j] = d[0][j] - d[2][j], half[1][j] = d[1][j] + d[2][j];
    half[2][j] = d[2][j] - d[1][j], half[3][j] = d[1][j] - d[3][j];
  });
  unroll<4>([&](auto i) FUSEGRAD_INLINE {
    v[i][0] = half[i][0] - half[i][2], v[i][1] = half[i][1] + half[i][2];
    v[i][2] = half[i][2] - half[i][1], v[i][3] = half[i][1] - half[i][3];
  });
}

/// Transforms one vector of products back to 2 x 2 sums, row by row.
template <class V> FUSEGRAD_INLINE inline void transform_sums(const tile<V, 4, 4>& m, tile<V, 4, 1>& sum) {
  tile<V, 2, 4> half;
  unroll<4>([&](auto j) FUSEGRAD_INLINE {
    half[0][j] = m[0][j] + m[1][j] + m[2][j], half[1][j] = m[1][j] - m[2][j] - m[3][j];
  });
  unroll<2>([&](auto i) FUSEGRAD_INLINE {
    sum[2 * i][0] = half[i][0] + half[i][1] + half[i][2], sum[2 * i + 1][0] = half[i][1] - half[i][2] - half[i][3];
  });
}

/// Transforms one vector of the gradient of 2 x 2 sums.
template <class V> FUSEGRAD_INLINE inline void transform_dy(const tile<V, 2, 2>& d, tile<V, 4, 4>& y) {
  tile<V, 4, 2> half;
  unroll<2>([&](auto j) FUSEGRAD_INLINE {
    half[0][j] = d[0][j], half[1][j] = d[0][j] + d[1][j], half[2][j] = d[0][j] - d[1][j], half[3][j] = -d[1][j];
  });
  unroll<4>([&](auto i) FUSEGRAD_INLINE {
    y[i][0] = half[i][0], y[i][1] = half[i][0] + half[i][1], y[i][2] = half[i][0] - half[i][1], y[i][3] = -half[i][1];
  });
}

/// Transforms some vectors of channels of a tile's image. At the end of an image with an odd number of positions a tile
/// has one position more than there is; no number that is used depends on what that one alone sees, so nothing behind
/// the image is read for it. Frequencies are stored `distance` numbers apart.
template <class T, window_pattern P>
FUSEGRAD_INLINE inline void transform_tile(const place<T>& image, const winograd_tile& at, std::size_t channel,
                                           std::size_t vectors, T* to, std::size_t distance) {
  using vector = math::vector<T>;
  constexpr winograd_shape<T> shape{P};
  constexpr std::size_t lanes = winograd_shape<T>::lanes;
  const T* from = image.data + at.sample * image.sample_step + shape.first() +
                  static_cast<std::ptrdiff_t>(2 * at.row * P.row_step + 2 * at.column * P.column_step + channel);
  const bool has_row = P.rows % 2 == 0 || at.row + 1 < shape.tile_rows();
  const bool has_column = P.columns % 2 == 0 || at.column + 1 < shape.tile_columns();
  const std::size_t last_row = P.row_step * (has_row ? 3U : 2U), last_column = P.column_step * (has_column ? 3U : 2U);
  for (std::size_t v = 0; v < vectors; ++v, from += lanes, to += lanes) {
    tile<vector, 4, 4> d, made;
    unroll<16>([&](auto i) FUSEGRAD_INLINE {
      constexpr int y = i / 4, x = i % 4;
      d[y][x] = vector::load_aligned(from + (y < 3 ? static_cast<std::size_t>(y) * P.row_step : last_row) +
                                     (x < 3 ? static_cast<std::size_t>(x) * P.column_step : last_column));
    });
    transform_image(d, made);
    unroll<16>([&](auto i)
                   FUSEGRAD_INLINE { made[i / 4][i % 4].store_aligned(to + static_cast<std::size_t>(i) * distance); });
  }
}

} // namespace winograd

} // namespace fusegrad::kernel::inline FUSEGRAD_ABI
