// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/base/config.hpp>
#include <fusegrad/base/growing.hpp>
#include <fusegrad/tensor/window.hpp>
#include <utility>

namespace fusegrad::plan::inline FUSEGRAD_ABI {

/// Which positions of a line are made, and what each sees of the line that is read, in one direction of an image: the
/// position number `made_first + a made_step` sees `first + a step + j tap_step` with the tap `tap_first + j
/// tap_stride`.
struct side_walk {
  std::int64_t made_first = 0, made_step = 1, made = 0;
  std::int64_t first = 0, step = 1;
  std::int64_t taps = 0, tap_first = 0, tap_stride = 1, tap_step = 1;

  /// How far the walk reaches over the ends of a line.
  [[nodiscard]] constexpr std::int64_t before() const noexcept {
    const std::int64_t lowest = first + (tap_step < 0 ? (taps - 1) * tap_step : 0);
    return taps > 0 && made > 0 && lowest < 0 ? -lowest : 0;
  }
  [[nodiscard]] constexpr std::int64_t after(std::int64_t length) const noexcept {
    const std::int64_t highest = first + (made - 1) * step + (tap_step > 0 ? (taps - 1) * tap_step : 0);
    return taps > 0 && made > 0 && highest >= length ? highest - length + 1 : 0;
  }
};

/// From an image to the positions of a window; the first `made` of them.
constexpr side_walk walk_of(const tensor::window_side& side, std::size_t made) noexcept {
  side_walk w;
  w.made = static_cast<std::int64_t>(made);
  w.first = -std::int64_t{side.before};
  w.step = side.stride;
  w.taps = side.size;
  w.tap_step = side.dilation;
  return w;
}

constexpr std::int64_t greatest_common_divisor(std::int64_t a, std::int64_t b) noexcept {
  while (b != 0) a = std::exchange(b, a % b);
  return a;
}

/// From the positions of a window back to an image: one walk for each phase of the stride. The image's position p is
/// seen by the window at q with the tap t where p + before = q stride + t dilation.
constexpr growing<side_walk> walks_back(const tensor::window_side& side, std::size_t length) {
  growing<side_walk> phases;
  const std::int64_t stride = side.stride, dilation = side.dilation, size = side.size;
  const std::int64_t common = greatest_common_divisor(stride, dilation);
  for (std::int64_t p = 0; p < stride && p < static_cast<std::int64_t>(length); ++p) {
    side_walk w;
    w.made_first = p;
    w.made_step = stride;
    w.made = (static_cast<std::int64_t>(length) - p + stride - 1) / stride;
    const std::int64_t from = p + side.before;
    std::int64_t tap = 0;
    while (tap < size && (from - tap * dilation) % stride != 0) ++tap;
    w.tap_first = tap < size ? tap : 0;
    w.tap_stride = stride / common;
    w.tap_step = -dilation / common;
    w.taps = tap < size ? (size - 1 - tap) / w.tap_stride + 1 : 0;
    w.first = tap < size ? (from - tap * dilation) / stride : 0;
    phases.push_back(w);
  }
  return phases;
}

/// The walks of a product over a window, in both directions.
struct window_walks {
  growing<side_walk> rows, columns;
};
constexpr window_walks walks_of(const tensor::image_window& w, bool is_back) {
  window_walks out;
  if (is_back) {
    out.rows = walks_back(w.seen.rows, w.image_rows);
    out.columns = walks_back(w.seen.columns, w.image_columns);
  } else {
    out.rows.push_back(walk_of(w.seen.rows, w.made_rows));
    out.columns.push_back(walk_of(w.seen.columns, w.made_columns));
  }
  return out;
}

} // namespace fusegrad::plan::inline FUSEGRAD_ABI
