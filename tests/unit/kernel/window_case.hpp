// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <fusegrad/tensor/window.hpp>
#include <vector>

#include "unit/kernel/image_case.hpp"

namespace fusegrad::test {

/// A window over an image, both of random geometry, and how they lie: borders, and steps that are larger than needed.
/// Pools have a window that sees something everywhere; other windows may also leave out some of the image.
struct window_case {
  std::size_t samples = between(1, 3), channels = between(1, 40);
  tensor::image_window w;

  explicit window_case(bool is_pool) {
    const std::size_t rows = between(1, 9), columns = between(1, 9);
    w.seen.rows = side(rows, is_pool), w.seen.columns = side(columns, is_pool);
    w.image_rows = tensor::extent_of(rows), w.image_columns = tensor::extent_of(columns);
    w.made_rows = tensor::extent_of(w.seen.rows.positions(rows));
    w.made_columns = tensor::extent_of(w.seen.columns.positions(columns));
  }
  template <class T> images<T> image() const { return lying<T>(w.image_rows, w.image_columns); }
  template <class T> images<T> positions() const { return lying<T>(w.made_rows, w.made_columns); }

  template <class T> kernel::call<T> call() const {
    kernel::call<T> c;
    c.samples = samples, c.columns = channels, c.window = &w;
    return c;
  }

  /// Calls `use(sample, y, x)` for each position of the window.
  template <class Use> void each_position(Use use) const {
    for (std::size_t s = 0; s < samples; ++s)
      for (std::size_t y = 0; y < w.made_rows; ++y)
        for (std::size_t x = 0; x < w.made_columns; ++x) use(s, y, x);
  }
  /// A number of the image that a window sees.
  struct seen {
    std::size_t tap, y, x;
  };
  /// Those that the window at a position sees, row by row.
  std::vector<seen> seen_at(std::size_t y, std::size_t x) const {
    std::vector<seen> out;
    std::size_t tap = 0;
    for (std::int64_t i = 0; i < w.seen.rows.size; ++i)
      for (std::int64_t j = 0; j < w.seen.columns.size; ++j, ++tap) {
        const std::int64_t row = place(w.seen.rows, y, i), column = place(w.seen.columns, x, j);
        if (row >= 0 && row < w.image_rows && column >= 0 && column < w.image_columns)
          out.push_back({tap, static_cast<std::size_t>(row), static_cast<std::size_t>(column)});
      }
    return out;
  }

private:
  template <class T> images<T> lying(std::size_t rows, std::size_t columns) const {
    return images<T>(aligned_layout<T>(samples, rows, columns, channels, between(0, 2)));
  }
  static std::int64_t place(const tensor::window_side& side, std::size_t position, std::int64_t tap) {
    return static_cast<std::int64_t>(position) * side.stride + tap * side.dilation - side.before;
  }
  static tensor::window_side side(std::size_t length, bool is_pool) {
    for (;;) {
      tensor::window_side s;
      s.size = static_cast<std::uint32_t>(between(1, 4));
      s.stride = static_cast<std::uint32_t>(between(1, 3));
      s.dilation = static_cast<std::uint32_t>(between(1, 3));
      s.before = static_cast<std::int32_t>(between(0, 5)) - 2;
      s.after = static_cast<std::int32_t>(between(0, 5)) - 2;
      if (s.positions(length) > 0 && (!is_pool || s.sees_everywhere(length))) return s;
    }
  }
};

} // namespace fusegrad::test
