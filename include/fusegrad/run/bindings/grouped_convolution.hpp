// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/convolution_names.hpp>
#include <fusegrad/run/bindings/convolution.hpp>
#include <fusegrad/run/bindings/traits.hpp>

namespace fusegrad::execution::inline FUSEGRAD_ABI {

/// A convolution in groups, with its epilogue.
template <> struct binding<graph::kind::grouped_convolution> : usual_binding {
  static constexpr bool walks_over_images = true;

  template <class T, class Of>
  FUSEGRAD_INLINE static constexpr void fill_in(kernel::call<T>& c, const step_form& s, const Of& of,
                                                const pass_memory<T>& m, const task&) noexcept {
    c.left_image = place_of(of.left(), m);
    c.right = (s.transposed ? m.transposed : m.parameters) + of.place().parameter_offset;
  }
  template <class Holder, std::size_t Step, kernel::fixed_shape Fixed, class T>
  FUSEGRAD_INLINE static constexpr void run(const kernel::call<T>& c) noexcept {
    constexpr step s = Holder::value.step_at(Step);
    kernel::grouped_convolution<T, expression_table<Holder, static_cast<std::size_t>(s.expression)>,
                                accesses_of<Holder, Step>(), patterns_of<Holder, Step>, s.groups,
                                s.columns / s.groups>::run(c);
  }
  template <class T> static constexpr bool share_kernel(const step_form& a, const step_form& b) noexcept {
    return a.groups == b.groups && a.columns == b.columns;
  }
};

} // namespace fusegrad::execution::inline FUSEGRAD_ABI
