// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/convolution_names.hpp>
#include <fusegrad/kernel/even_cut.hpp>
#include <fusegrad/kernel/fused_expression.hpp>
#include <fusegrad/kernel/image_epilogue.hpp>
#include <fusegrad/kernel/image_places.hpp>
#include <fusegrad/kernel/panels.hpp>
#include <fusegrad/kernel/tap_tiles.hpp>
#include <fusegrad/kernel/tile.hpp>
#include <fusegrad/kernel/unroll.hpp>
#include <fusegrad/kernel/window_pattern.hpp>
#include <fusegrad/kernel/window_sums.hpp>
#include <fusegrad/math/number.hpp>
#include <type_traits>

namespace fusegrad::kernel::inline FUSEGRAD_ABI {

/// The work of a convolution's weight gradient is shared in units of one register tile of the weight.
template <class T>
constexpr std::size_t convolution_units(const window_pattern& pattern, std::size_t columns) noexcept {
  return tap_units<T>(pattern, columns);
}

/// dW of a convolution: of each tap's channel and each column the sum over samples and positions of the left number
/// times that of `right_image`. It lies like the weight, [taps * channels][columns] in panels, and an expression is
/// applied to it before it reaches memory, as for `weight_gradient`. The sums run over samples, image rows and
/// positions in order, whatever the units. `IsPart`: the columns of `right_image` are some of wider rows.
template <class T, column_tiles Tiles, auto Table, auto Accesses, window_pattern Pattern, bool IsPart>
struct convolution_gradient {
  using fused = fused_expression<T, Table, Accesses>;
  using vector = math::vector<T>;
  static constexpr std::size_t lanes = static_cast<std::size_t>(math::native_lanes<T>);

  FUSEGRAD_INLINE static constexpr void run(const call<T>& c) noexcept {
    if (__builtin_is_constant_evaluated()) return run_plainly(c);
    for (std::size_t unit = c.first_unit; unit < c.last_unit; ++unit) {
      constexpr std::size_t width = static_cast<std::size_t>(Tiles.wide) * lanes,
                            in_panel = tap_tiles_of(Pattern, Tiles.wide).count();
      const std::size_t whole = padded<T>(c.columns) / width, panel = unit / in_panel;
      if constexpr (Tiles.rest == 0)
        one_unit<Tiles.wide>(c, panel * width, unit % in_panel);
      else if (panel < whole)
        one_unit<Tiles.wide>(c, panel * width, unit % in_panel);
      else
        one_unit<Tiles.rest>(c, whole * width, unit - whole * in_panel);
    }
  }

  /// The plain loops that the kernel is compared with, and what constant expressions use.
  static constexpr void run_plainly(const call<T>& c) noexcept {
    for (std::size_t i = 0; i < depth; ++i)
      for (std::size_t o = 0; o < c.columns; ++o) {
        const std::size_t at = panel_index<T>(depth, c.columns, i, o);
        T sum{};
        for (std::size_t sample = 0; sample < c.samples; ++sample)
          for (std::size_t y = 0; y < Pattern.rows; ++y)
            for (std::size_t x = 0; x < Pattern.columns; ++x)
              sum = math::multiply_add(left_number(c, sample, y, x, i),
                                       at_image_row(c.right_image, sample, y).data[x * c.right_image.stride + o], sum);
        fused::number_at(c, 0, at, c.accumulate ? sum + c.gradient[at] : sum);
      }
  }

private:
  static constexpr std::size_t depth = std::size_t{Pattern.tap_rows} * Pattern.tap_columns * Pattern.channels;

  static constexpr T left_number(const call<T>& c, std::size_t sample, std::size_t y, std::size_t x, std::size_t i) {
    const std::size_t tap = i / Pattern.channels;
    const T* left = c.left_image.data + sample * c.left_image.sample_step +
                    window_offset(Pattern, y, x, tap / Pattern.tap_columns, tap % Pattern.tap_columns);
    return left[i % Pattern.channels];
  }

  template <int Wide> FUSEGRAD_INLINE static void one_unit(const call<T>& c, std::size_t column, std::size_t unit) {
    constexpr tap_tiles all = tap_tiles_of(Pattern, Wide);
    const tap_tile now = all.at(unit);
    if constexpr (all.cut.longer != 0)
      if (now.items == all.cut.longest()) return tiles<Wide, all.cut.longest()>(c, column, now);
    if constexpr (all.cut.others != 0) tiles<Wide, all.cut.size>(c, column, now);
  }

  // Functions of their own: the compiler works through code as large as a tile again on every level that it is inlined
  // into.
  template <int Wide, std::size_t Items>
  [[gnu::noinline]] static void tiles(const call<T>& c, std::size_t column, const tap_tile& now) {
    constexpr tap_tiles all = tap_tiles_of(Pattern, Wide);
    constexpr int high = static_cast<int>(Items * all.item_rows);
    constexpr std::size_t width = static_cast<std::size_t>(Wide) * lanes;
    const typename fused::places places(c);
    const std::size_t begin = column * depth + now.row * width;
    const auto at = [&](int r, int v) FUSEGRAD_INLINE {
      return begin + static_cast<std::size_t>(r) * width + static_cast<std::size_t>(v) * lanes;
    };
    tile<vector, high, Wide> sum{};
    add_positions<Wide, high, all.offsets(Items)>(sum, c, column, now.offset);
    if (c.accumulate)
      unroll<high * Wide>([&](auto i) FUSEGRAD_INLINE {
        sum[i / Wide][i % Wide] += vector::load_aligned(c.gradient + at(i / Wide, i % Wide));
      });
    const auto use = [&](auto r, auto v)
                         FUSEGRAD_INLINE { fused::row_at(places, 0, at(r, v), math::native_lanes<T>, sum[r][v]); };
    // The numbers of most tiles stay in registers; lower ones make the detour over memory, since code costs the
    // compiler time.
    if constexpr (fused::is_cheap && high > 4) {
      unroll<high * Wide>([&](auto i) FUSEGRAD_INLINE {
        use(std::integral_constant<int, i / Wide>{}, std::integral_constant<int, i % Wide>{});
      });
    } else {
      for (int r = 0; r < high; ++r)
        for (int v = 0; v < Wide; ++v) use(r, v);
    }
  }

  template <int Wide, int High, tile_offsets Offsets>
  FUSEGRAD_INLINE static void add_positions(tile<vector, High, Wide>& sum, const call<T>& c, std::size_t column,
                                            std::ptrdiff_t offset) {
    const place<T> right_image = c.right_image;
    const place<T> left_image = c.left_image;
    const std::size_t samples = c.samples;
    [[maybe_unused]] const int filled = filled_lanes<T, Wide>(c.columns, column);
    for (std::size_t sample = 0; sample < samples; ++sample)
      for (std::size_t y = 0; y < Pattern.rows; ++y) {
        const T* left = left_image.data + sample * left_image.sample_step + window_offset(Pattern, y, 0) + offset;
        const T* right = at_image_row(right_image, sample, y).data + column;
        for (std::size_t x = 0; x < Pattern.columns; ++x, left += Pattern.column_step, right += right_image.stride) {
          // Windows overlap: GCC would keep numbers of the left side that come again, in memory.
          left = math::intrinsics::opaque(left);
          const auto factors = [&]() FUSEGRAD_INLINE {
            if constexpr (IsPart)
              return right_row<T, Wide>(right, filled);
            else
              return right_row<T, Wide>(right);
          }();
          add_products<T, High, Wide, Offsets>(sum, left, factors.items);
        }
      }
  }
};

} // namespace fusegrad::kernel::inline FUSEGRAD_ABI
