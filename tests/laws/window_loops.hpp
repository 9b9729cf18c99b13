// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <cstddef>
#include <fusegrad/graph/graph.hpp>

namespace fusegrad::test {

/// Calls `use(position, at, tap)` for all that a window sees: a position of it, one of the image, and the tap.
template <class Use> void each_tap(const graph::window& w, const tensor::extents& image, Use use) {
  const auto [rows, columns] = w;
  const auto height = static_cast<long>(image.image_rows()), width = static_cast<long>(image.image_columns());
  const auto positions = [](const graph::window_side& side, long length) {
    return (length + side.before + side.after - static_cast<long>(side.dilation) * (static_cast<long>(side.size) - 1) -
            1) /
               static_cast<long>(side.stride) +
           1;
  };
  const long made_rows = positions(rows, height), made_columns = positions(columns, width);
  for (long y = 0; y < made_rows; ++y)
    for (long x = 0; x < made_columns; ++x)
      for (long i = 0; i < static_cast<long>(rows.size); ++i)
        for (long j = 0; j < static_cast<long>(columns.size); ++j) {
          const long at_y = y * static_cast<long>(rows.stride) + i * static_cast<long>(rows.dilation) - rows.before,
                     at_x = x * static_cast<long>(columns.stride) + j * static_cast<long>(columns.dilation) -
                            columns.before;
          if (at_y < 0 || at_y >= height || at_x < 0 || at_x >= width) continue;
          use(static_cast<std::size_t>(y * made_columns + x), static_cast<std::size_t>(at_y * width + at_x),
              static_cast<std::size_t>(i * static_cast<long>(columns.size) + j));
        }
}

/// Calls `use(position, at, share)` for all positions that a number of a line is a mean of.
template <class Use> void each_share(std::size_t length, std::size_t factor, Use use) {
  const std::size_t positions = length / factor;
  for (std::size_t at = 0; at < length; ++at) {
    const double place = (static_cast<double>(at) + 0.5) / static_cast<double>(factor) - 0.5;
    for (std::size_t p = 0; p < positions; ++p) {
      const double last = static_cast<double>(positions) - 1, clamped = place < 0 ? 0 : place > last ? last : place;
      const double distance = std::abs(clamped - static_cast<double>(p));
      if (distance < 1) use(p, at, 1 - distance);
    }
  }
}

} // namespace fusegrad::test
