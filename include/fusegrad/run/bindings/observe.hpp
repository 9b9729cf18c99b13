// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/column_sums.hpp>
#include <fusegrad/run/bindings/traits.hpp>

namespace fusegrad::execution::inline FUSEGRAD_ABI {

template <> struct binding<graph::kind::observe> : usual_binding {
  static constexpr bool runs_directly = false;

  template <class T>
  [[gnu::always_inline]] static constexpr void fill_in(kernel::call<T>& c, const step& s, const argument*,
                                                       const pass_memory<T>&, const task& t) noexcept {
    c.accumulate = t.accumulate;
    c.weight = T{1};
    point_to_units(c, t, units<T>(s));
  }
  template <class Holder, std::size_t Step, kernel::fixed_shape Fixed, class T>
  [[gnu::always_inline]] static constexpr void run(const kernel::call<T>& c) noexcept {
    constexpr step s = Holder::value.steps[Step];
    kernel::column_sums<T, expression_table<Holder, static_cast<std::size_t>(s.expression)>,
                        accesses_of<Holder, Step>()>::run(c);
  }
  template <class T> static constexpr std::size_t units(const step& s) noexcept {
    return kernel::units_of_columns<T>(s.columns);
  }
  template <class T> static constexpr std::size_t work(const step&) noexcept { return 0; }
};

} // namespace fusegrad::execution::inline FUSEGRAD_ABI
