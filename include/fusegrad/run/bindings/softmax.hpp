// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/softmax.hpp>
#include <fusegrad/run/bindings/traits.hpp>

namespace fusegrad::execution::inline FUSEGRAD_ABI {

template <> struct binding<graph::kind::softmax> : usual_binding {
  template <class Holder, std::size_t Step, kernel::fixed_shape Fixed, class T>
  FUSEGRAD_INLINE static constexpr void run(const kernel::call<T>& c) noexcept {
    if constexpr (Holder::value.step_at(Step).causal_rows != 0)
      kernel::causal_softmax(c, Holder::value.step_at(Step).causal_rows);
    else
      kernel::softmax(c);
  }
  template <class T> static constexpr bool share_kernel(const step_form& a, const step_form& b) noexcept {
    return a.causal_rows == b.causal_rows;
  }
};

} // namespace fusegrad::execution::inline FUSEGRAD_ABI
