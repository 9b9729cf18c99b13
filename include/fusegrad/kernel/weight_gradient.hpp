// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/call.hpp>
#include <fusegrad/kernel/microkernel.hpp>
#include <fusegrad/math/number.hpp>
#include <type_traits>

namespace fusegrad::kernel {

/// dW = x^T dy over the samples of the call, into `gradient` [In][padded Out], packed like the weight.
template <class T, std::size_t In, std::size_t Out> struct weight_gradient {
  using vector = math::vector<T>;
  static constexpr std::size_t left_stride = padded<T>(In);
  static constexpr std::size_t right_stride = padded<T>(Out);
  static constexpr std::size_t lanes = static_cast<std::size_t>(math::native_lanes<T>);
  static constexpr int vectors = static_cast<int>(right_stride / lanes);

  static constexpr void run(const call<T>& c) noexcept {
    if (std::is_constant_evaluated()) return run_plainly(c);
    constexpr int wide = tile_vectors(static_cast<std::size_t>(vectors));
    constexpr int high = tile_rows(wide);
    std::size_t i = 0;
    for (; i + high <= In; i += high) columns<high, wide>(c, i);
    if constexpr (In % high != 0) columns<static_cast<int>(In % high), wide>(c, i);
  }

  /// The plain loops that the kernel is compared with, and what constant expressions use.
  static constexpr void run_plainly(const call<T>& c) noexcept {
    for (std::size_t i = 0; i < In; ++i)
      for (std::size_t o = 0; o < Out; ++o) {
        T& total = c.gradient[i * right_stride + o];
        T sum = c.accumulate ? total : T{};
        for (std::size_t row = 0; row < c.rows; ++row)
          sum = math::multiply_add(c.left[row * left_stride + i], c.right[row * right_stride + o], sum);
        total = sum;
      }
  }

private:
  template <int High, int Wide> [[gnu::always_inline]] static void columns(const call<T>& c, std::size_t i) {
    for (int v = 0; v + Wide <= vectors; v += Wide) block<High, Wide>(c, i, v);
    if constexpr (vectors % Wide != 0) block<High, vectors % Wide>(c, i, vectors - vectors % Wide);
  }

  template <int High, int Wide> [[gnu::always_inline]] static void block(const call<T>& c, std::size_t i, int first) {
    const std::size_t column = static_cast<std::size_t>(first) * lanes;
    T* out = c.gradient + i * right_stride + column;
    vector sum[High][Wide]{};
    const auto at = [&](int r, int v) { return out + static_cast<std::size_t>(r) * right_stride + static_cast<std::size_t>(v) * lanes; };
    if (c.accumulate)
      unroll<High>([&](auto r) { unroll<Wide>([&](auto v) { sum[r][v] = vector::load_aligned(at(r, v)); }); });
    multiply_tile<T, High, Wide, 1, left_stride, right_stride>(sum, c.left + i, c.right + column, c.rows);
    unroll<High>([&](auto r) { unroll<Wide>([&](auto v) { sum[r][v].store_aligned(at(r, v)); }); });
  }
};

} // namespace fusegrad::kernel
