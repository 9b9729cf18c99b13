// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/parts.hpp>
#include <fusegrad/run/bindings/traits.hpp>

namespace fusegrad::execution::inline FUSEGRAD_ABI {

template <> struct binding<graph::kind::concat> : usual_binding {
  template <class T, class Of>
  FUSEGRAD_INLINE static constexpr void fill_in(kernel::call<T>& c, const step_form& s, const Of& of,
                                                const pass_memory<T>&, const task&) noexcept {
    for (std::size_t i = 0; i < s.argument_count; ++i) c.widths[i] = of.argument_at(i).width;
  }
  template <class Holder, std::size_t Step, kernel::fixed_shape Fixed, class T>
  FUSEGRAD_INLINE static constexpr void run(const kernel::call<T>& c) noexcept {
    kernel::concat(c, Holder::value.step_at(Step).argument_count);
  }
};

} // namespace fusegrad::execution::inline FUSEGRAD_ABI
