// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/convolution_names.hpp>
#include <fusegrad/kernel/depthwise.hpp>
#include <fusegrad/kernel/fused_expression.hpp>
#include <fusegrad/kernel/image_places.hpp>
#include <fusegrad/kernel/panels.hpp>
#include <fusegrad/kernel/window_pattern.hpp>
#include <fusegrad/math/number.hpp>
#include <type_traits>
#include <utility>

namespace fusegrad::kernel::inline FUSEGRAD_ABI {

/// dW of a depthwise convolution: of each tap and channel the sum over samples and positions of the left number times
/// that of `right_image`, [taps][columns] in panels, and an expression applied to it as for `weight_gradient`. The
/// units are vectors of columns.
template <class T, auto Table, auto Accesses, window_pattern Pattern> struct depthwise_gradient {
  using fused = fused_expression<T, Table, Accesses>;
  using vector = math::vector<T>;
  static constexpr std::size_t lanes = static_cast<std::size_t>(math::native_lanes<T>);
  static constexpr std::size_t taps = std::size_t{Pattern.tap_rows} * Pattern.tap_columns;

  FUSEGRAD_INLINE static constexpr void run(const call<T>& c) noexcept {
    if (__builtin_is_constant_evaluated()) return run_plainly(c);
    for (std::size_t unit = c.first_unit; unit < c.last_unit; ++unit) all_taps<0>(c, unit * lanes);
  }

  /// The plain loops that the kernel is compared with, and what constant expressions use.
  static constexpr void run_plainly(const call<T>& c) noexcept {
    for (std::size_t tap = 0; tap < taps; ++tap)
      for (std::size_t column = 0; column < c.columns; ++column) {
        const std::size_t at = panel_index<T>(taps, c.columns, tap, column);
        T sum{};
        for (std::size_t sample = 0; sample < c.samples; ++sample)
          for (std::size_t y = 0; y < Pattern.rows; ++y)
            for (std::size_t x = 0; x < Pattern.columns; ++x)
              sum = math::multiply_add(left_at(c, sample, y, x, tap)[column],
                                       at_image_row(c.right_image, sample, y).data[x * c.right_image.stride + column],
                                       sum);
        fused::number_at(c, 0, at, c.accumulate ? sum + c.gradient[at] : sum);
      }
  }

private:
  static constexpr std::size_t most_taps = 12; ///< whose sums stay in registers

  static constexpr const T* left_at(const call<T>& c, std::size_t sample, std::size_t y, std::size_t x,
                                    std::size_t tap) {
    return c.left_image.data + sample * c.left_image.sample_step +
           window_offset(Pattern, y, x, tap / Pattern.tap_columns, tap % Pattern.tap_columns);
  }

  template <std::size_t First> FUSEGRAD_INLINE static void all_taps(const call<T>& c, std::size_t column) {
    constexpr std::size_t count = taps - First < most_taps ? taps - First : most_taps;
    some_taps<First>(c, column, std::make_index_sequence<count>{});
    if constexpr (First + count < taps) all_taps<First + count>(c, column);
  }

  template <std::size_t First, std::size_t... Tap>
  [[gnu::noinline]] static void some_taps(const call<T>& c, std::size_t column, std::index_sequence<Tap...>) {
    const typename fused::places places(c);
    const auto at = [&](std::size_t tap) { return panel_index<T>(taps, c.columns, First + tap, column); };
    vector sums[sizeof...(Tap)]{(static_cast<void>(Tap), vector(T{0}))...};
    for (std::size_t sample = 0; sample < c.samples; ++sample)
      for (std::size_t y = 0; y < Pattern.rows; ++y) {
        const T* left = left_at(c, sample, y, 0, 0) + column;
        const T* right = at_image_row(c.right_image, sample, y).data + column;
        for (std::size_t x = 0; x < Pattern.columns; ++x, left += Pattern.column_step, right += c.right_image.stride) {
          const vector dy = vector::load_aligned(right);
          ((sums[Tap] = multiply_add(vector::load_aligned(left + distance_of(First + Tap)), dy, sums[Tap])), ...);
        }
      }
    if (c.accumulate) ((sums[Tap] += vector::load_aligned(c.gradient + at(Tap))), ...);
    ((fused::row_at(places, 0, at(Tap), math::native_lanes<T>, sums[Tap])), ...);
  }
  static constexpr std::ptrdiff_t distance_of(std::size_t tap) {
    return window_offset(Pattern, 0, 0, tap / Pattern.tap_columns, tap % Pattern.tap_columns) -
           window_offset(Pattern, 0, 0);
  }
};

} // namespace fusegrad::kernel::inline FUSEGRAD_ABI
