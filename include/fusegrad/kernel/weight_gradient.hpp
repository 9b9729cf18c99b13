// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/call.hpp>
#include <fusegrad/kernel/microkernel.hpp>
#include <fusegrad/math/number.hpp>
#include <type_traits>

namespace fusegrad::kernel {

/// dW = x^T dy over the samples of the call, into `gradient` [depth][padded columns], packed like the weight.
template <class T, column_tiles Tiles> struct weight_gradient {
  using vector = math::vector<T>;
  static constexpr std::size_t lanes = static_cast<std::size_t>(math::native_lanes<T>);

  static constexpr void run(const call<T>& c) noexcept {
    if (std::is_constant_evaluated()) return run_plainly(c);
    constexpr int high = tile_rows(Tiles.wide);
    std::size_t i = 0;
    for (; i + high <= c.depth; i += high) columns<high>(c, i);
    for (; i + 2 <= c.depth; i += 2) columns<2>(c, i);
    if (i < c.depth) columns<1>(c, i);
  }

  /// The plain loops that the kernel is compared with, and what constant expressions use.
  static constexpr void run_plainly(const call<T>& c) noexcept {
    const std::size_t left_stride = padded<T>(c.depth), right_stride = padded<T>(c.columns);
    for (std::size_t i = 0; i < c.depth; ++i)
      for (std::size_t o = 0; o < c.columns; ++o) {
        T& total = c.gradient[i * right_stride + o];
        T sum = c.accumulate ? total : T{};
        for (std::size_t row = 0; row < c.rows; ++row)
          sum = math::multiply_add(c.left[row * left_stride + i], c.right[row * right_stride + o], sum);
        total = sum;
      }
  }

private:
  template <int High> static void columns(const call<T>& c, std::size_t i) noexcept {
    const std::size_t vectors = padded<T>(c.columns) / lanes;
    std::size_t v = 0;
    for (; v + Tiles.wide <= vectors; v += Tiles.wide) block<High, Tiles.wide>(c, i, v);
    if constexpr (Tiles.rest != 0) block<High, Tiles.rest>(c, i, v);
  }

  template <int High, int Wide> [[gnu::always_inline]] static void block(const call<T>& c, std::size_t i, std::size_t first) {
    const std::size_t right_stride = padded<T>(c.columns), column = first * lanes;
    T* out = c.gradient + i * right_stride + column;
    const auto at = [&](int r, int v) { return out + static_cast<std::size_t>(r) * right_stride + static_cast<std::size_t>(v) * lanes; };
    vector sum[High][Wide]{};
    if (c.accumulate)
      unroll<High>([&](auto r) { unroll<Wide>([&](auto v) { sum[r][v] = vector::load_aligned(at(r, v)); }); });
    multiply_tile<T, High, Wide, false>(sum, c.left + i, padded<T>(c.depth), c.right + column, right_stride, c.rows);
    unroll<High>([&](auto r) { unroll<Wide>([&](auto v) { sum[r][v].store_aligned(at(r, v)); }); });
  }
};

} // namespace fusegrad::kernel
