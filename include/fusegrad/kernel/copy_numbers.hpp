// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/call.hpp>
#include <fusegrad/kernel/seen_taps.hpp>

namespace fusegrad::kernel::inline FUSEGRAD_ABI {

/// The numbers of each sample, in order, from an image of one shape (`window.image_...`, `widths[0]` columns) to one of
/// another (`window.made_...`, `widths[1]` columns). Where rows are whole vectors, zeros stand behind the last column.
template <class T> constexpr void copy_numbers(const call<T>& c) noexcept {
  for (std::size_t sample = 0; sample < c.samples; ++sample) {
    std::size_t row = 0, position = 0, column = 0; // of what is read
    each_position(1, c.window->made_rows, c.window->made_columns, [&](std::size_t, std::size_t y, std::size_t x) {
      T* const made = row_at(c.results[0], sample, y, x);
      for (std::size_t i = 0; i < c.widths[1]; ++i) {
        made[i] = row_at(c.arguments[0], sample, row, position)[column];
        if (++column < c.widths[0]) continue;
        column = 0;
        if (++position < c.window->image_columns) continue;
        position = 0;
        ++row;
      }
      for (std::size_t i = c.widths[1]; i < c.results[0].stride; ++i) made[i] = T{};
    });
  }
}

} // namespace fusegrad::kernel::inline FUSEGRAD_ABI
