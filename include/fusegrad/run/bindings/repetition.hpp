// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/repeated_columns.hpp>
#include <fusegrad/run/bindings/traits.hpp>

namespace fusegrad::execution::inline FUSEGRAD_ABI {

/// Columns, repeated; or, back, sums of neighbours.
template <> struct binding<graph::kind::repetition> : usual_binding {
  template <class T, class Of>
  FUSEGRAD_INLINE static constexpr void fill_in(kernel::call<T>& c, const step_form&, const Of& of,
                                                const pass_memory<T>&, const task&) noexcept {
    c.widths[0] = of.argument_at(0).width;
    c.widths[1] = of.argument_at(1).width;
  }
  template <class Holder, std::size_t Step, kernel::fixed_shape Fixed, class T>
  FUSEGRAD_INLINE static constexpr void run(const kernel::call<T>& c) noexcept {
    if constexpr (Holder::value.step_at(Step).transposed)
      kernel::sum_repeated_columns(c);
    else
      kernel::repeat_columns(c);
  }
  template <class T> static constexpr bool share_kernel(const step_form& a, const step_form& b) noexcept {
    return a.transposed == b.transposed;
  }
};

} // namespace fusegrad::execution::inline FUSEGRAD_ABI
