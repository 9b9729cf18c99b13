// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/call.hpp>
#include <fusegrad/kernel/seen_taps.hpp>
#include <fusegrad/math/vector.hpp>
#include <type_traits>

namespace fusegrad::kernel::inline FUSEGRAD_ABI {

/// The sum of each column over all positions of each sample: one row.
template <class T> constexpr void position_sum(const call<T>& c) noexcept {
  using vector = math::vector<T>;
  constexpr auto lanes = static_cast<std::size_t>(vector::lanes);
  for (std::size_t sample = 0; sample < c.samples; ++sample) {
    T* const to = c.results[0].data + sample * c.results[0].sample_step;
    if (std::is_constant_evaluated()) {
      for (std::size_t i = 0; i < c.columns; ++i) {
        T total{};
        each_position(1, c.image_rows, c.rows, [&](std::size_t, std::size_t y, std::size_t x) {
          total += row_at(c.arguments[0], sample, y, x)[i];
        });
        to[i] = total;
      }
      continue;
    }
    for (std::size_t i = 0; i < c.columns; i += lanes) {
      vector total(T{0});
      each_position(1, c.image_rows, c.rows, [&](std::size_t, std::size_t y, std::size_t x) {
        total += vector::load_aligned(row_at(c.arguments[0], sample, y, x) + i);
      });
      total.store_aligned(to + i);
    }
  }
}

} // namespace fusegrad::kernel::inline FUSEGRAD_ABI
