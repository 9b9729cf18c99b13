// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/copy_numbers.hpp>
#include <fusegrad/run/bindings/traits.hpp>

namespace fusegrad::execution::inline FUSEGRAD_ABI {

/// A copy, where the two shapes do not lie alike: images of which each has its own steps.
template <> struct binding<graph::kind::reshape> : usual_binding {
  static constexpr bool walks_over_images = true;
  static constexpr bool moves_window = true; // whose two images are the shapes

  template <class T, class Of>
  FUSEGRAD_INLINE static constexpr void fill_in(kernel::call<T>& c, const step_form&, const Of& of,
                                                const pass_memory<T>&, const task&) noexcept {
    c.widths[0] = of.argument_at(0).width;
    c.widths[1] = of.argument_at(1).width;
  }
  template <class Holder, std::size_t Step, kernel::fixed_shape Fixed, class T>
  FUSEGRAD_INLINE static constexpr void run(const kernel::call<T>& c) noexcept {
    kernel::copy_numbers(c);
  }
};

} // namespace fusegrad::execution::inline FUSEGRAD_ABI
