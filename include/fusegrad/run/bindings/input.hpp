// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/run/bindings/traits.hpp>

namespace fusegrad::execution::inline FUSEGRAD_ABI {

/// Rows that come from outside are there before the first step: no step makes them.
template <> struct binding<graph::kind::input> : usual_binding {
  template <class Holder, std::size_t Step, kernel::fixed_shape Fixed, class T>
  FUSEGRAD_INLINE static constexpr void run(const kernel::call<T>&) noexcept {}
  template <class T> static constexpr bool runs_by_columns(const step_form&) noexcept { return true; }
  template <class Holder, std::size_t Step, std::size_t Stride, class T>
  FUSEGRAD_INLINE static constexpr void run_by_columns(const kernel::call<T>&, const pass_memory<T>&) noexcept {}
};

} // namespace fusegrad::execution::inline FUSEGRAD_ABI
