// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/run/bindings/sum_of_columns.hpp>

namespace fusegrad::execution::inline FUSEGRAD_ABI {

template <> struct binding<graph::kind::batch_sum> : sum_of_columns {
  template <class T, class Of>
  FUSEGRAD_INLINE static constexpr void fill_in(kernel::call<T>& c, const step_form& s, const Of&,
                                                const pass_memory<T>& m, const task& t) noexcept {
    c.accumulate = false;
    c.weight = m.uniforms[static_cast<std::size_t>(s.weight)];
    point_to_units(c, t, kernel::units_of_columns<T>(s.columns));
  }
  static constexpr sharing shared_by(const step_form&) noexcept { return sharing::columns; }
};

} // namespace fusegrad::execution::inline FUSEGRAD_ABI
