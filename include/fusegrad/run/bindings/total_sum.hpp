// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/sums.hpp>
#include <fusegrad/run/bindings/traits.hpp>

namespace fusegrad::execution::inline FUSEGRAD_ABI {

template <> struct binding<graph::kind::total_sum> : usual_binding {
  template <class T, class Of>
  FUSEGRAD_INLINE static constexpr void fill_in(kernel::call<T>& c, const step_form& s, const Of&,
                                                const pass_memory<T>&, const task& t) noexcept {
    point_to_gradient(c, s, t);
  }
  template <class Holder, std::size_t Step, kernel::fixed_shape Fixed, class T>
  FUSEGRAD_INLINE static constexpr void run(const kernel::call<T>& c) noexcept {
    kernel::total_sum(c);
  }
};

} // namespace fusegrad::execution::inline FUSEGRAD_ABI
