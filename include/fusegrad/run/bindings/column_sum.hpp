// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/columns_sums.hpp>
#include <fusegrad/kernel/sums.hpp>
#include <fusegrad/run/bindings/traits.hpp>

namespace fusegrad::execution::inline FUSEGRAD_ABI {

template <> struct binding<graph::kind::column_sum> : usual_binding {
  static constexpr bool walks_over_images = true;
  static constexpr bool updates_at_once = true, keeps_as_well = true;

  template <class T, class Of>
  FUSEGRAD_INLINE static constexpr void fill_in(kernel::call<T>& c, const step_form& s, const Of&,
                                                const pass_memory<T>&, const task& t) noexcept {
    c.left_image = c.arguments[0]; // an update rule reads other arguments
    point_to_gradient(c, s, t);
  }
  template <class Holder, std::size_t Step, kernel::fixed_shape Fixed, class T>
  FUSEGRAD_INLINE static constexpr void run(const kernel::call<T>& c) noexcept {
    kernel::column_sum<T, kept_as_it_is, only_the_sum, Fixed.rows == 1>::run(c);
  }
  template <class T> static constexpr bool runs_by_columns(const step_form&) noexcept { return true; }
  template <class Holder, std::size_t Step, std::size_t Stride, class T>
  FUSEGRAD_INLINE static constexpr void run_by_columns(const kernel::call<T>& c, const pass_memory<T>&) noexcept {
    constexpr step s = Holder::value.step_at(Step);
    kernel::sums_of_columns<kernel::columns_at_once<T>(s.columns), Stride>(c.left_image.data, c.rows, s.columns,
                                                                           c.gradient, c.accumulate);
  }
  template <class T> static constexpr std::size_t work(const step_form& s) noexcept {
    return kernel::padded<T>(s.columns) * s.positions;
  }
  template <class Update, class Holder, std::size_t Step, kernel::fixed_shape Fixed, class T>
  FUSEGRAD_INLINE static constexpr void update(const kernel::call<T>& c) noexcept {
    kernel::column_sum<T, Update::fused_table, Update::fused_accesses, Fixed.rows == 1>::run(c);
  }
  template <class Update, class Holder, std::size_t Step, kernel::fixed_shape Fixed, class T>
  FUSEGRAD_INLINE static constexpr void update_or_keep(const kernel::call<T>& c) noexcept {
    kernel::column_sum<T, Update::fused_table, Update::fused_accesses, Fixed.rows == 1, true>::run(c);
  }
};

} // namespace fusegrad::execution::inline FUSEGRAD_ABI
