// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/value_product.hpp>
#include <fusegrad/run/bindings/traits.hpp>

namespace fusegrad::execution::inline FUSEGRAD_ABI {

/// A product of two values with its epilogue; `row_step` of all that it reads and makes leads from matrix to matrix.
template <> struct binding<graph::kind::value_product> : usual_binding {
  static constexpr bool walks_over_images = true;

  template <class T, class Of>
  FUSEGRAD_INLINE static constexpr void fill_in(kernel::call<T>& c, const step_form& s, const Of& of,
                                                const pass_memory<T>& m, const task&) noexcept {
    c.left_image = place_of(of.left(), m);
    c.right_image = place_of(of.right(), m);
    // What is read column by column has columns for each matrix.
    for (std::size_t i = 0; i < s.argument_count; ++i)
      if (of.argument_at(i).how == kernel::access::column) c.arguments[i].row_step = of.argument_at(i).row_step;
  }
  template <class Holder, std::size_t Step, kernel::fixed_shape Fixed, class T>
  FUSEGRAD_INLINE static constexpr void run(const kernel::call<T>& c) noexcept {
    constexpr step s = Holder::value.step_at(Step);
    kernel::value_product<T, s.turned, kernel::tiles_for<T>(s.columns),
                          expression_table<Holder, static_cast<std::size_t>(s.expression)>,
                          accesses_of<Holder, Step>()>::run(c);
  }
  template <class T> static constexpr bool share_kernel(const step_form& a, const step_form& b) noexcept {
    return a.turned == b.turned && kernel::tiles_for<T>(a.columns) == kernel::tiles_for<T>(b.columns);
  }
};

} // namespace fusegrad::execution::inline FUSEGRAD_ABI
