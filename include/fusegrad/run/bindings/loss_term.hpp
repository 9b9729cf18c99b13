// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/columns_sums.hpp>
#include <fusegrad/kernel/sums.hpp>
#include <fusegrad/run/bindings/traits.hpp>

namespace fusegrad::execution::inline FUSEGRAD_ABI {

template <> struct binding<graph::kind::loss_term> : usual_binding {
  template <class T, class Of>
  FUSEGRAD_INLINE static constexpr void fill_in(kernel::call<T>& c, const step_form& s, const Of&,
                                                const pass_memory<T>& m, const task&) noexcept {
    c.loss = m.loss;
    c.weight = m.uniforms[static_cast<std::size_t>(s.weight)];
  }
  template <class Holder, std::size_t Step, kernel::fixed_shape Fixed, class T>
  FUSEGRAD_INLINE static constexpr void run(const kernel::call<T>& c) noexcept {
    kernel::loss_term(c);
  }
  template <class T> static constexpr bool runs_by_columns(const step_form&) noexcept { return true; }
  template <class Holder, std::size_t Step, std::size_t Stride, class T>
  FUSEGRAD_INLINE static constexpr void run_by_columns(const kernel::call<T>& c, const pass_memory<T>&) noexcept {
    *c.loss +=
        kernel::sum_of_all_columns<Stride>(c.arguments[0].data, c.rows, c.columns) * static_cast<double>(c.weight);
  }
  template <class T> static constexpr std::size_t work(const step_form&) noexcept { return 0; }
};

} // namespace fusegrad::execution::inline FUSEGRAD_ABI
