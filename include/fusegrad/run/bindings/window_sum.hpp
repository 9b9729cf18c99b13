// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/window_sum.hpp>
#include <fusegrad/run/bindings/traits.hpp>

namespace fusegrad::execution::inline FUSEGRAD_ABI {

/// The sum over a window, or, back, of all windows that see a position.
template <> struct binding<graph::kind::window_sum> : usual_binding {
  static constexpr bool walks_over_images = true;
  static constexpr bool moves_window = true;

  template <class Holder, std::size_t Step, kernel::fixed_shape Fixed, class T>
  FUSEGRAD_INLINE static constexpr void run(const kernel::call<T>& c) noexcept {
    if constexpr (Holder::value.step_at(Step).transposed)
      kernel::transposed_window_sum(c);
    else
      kernel::window_sum(c);
  }
  template <class T> static constexpr bool share_kernel(const step_form& a, const step_form& b) noexcept {
    return a.transposed == b.transposed;
  }
};

} // namespace fusegrad::execution::inline FUSEGRAD_ABI
