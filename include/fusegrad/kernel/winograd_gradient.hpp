// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/convolution_gradient.hpp>
#include <fusegrad/kernel/convolution_names.hpp>
#include <fusegrad/kernel/fused_expression.hpp>
#include <fusegrad/kernel/image_places.hpp>
#include <fusegrad/kernel/panels.hpp>
#include <fusegrad/kernel/seen_taps.hpp>
#include <fusegrad/kernel/tile.hpp>
#include <fusegrad/kernel/unroll.hpp>
#include <fusegrad/kernel/window_pattern.hpp>
#include <fusegrad/kernel/window_sums.hpp>
#include <fusegrad/kernel/winograd.hpp>
#include <type_traits>

namespace fusegrad::kernel::inline FUSEGRAD_ABI {

/// Into how many units the work of `winograd_gradient` can be cut: a vector of channels by some vectors of columns.
template <class T> constexpr std::size_t winograd_units(const window_pattern& p, std::size_t columns) noexcept {
  constexpr std::size_t lanes = winograd_shape<T>::lanes;
  const column_tiles tiles = tiles_for<T>(columns);
  const auto parts = [&](int wide) {
    const auto vectors = static_cast<std::size_t>(winograd_shape<T>{p}.vectors(wide));
    return (static_cast<std::size_t>(wide) + vectors - 1) / vectors;
  };
  const std::size_t wide = padded<T>(columns) / (static_cast<std::size_t>(tiles.wide) * lanes);
  return (wide * parts(tiles.wide) + (tiles.rest == 0 ? 0 : parts(tiles.rest))) * (p.channels / lanes);
}

/// `convolution_gradient` of a pattern that `suits_winograd`, up to the rounding of the transforms: sums over tiles for
/// each frequency, of which the taps are made once, at the end. The sums run over samples and tiles in order, whatever
/// the units.
template <class T, column_tiles Tiles, auto Table, auto Accesses, window_pattern P> struct winograd_gradient {
  using fused = fused_expression<T, Table, Accesses>;
  using vector = math::vector<T>;
  static constexpr std::size_t lanes = static_cast<std::size_t>(math::native_lanes<T>);

  FUSEGRAD_INLINE static constexpr void run(const call<T>& c) noexcept {
    if (__builtin_is_constant_evaluated()) return run_plainly(c);
    constexpr std::size_t width = static_cast<std::size_t>(Tiles.wide) * lanes;
    const std::size_t whole = padded<T>(c.columns) / width * width;
    std::size_t unit = 0;
    for (std::size_t column = 0; column < whole; column += width) panel<Tiles.wide>(c, column, unit);
    if constexpr (Tiles.rest != 0) panel<Tiles.rest>(c, whole, unit);
  }

  /// The plain loops that the kernel is compared with, and what constant expressions use.
  static constexpr void run_plainly(const call<T>& c) noexcept {
    convolution_gradient<T, Tiles, Table, Accesses, P>::run_plainly(c);
  }

private:
  static constexpr winograd_shape<T> shape{P};
  static constexpr std::size_t channels = P.channels, frequencies = winograd_shape<T>::frequencies,
                               depth = 9 * channels;
  static_assert(can_be_winograd<T>(P, pooling{}));

  /// Some channels and columns of the weight.
  struct part {
    std::size_t panel, column, width; ///< which panel, which of its columns, and how wide it is
    std::size_t first, last;          ///< vectors of channels
  };

  template <int Wide> FUSEGRAD_INLINE static void panel(const call<T>& c, std::size_t column, std::size_t& unit) {
    constexpr int vectors = shape.vectors(Wide);
    part now{column, 0, static_cast<std::size_t>(Wide) * lanes, 0, 0};
    for (int v = 0; v + vectors <= Wide; v += vectors, now.column += static_cast<std::size_t>(vectors) * lanes)
      share<vectors>(c, now, unit);
    if constexpr (Wide % vectors != 0) share<Wide % vectors>(c, now, unit);
  }
  /// The part of some columns that is asked for; `unit` is the first of these.
  template <int Vectors> FUSEGRAD_INLINE static void share(const call<T>& c, part& now, std::size_t& unit) {
    constexpr std::size_t all = channels / lanes;
    const std::size_t end = unit + all;
    if (c.first_unit < end && c.last_unit > unit) {
      now.first = c.first_unit > unit ? c.first_unit - unit : 0;
      now.last = c.last_unit < end ? c.last_unit - unit : all;
      columns<Vectors>(c, now);
    }
    unit = end;
  }

  /// Tiles that are transformed before the products are made, and how many channels a register tile of these has.
  static constexpr std::size_t block = 16;
  static constexpr int rows = [] {
    const int most = math::register_count >= 32 ? 8 : 4;
    return math::native_lanes<T> < most ? math::native_lanes<T> : most;
  }();

  template <int Vectors> static constexpr std::size_t width_of = static_cast<std::size_t>(Vectors) * lanes;
  /// From one frequency to the next: not a distance at which all fall on the same lines of the cache.
  template <int Vectors> static constexpr std::size_t sums_distance = channels * width_of<Vectors> + lanes;
  static constexpr std::size_t image_distance = block * channels + lanes;
  template <int Vectors> static constexpr std::size_t dy_distance = block * width_of<Vectors> + lanes;

  // A function of its own: the scratch is to lie on the stack only while it is needed.
  template <int Vectors> [[gnu::noinline]] static void columns(const call<T>& c, const part& now) {
    alignas(vector) T sums[frequencies * sums_distance<Vectors>];
    alignas(vector) T image[frequencies * image_distance];
    alignas(vector) T dy[frequencies * dy_distance<Vectors>];
    const std::size_t all = c.samples * shape.tiles(), made = (now.last - now.first) * lanes;
    for (std::size_t f = 0; f < frequencies; ++f)
      for (std::size_t i = 0; i < made * width_of<Vectors>; ++i) sums[f * sums_distance<Vectors> + i] = T{};
    for (std::size_t first = 0; first < all; first += block) {
      const std::size_t count = all - first < block ? all - first : block;
      for (std::size_t t = 0; t < count; ++t)
        winograd::transform_tile<T, P>(c.left_image, winograd_tile_at(shape, first + t), now.first * lanes,
                                       now.last - now.first, image + t * channels, image_distance);
      transform_dy<Vectors>(c.right_image, first, count, now.panel + now.column, dy);
      multiply<Vectors>(count, made, image, dy, sums);
    }
    finish<Vectors>(c, now, sums);
  }

  template <int Vectors>
  [[gnu::noinline]] static void transform_dy(const place<T>& from, std::size_t first, std::size_t count,
                                             std::size_t column, T* to) {
    for (std::size_t t = 0; t < count; ++t) {
      const winograd_tile at = winograd_tile_at(shape, first + t);
      const bool has_row = P.rows % 2 == 0 || at.row + 1 < shape.tile_rows();
      const bool has_column = P.columns % 2 == 0 || at.column + 1 < shape.tile_columns();
      const T* dy = row_at(from, at.sample, 2 * at.row, 2 * at.column) + column;
      for (std::size_t v = 0; v < static_cast<std::size_t>(Vectors); ++v, dy += lanes, to += lanes) {
        tile<vector, 2, 2> d;
        tile<vector, 4, 4> made;
        d[0][0] = vector::load_aligned(dy);
        d[0][1] = has_column ? vector::load_aligned(dy + from.stride) : vector(T{0});
        d[1][0] = has_row ? vector::load_aligned(dy + from.row_step) : vector(T{0});
        d[1][1] = has_row && has_column ? vector::load_aligned(dy + from.row_step + from.stride) : vector(T{0});
        winograd::transform_dy(d, made);
        unroll<16>([&](auto i) FUSEGRAD_INLINE {
          made[i / 4][i % 4].store_aligned(to + static_cast<std::size_t>(i) * dy_distance<Vectors>);
        });
      }
    }
  }

  template <int Vectors>
  [[gnu::noinline]] static void multiply(std::size_t count, std::size_t made, const T* image, const T* dy, T* sums) {
    for (std::size_t f = 0; f < frequencies; ++f)
      for (std::size_t k = 0; k < made; k += static_cast<std::size_t>(rows)) {
        const T* left = image + f * image_distance + k;
        const T* right = dy + f * dy_distance<Vectors>;
        T* const to = sums + f * sums_distance<Vectors> + k * width_of<Vectors>;
        tile<vector, rows, Vectors> sum;
        unroll<rows * Vectors>([&](auto i) FUSEGRAD_INLINE {
          sum[i / Vectors][i % Vectors] = vector::load_aligned(to + static_cast<std::size_t>(i) * lanes);
        });
        for (std::size_t t = 0; t < count; ++t, left += channels, right += width_of<Vectors>) {
          const right_row<T, Vectors> factors(right);
          add_products<T, rows, Vectors, tile_offsets{static_cast<std::size_t>(rows), 1, 0, 0}>(sum, left,
                                                                                                factors.items);
        }
        unroll<rows * Vectors>([&](auto i) FUSEGRAD_INLINE {
          sum[i / Vectors][i % Vectors].store_aligned(to + static_cast<std::size_t>(i) * lanes);
        });
      }
  }

  /// Makes taps of the sums, and applies the expression to these.
  template <int Vectors> [[gnu::noinline]] static void finish(const call<T>& c, const part& now, const T* sums) {
    const typename fused::places places(c);
    const std::size_t begin = now.panel * depth + now.column;
    for (std::size_t k = now.first * lanes; k < now.last * lanes; ++k)
      for (std::size_t v = 0; v < static_cast<std::size_t>(Vectors); ++v, sums += lanes) {
        tile<vector, 4, 4> u;
        tile<vector, 3, 3> g;
        unroll<16>([&](auto i) FUSEGRAD_INLINE {
          u[i / 4][i % 4] = vector::load_aligned(sums + static_cast<std::size_t>(i) * sums_distance<Vectors>);
        });
        winograd::transform_gradient(u, g);
        for (std::size_t tap = 0; tap < 9; ++tap) {
          const std::size_t at = begin + (tap * channels + k) * now.width + v * lanes;
          vector sum = g[tap / 3][tap % 3];
          if (c.accumulate) sum += vector::load_aligned(c.gradient + at);
          fused::row_at(places, 0, at, math::native_lanes<T>, sum);
        }
      }
  }
};

} // namespace fusegrad::kernel::inline FUSEGRAD_ABI
