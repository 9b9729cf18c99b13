// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/column_sums.hpp>
#include <fusegrad/kernel/convolution_names.hpp>
#include <fusegrad/run/bindings/convolution.hpp>
#include <fusegrad/run/bindings/traits.hpp>

namespace fusegrad::execution::inline FUSEGRAD_ABI {

template <> struct binding<graph::kind::depthwise_gradient> : usual_binding {
  static constexpr bool walks_over_images = true;
  static constexpr bool updates_at_once = true;

  template <class T, class Of>
  FUSEGRAD_INLINE static constexpr void fill_in(kernel::call<T>& c, const step_form& s, const Of&,
                                                const pass_memory<T>&, const task& t) noexcept {
    c.left_image = c.arguments[0];
    c.right_image = c.arguments[1];
    point_to_gradient(c, s, t);
    point_to_units(c, t, kernel::units_of_columns<T>(s.columns));
  }
  template <class Holder, std::size_t Step, kernel::fixed_shape Fixed, class T>
  FUSEGRAD_INLINE static constexpr void run(const kernel::call<T>& c) noexcept {
    kernel::depthwise_gradient<T, kept_as_it_is, only_the_sum, patterns_of<Holder, Step>[0]>::run(c);
  }
  template <class Update, class Holder, std::size_t Step, kernel::fixed_shape Fixed, class T>
  FUSEGRAD_INLINE static constexpr void update(const kernel::call<T>& c) noexcept {
    kernel::depthwise_gradient<T, Update::fused_table, Update::fused_accesses, patterns_of<Holder, Step>[0]>::run(c);
  }
  template <class T> static constexpr std::size_t units(const step_form& s) noexcept {
    return kernel::units_of_columns<T>(s.columns);
  }
  template <class T> static constexpr std::size_t work(const step_form& s) noexcept {
    return s.depth * kernel::padded<T>(s.columns) * s.positions;
  }
};

} // namespace fusegrad::execution::inline FUSEGRAD_ABI
