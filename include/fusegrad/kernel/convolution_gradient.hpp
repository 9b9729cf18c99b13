// SPDX-License-Identifier: MIT
#pragma once
#include <cstddef>
#include <fusegrad/kernel/fused_expression.hpp>
#include <fusegrad/kernel/image_places.hpp>
#include <fusegrad/kernel/panels.hpp>
#include <fusegrad/math/number.hpp>
namespace fusegrad::kernel::inline FUSEGRAD_ABI {
template <class T> constexpr std::size_t convolution_units(std::size_t, std::size_t) noexcept { return 1; }
template <class T, column_tiles Tiles, auto Table, auto Accesses, window_pattern P> struct convolution_gradient {
  using fused = fused_expression<T, Table, Accesses>;
  static constexpr void run(const call<T>& c) noexcept {
    if (c.first_unit >= c.last_unit) return;
    for (std::size_t i = 0; i < P.tap_rows; ++i) for (std::size_t j = 0; j < P.tap_columns; ++j) for (std::size_t k = 0; k < P.channels; ++k)
      for (std::size_t o = 0; o < c.columns; ++o) {
        const std::size_t at = panel_index<T>(c.depth, c.columns, (i * P.tap_columns + j) * P.channels + k, o);
        T sum = c.accumulate ? c.gradient[at] : T{};
        for (std::size_t s = 0; s < c.samples; ++s) for (std::size_t y = 0; y < P.rows; ++y) for (std::size_t x = 0; x < P.columns; ++x)
          sum = math::multiply_add((c.left_image.data + s * c.left_image.sample_step + window_offset(P, y, x, i, j))[k],
             at_image_row(c.right_image, s, y).data[x * c.right_image.stride + o], sum);
        fused::number_at(c, 0, at, sum);
      }
  }
};
}
