// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/fused_expression.hpp>
#include <type_traits>

namespace fusegrad::kernel::inline FUSEGRAD_ABI {

/// An expression over all samples and columns. The width is a run-time number: one kernel serves layers of every width.
template <class T, auto Table, auto Accesses> struct elementwise {
  FUSEGRAD_INLINE static constexpr void run(const call<T>& c) noexcept {
    using fused = fused_expression<T, Table, Accesses>;
    if (__builtin_is_constant_evaluated()) {
      for (std::size_t row = 0; row < c.rows; ++row)
        for (std::size_t column = 0; column < c.columns; ++column) fused::number_at(c, row, column, T{});
      return;
    }
    const typename fused::places at(c);
    const math::vector<T> none(T{0});
    constexpr auto lanes = static_cast<std::size_t>(math::native_lanes<T>);
    const std::size_t whole = c.columns / lanes * lanes;
    const int left_over = static_cast<int>(c.columns - whole);
    for (std::size_t row = 0; row < c.rows; ++row) {
      for (std::size_t column = 0; column < whole; column += lanes)
        fused::row_at(at, row, column, math::native_lanes<T>, none);
      if (left_over != 0) fused::row_at(at, row, whole, left_over, none);
    }
  }
};

} // namespace fusegrad::kernel::inline FUSEGRAD_ABI
