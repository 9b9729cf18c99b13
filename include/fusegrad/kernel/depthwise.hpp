// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/convolution_names.hpp>
#include <fusegrad/kernel/fused_expression.hpp>
#include <fusegrad/kernel/image_places.hpp>
#include <fusegrad/kernel/panels.hpp>
#include <fusegrad/kernel/window_pattern.hpp>
#include <fusegrad/math/number.hpp>
#include <type_traits>
#include <utility>

namespace fusegrad::kernel::inline FUSEGRAD_ABI {

/// Which tap of the weight a tap of a pattern is.
constexpr std::size_t tap_number(const window_pattern& p, std::size_t i, std::size_t j) noexcept {
  return p.first_tap + i * p.tap_row_distance + j * p.tap_column_distance;
}

/// Windows of an image times a weight for each channel, [taps][columns] in panels, with an expression applied to the
/// sums: a depthwise convolution forward, and the gradient of its input by the same weight, one of `Patterns` for each
/// phase of the stride. `c.depth` counts the taps of the weight.
template <class T, auto Table, auto Accesses, auto Patterns> struct depthwise {
  using fused = fused_expression<T, Table, Accesses>;
  using vector = math::vector<T>;
  static constexpr std::size_t lanes = static_cast<std::size_t>(math::native_lanes<T>);

  FUSEGRAD_INLINE static constexpr void run(const call<T>& c) noexcept {
    if (__builtin_is_constant_evaluated()) return run_plainly(c);
    for (std::size_t sample = 0; sample < c.samples; ++sample)
      [&]<std::size_t... Which>(std::index_sequence<Which...>)
          FUSEGRAD_INLINE { (image<Patterns[Which]>(c, sample), ...); }(std::make_index_sequence<Patterns.size()>{});
  }

  /// The plain loops that the kernel is compared with, and what constant expressions use.
  static constexpr void run_plainly(const call<T>& c) noexcept {
    for (std::size_t sample = 0; sample < c.samples; ++sample)
      for (const window_pattern& p : Patterns)
        for (std::size_t y = 0; y < p.rows; ++y) {
          call<T> row;
          point_to_made_row<T, Accesses>(row, c, p, fused::result_count, sample, y);
          for (std::size_t x = 0; x < p.columns; ++x)
            for (std::size_t column = 0; column < c.columns; ++column)
              fused::number_at(row, x, column, plain_sum(c, p, sample, y, x, column));
        }
  }

private:
  static constexpr T plain_sum(const call<T>& c, const window_pattern& p, std::size_t sample, std::size_t y,
                               std::size_t x, std::size_t column) {
    T sum{};
    for (std::size_t i = 0; i < p.tap_rows; ++i)
      for (std::size_t j = 0; j < p.tap_columns; ++j)
        sum = math::multiply_add(
            (c.left_image.data + sample * c.left_image.sample_step + window_offset(p, y, x, i, j))[column],
            c.right[panel_index<T>(c.depth, c.columns, tap_number(p, i, j), column)], sum);
    return sum;
  }

  /// From where a window begins to one of its taps.
  template <window_pattern P> static constexpr std::ptrdiff_t distance_of(std::size_t tap) {
    return window_offset(P, 0, 0, tap / P.tap_columns, tap % P.tap_columns) - window_offset(P, 0, 0);
  }

  template <window_pattern P> [[gnu::noinline]] static void image(const call<T>& c, std::size_t sample) {
    for (std::size_t column = 0; column < c.columns; column += lanes) {
      const int filled = c.columns - column < lanes ? static_cast<int>(c.columns - column) : math::native_lanes<T>;
      vectors<P>(c, sample, column, filled, std::make_index_sequence<std::size_t{P.tap_rows} * P.tap_columns>{});
    }
  }

  /// One vector of channels: its taps' weights stay in registers, if there are enough of those. Behind a stride that is
  /// larger than the kernel some positions have none.
  template <window_pattern P, std::size_t... Tap>
  FUSEGRAD_INLINE static void vectors(const call<T>& c, std::size_t sample, std::size_t column, int filled,
                                      std::index_sequence<Tap...>) {
    [[maybe_unused]] const T* right = c.right + panel_index<T>(c.depth, c.columns, 0, column);
    [[maybe_unused]] const std::size_t distance =
        panel_index<T>(c.depth, c.columns, 1, column) - panel_index<T>(c.depth, c.columns, 0, column);
    [[maybe_unused]] const vector weights[sizeof...(Tap) + 1]{
        vector::load_aligned(right + tap_number(P, Tap / P.tap_columns, Tap % P.tap_columns) * distance)...,
        vector(T{0})};
    [[maybe_unused]] const T* const image = c.left_image.data + sample * c.left_image.sample_step + column;
    for (std::size_t y = 0; y < P.rows; ++y) {
      const places_of_rows<T, fused, Accesses, 1> places(c, P, sample, y);
      const typename fused::places& at = places.items[0];
      const auto same = fused::shared_at(at, column);
      for (std::size_t x = 0; x < P.columns; ++x) {
        [[maybe_unused]] const T* const left = image + window_offset(P, y, x);
        vector sum(T{0});
        ((sum = multiply_add(vector::load_aligned(left + distance_of<P>(Tap)), weights[Tap], sum)), ...);
        fused::row_at(at, same, x, column, filled, sum);
      }
    }
  }
};

} // namespace fusegrad::kernel::inline FUSEGRAD_ABI
