// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <fusegrad/kernel/window_pattern.hpp>
#include <numeric>
#include <type_traits>
#include <vector>

#include "unit/kernel/support.hpp"

namespace fusegrad::test {

/// A convolution as people write it down: the same in both directions, but for the sizes.
struct geometry {
  std::size_t rows = 1, columns = 1, channels = 1, made = 1; ///< of the input; channels of the output
  std::size_t tap_rows = 3, tap_columns = 3, stride = 1, dilation = 1, border = 0;
  kernel::pooling pool{};
  bool is_tight = false; ///< input positions follow each other without padding

  constexpr std::size_t made_rows() const { return positions(rows, tap_rows) / pool.rows * pool.rows; }
  constexpr std::size_t made_columns() const { return positions(columns, tap_columns) / pool.columns * pool.columns; }
  constexpr std::size_t taps() const { return tap_rows * tap_columns; }
  constexpr std::size_t depth() const { return taps() * channels; }

private:
  constexpr std::size_t positions(std::size_t length, std::size_t taps_) const {
    return (length + 2 * border - (taps_ - 1) * dilation - 1) / stride + 1;
  }
};

/// Where images of some samples lie: a border around each, and a gap behind image rows and samples.
struct image_layout {
  std::size_t samples, rows, columns, width, border, stride, gap;
  constexpr std::size_t row_step() const { return (columns + 2 * border) * stride + gap; }
  constexpr std::size_t sample_step() const { return (rows + 2 * border) * row_step() + 2 * gap; }
  constexpr std::size_t index(std::size_t sample, std::size_t row, std::size_t column) const {
    return sample * sample_step() + (row + border) * row_step() + (column + border) * stride;
  }
};

/// The layout of results: whole vectors.
template <class T>
constexpr image_layout aligned_layout(std::size_t samples, std::size_t rows, std::size_t columns, std::size_t width,
                                      std::size_t border) {
  constexpr auto lanes = static_cast<std::size_t>(math::native_lanes<T>);
  return {samples, rows, columns, width, border, kernel::padded<T>(width) + border * lanes, border * lanes};
}
/// The layout of a convolution's input.
template <class T> constexpr image_layout input_layout(const geometry& g, std::size_t samples) {
  image_layout layout = aligned_layout<T>(samples, g.rows, g.columns, g.channels, g.border);
  if (g.is_tight) layout.stride = g.channels, layout.gap = 3;
  return layout;
}

/// Images as kernels see them. Whatever nothing may write, in the gaps and around, starts as NaN.
template <class T> class images {
public:
  static constexpr T nan = std::numeric_limits<T>::quiet_NaN();
  static constexpr std::size_t around = 64;

  explicit images(const image_layout& layout)
      : layout_{layout}, memory_{2 * around + layout.samples * layout.sample_step()} {
    for (T& x : memory_) x = nan;
  }
  /// Random numbers, but in every second sample the same one everywhere; zeros in the border, and `padding` behind each
  /// position.
  images& fill(T padding = nan) {
    const std::size_t all = layout_.stride > layout_.width ? layout_.stride : layout_.width;
    for (std::size_t s = 0; s < layout_.samples; ++s)
      for (std::size_t y = 0; y < layout_.rows + 2 * layout_.border; ++y)
        for (std::size_t x = 0; x < layout_.columns + 2 * layout_.border; ++x)
          for (std::size_t k = 0; k < all; ++k) {
            const bool inside = y >= layout_.border && y < layout_.rows + layout_.border && x >= layout_.border &&
                                x < layout_.columns + layout_.border;
            T* at = memory_.data() + around + s * layout_.sample_step() + y * layout_.row_step() + x * layout_.stride;
            at[k] = k >= layout_.width ? padding
                    : inside           ? static_cast<T>(s % 2 == 1 ? 1 : between(0, 64)) / 32 - 1
                                       : T{};
          }
    return *this;
  }
  T* position(std::size_t sample, std::size_t row, std::size_t column) {
    return memory_.data() + around + layout_.index(sample, row, column);
  }
  const image_layout& layout() const { return layout_; }
  kernel::place<T> place() { return {position(0, 0, 0), layout_.stride, layout_.row_step(), layout_.sample_step()}; }

  /// Every number to within `tolerance`, zeros behind each position, and nothing else touched.
  void check(images& expected, double tolerance) {
    std::vector<bool> made(memory_.size());
    for (std::size_t s = 0; s < layout_.samples; ++s)
      for (std::size_t y = 0; y < layout_.rows; ++y)
        for (std::size_t x = 0; x < layout_.columns; ++x)
          for (std::size_t k = 0; k < kernel::padded<T>(layout_.width); ++k) {
            const T* at = position(s, y, x) + k;
            made[static_cast<std::size_t>(at - memory_.data())] = true;
            const double is = static_cast<double>(*at),
                         should = k < layout_.width ? static_cast<double>(expected.position(s, y, x)[k]) : 0;
            BOOST_REQUIRE_MESSAGE(
                (is == should || std::abs(is - should) <= tolerance || (std::isnan(is) && std::isnan(should))),
                "sample " << s << ", row " << y << ", column " << x << ", number " << k << ": " << is << ", expected "
                          << should);
          }
    for (std::size_t i = 0; i < memory_.size(); ++i)
      if (!made[i]) BOOST_REQUIRE_MESSAGE(std::isnan(memory_[i]), "written outside, at " << i);
  }

private:
  image_layout layout_;
  tensor::buffer<T> memory_;
};

/// The pattern of a convolution.
template <class T> constexpr kernel::window_pattern forward_pattern(const geometry& g) {
  const image_layout in = input_layout<T>(g, 1);
  const auto number = [](std::size_t x) { return static_cast<std::uint32_t>(x); };
  kernel::window_pattern p;
  p.rows = number(g.made_rows()), p.columns = number(g.made_columns());
  p.first = -static_cast<std::int32_t>(g.border * (in.row_step() + in.stride));
  p.row_step = number(g.stride * in.row_step()), p.column_step = number(g.stride * in.stride);
  p.tap_rows = number(g.tap_rows), p.tap_columns = number(g.tap_columns), p.channels = number(g.channels);
  p.tap_row_step = static_cast<std::int32_t>(g.dilation * in.row_step());
  p.tap_column_step = static_cast<std::int32_t>(g.dilation * in.stride);
  p.tap_row_distance = number(g.tap_columns), p.tap_column_distance = 1;
  return p;
}

/// One dimension of a phase: which taps meet which positions of dy.
struct phase {
  std::size_t count, first_tap, taps, tap_distance, dy_step;
  std::ptrdiff_t first_dy;
};
constexpr phase phase_of(std::size_t which, std::size_t length, std::size_t taps, const geometry& g) {
  phase result{(length - which + g.stride - 1) / g.stride, 0, 0, 1, 0, 0};
  if (length <= which) result.count = 0;
  const std::size_t shared = std::gcd(g.stride, g.dilation);
  for (std::size_t tap = taps; tap-- > 0;) {
    const auto at = static_cast<std::ptrdiff_t>(which + g.border) - static_cast<std::ptrdiff_t>(tap * g.dilation);
    if (at % static_cast<std::ptrdiff_t>(g.stride) != 0) continue;
    result.first_tap = tap, ++result.taps;
    result.first_dy = at / static_cast<std::ptrdiff_t>(g.stride);
  }
  result.tap_distance = g.stride / shared, result.dy_step = g.dilation / shared;
  return result;
}

/// The patterns of the gradient of its input: dy, in a border that is wide enough, times the transposed weight.
template <class T, geometry G> constexpr auto input_gradient_patterns(const image_layout& dy) {
  std::array<kernel::window_pattern, G.stride * G.stride> patterns{};
  for (std::size_t i = 0; i < patterns.size(); ++i) {
    const phase y = phase_of(i / G.stride, G.rows, G.tap_rows, G),
                x = phase_of(i % G.stride, G.columns, G.tap_columns, G);
    const auto number = [](std::size_t n) { return static_cast<std::uint32_t>(n); };
    kernel::window_pattern& p = patterns[i];
    p.rows = number(y.count), p.columns = number(x.count);
    p.first = static_cast<std::int32_t>(y.first_dy * static_cast<std::ptrdiff_t>(dy.row_step()) +
                                        x.first_dy * static_cast<std::ptrdiff_t>(dy.stride));
    p.row_step = number(dy.row_step()), p.column_step = number(dy.stride);
    p.tap_rows = number(y.taps), p.tap_columns = number(x.taps), p.channels = number(G.made);
    p.tap_row_step = -static_cast<std::int32_t>(y.dy_step * dy.row_step());
    p.tap_column_step = -static_cast<std::int32_t>(x.dy_step * dy.stride);
    p.first_tap = number(y.first_tap * G.tap_columns + x.first_tap);
    p.tap_row_distance = number(y.tap_distance * G.tap_columns), p.tap_column_distance = number(x.tap_distance);
    p.made_row = number(i / G.stride), p.made_column = number(i % G.stride);
    p.made_row_step = p.made_column_step = number(G.stride);
  }
  return patterns;
}

} // namespace fusegrad::test
