// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/run/bindings/traits.hpp>

namespace fusegrad::execution::inline FUSEGRAD_ABI {

/// Rows that come from outside are there before the first step: no step makes them.
template <> struct binding<graph::kind::input> : usual_binding {
  template <class Holder, std::size_t Step, kernel::fixed_shape Fixed, class T>
  [[gnu::always_inline]] static constexpr void run(const kernel::call<T>&) noexcept {}
};

} // namespace fusegrad::execution::inline FUSEGRAD_ABI
