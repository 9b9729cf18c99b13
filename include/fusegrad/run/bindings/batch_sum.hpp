// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/column_sums.hpp>
#include <fusegrad/run/bindings/traits.hpp>

namespace fusegrad::execution::inline FUSEGRAD_ABI {

template <> struct binding<graph::kind::batch_sum> : usual_binding {
  static constexpr bool runs_directly = false;

  template <class T>
  [[gnu::always_inline]] static constexpr void fill_in(kernel::call<T>& c, const step& s, const argument*,
                                                       const pass_memory<T>& m, const task& t) noexcept {
    c.accumulate = false;
    c.weight = m.uniforms[static_cast<std::size_t>(s.weight)];
    point_to_units(c, t, kernel::units_of_columns<T>(s.columns));
  }
  template <class Holder, std::size_t Step, kernel::fixed_shape Fixed, class T>
  [[gnu::always_inline]] static constexpr void run(const kernel::call<T>& c) noexcept {
    constexpr step s = Holder::value.steps[Step];
    kernel::column_sums<T, expression_table<Holder, static_cast<std::size_t>(s.expression)>,
                        accesses_of<Holder, Step>()>::run(c);
  }
  static constexpr sharing shared_by(const step&) noexcept { return sharing::columns; }
};

} // namespace fusegrad::execution::inline FUSEGRAD_ABI
