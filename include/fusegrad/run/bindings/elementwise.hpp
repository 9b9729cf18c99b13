// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/columns_expression.hpp>
#include <fusegrad/kernel/elementwise.hpp>
#include <fusegrad/run/bindings/traits.hpp>

namespace fusegrad::execution::inline FUSEGRAD_ABI {

/// An expression over all samples and columns. Of what the whole batch has in common threads share the columns.
template <> struct binding<graph::kind::elementwise> : usual_binding {
  template <class T, class Of>
  FUSEGRAD_INLINE static constexpr void fill_in(kernel::call<T>& c, const step_form& s, const Of& of,
                                                const pass_memory<T>&, const task& t) noexcept {
    if (!s.is_of_batch || t.last_unit == 0) return;
    constexpr auto lanes = static_cast<std::size_t>(math::native_lanes<T>);
    for (std::size_t i = 0; i < s.argument_count; ++i)
      if (of.argument_at(i).how == kernel::access::column) c.arguments[i].data += t.first_unit * lanes;
    for (std::size_t i = 0; i < s.result_count; ++i) c.results[i].data += t.first_unit * lanes;
    c.columns = (t.last_unit * lanes < s.columns ? t.last_unit * lanes : s.columns) - t.first_unit * lanes;
  }
  template <class Holder, std::size_t Step, kernel::fixed_shape Fixed, class T>
  FUSEGRAD_INLINE static constexpr void run(const kernel::call<T>& c) noexcept {
    constexpr step s = Holder::value.step_at(Step);
    kernel::elementwise<T, expression_table<Holder, static_cast<std::size_t>(s.expression)>,
                        accesses_of<Holder, Step>()>::run(c);
  }
  template <class T> static constexpr bool runs_by_columns(const step_form&) noexcept { return true; }
  template <class Holder, std::size_t Step, std::size_t Stride, class T>
  FUSEGRAD_INLINE static constexpr void run_by_columns(const kernel::call<T>& c, const pass_memory<T>&) noexcept {
    constexpr step s = Holder::value.step_at(Step);
    kernel::columns_expression<T, expression_table<Holder, static_cast<std::size_t>(s.expression)>,
                               accesses_of<Holder, Step>(), Stride>::run(c);
  }
  static constexpr sharing shared_by(const step_form& s) noexcept {
    return s.is_of_batch ? sharing::columns : sharing::samples;
  }
};

} // namespace fusegrad::execution::inline FUSEGRAD_ABI
