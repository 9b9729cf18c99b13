// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/interpolation.hpp>
#include <fusegrad/run/bindings/traits.hpp>

namespace fusegrad::execution::inline FUSEGRAD_ABI {

/// An image between the positions of its windows, or, back, what each of those has given.
template <> struct binding<graph::kind::interpolation> : usual_binding {
  static constexpr bool walks_over_images = true;
  static constexpr bool moves_window = true;

  template <class Holder, std::size_t Step, kernel::fixed_shape Fixed, class T>
  FUSEGRAD_INLINE static constexpr void run(const kernel::call<T>& c) noexcept {
    if constexpr (Holder::value.step_at(Step).transposed)
      kernel::interpolate(c);
    else
      kernel::gather_interpolated(c);
  }
  template <class T> static constexpr bool share_kernel(const step_form& a, const step_form& b) noexcept {
    return a.transposed == b.transposed;
  }
};

} // namespace fusegrad::execution::inline FUSEGRAD_ABI
