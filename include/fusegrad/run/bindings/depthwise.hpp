// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/convolution_names.hpp>
#include <fusegrad/run/bindings/convolution.hpp>
#include <fusegrad/run/bindings/traits.hpp>

namespace fusegrad::execution::inline FUSEGRAD_ABI {

/// A convolution of each channel by itself, with its epilogue. Back it reads the same weight.
template <> struct binding<graph::kind::depthwise> : usual_binding {
  static constexpr bool walks_over_images = true;

  template <class T, class Of>
  FUSEGRAD_INLINE static constexpr void fill_in(kernel::call<T>& c, const step_form&, const Of& of,
                                                const pass_memory<T>& m, const task&) noexcept {
    c.left_image = place_of(of.left(), m);
    c.right = m.parameters + of.place().parameter_offset;
  }
  template <class Holder, std::size_t Step, kernel::fixed_shape Fixed, class T>
  FUSEGRAD_INLINE static constexpr void run(const kernel::call<T>& c) noexcept {
    constexpr step s = Holder::value.step_at(Step);
    kernel::depthwise<T, expression_table<Holder, static_cast<std::size_t>(s.expression)>, accesses_of<Holder, Step>(),
                      patterns_of<Holder, Step>>::run(c);
  }
};

} // namespace fusegrad::execution::inline FUSEGRAD_ABI
