// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/run/bindings/sum_of_columns.hpp>

namespace fusegrad::execution::inline FUSEGRAD_ABI {

template <> struct binding<graph::kind::observe> : sum_of_columns {
  template <class T, class Of>
  FUSEGRAD_INLINE static constexpr void fill_in(kernel::call<T>& c, const step_form& s, const Of&,
                                                const pass_memory<T>&, const task& t) noexcept {
    c.accumulate = t.accumulate;
    c.weight = T{1};
    point_to_units(c, t, units<T>(s));
  }
  template <class T> static constexpr std::size_t units(const step_form& s) noexcept {
    return kernel::units_of_columns<T>(s.columns);
  }
  template <class T> static constexpr std::size_t work(const step_form&) noexcept { return 0; }
};

} // namespace fusegrad::execution::inline FUSEGRAD_ABI
