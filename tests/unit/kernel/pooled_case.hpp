// SPDX-License-Identifier: MIT
#pragma once

#include "unit/kernel/image_case.hpp"

namespace fusegrad::test {

/// The gradient behind a max pool: a number and a place for each window, some of the numbers zero.
template <class T, geometry G> struct pooled_dy {
  images<T> gradient, place;

  explicit pooled_dy(std::size_t samples)
      : gradient{aligned_layout<T>(samples, G.made_rows() / G.pool.rows, G.made_columns() / G.pool.columns, G.made, 0)},
        place{aligned_layout<T>(samples, G.made_rows() / G.pool.rows, G.made_columns() / G.pool.columns, G.made, 1)} {
    gradient.fill(T{}), place.fill(T{});
    const image_layout& layout = gradient.layout();
    for (std::size_t s = 0; s < samples; ++s)
      for (std::size_t y = 0; y < layout.rows; ++y)
        for (std::size_t x = 0; x < layout.columns; ++x)
          for (std::size_t o = 0; o < G.made; ++o) {
            if (between(0, 2) < s) gradient.position(s, y, x)[o] = 0;
            place.position(s, y, x)[o] = static_cast<T>(between(0, G.pool.rows * G.pool.columns - 1));
          }
  }
};

} // namespace fusegrad::test
