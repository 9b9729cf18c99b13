// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/convolution_names.hpp>
#include <fusegrad/run/bindings/convolution.hpp>
#include <fusegrad/run/bindings/traits.hpp>

namespace fusegrad::execution::inline FUSEGRAD_ABI {

template <> struct binding<graph::kind::grouped_convolution_gradient> : usual_binding {
  static constexpr bool walks_over_images = true;
  static constexpr bool updates_at_once = true;

  template <class T, class Of>
  FUSEGRAD_INLINE static constexpr void fill_in(kernel::call<T>& c, const step_form& s, const Of&,
                                                const pass_memory<T>&, const task& t) noexcept {
    c.left_image = c.arguments[0];
    c.right_image = c.arguments[1];
    point_to_gradient(c, s, t);
    point_to_units(c, t, shares);
  }
  template <class Holder, std::size_t Step, kernel::fixed_shape Fixed, class T>
  FUSEGRAD_INLINE static constexpr void run(kernel::call<T>& c) noexcept {
    run_units<Holder, Step, kept_as_it_is, only_the_sum>(c);
  }
  template <class Update, class Holder, std::size_t Step, kernel::fixed_shape Fixed, class T>
  FUSEGRAD_INLINE static constexpr void update(kernel::call<T>& c) noexcept {
    run_units<Holder, Step, Update::fused_table, Update::fused_accesses>(c);
  }
  template <class T> static constexpr std::size_t units(const step_form&) noexcept { return shares; }
  template <class T> static constexpr std::size_t work(const step_form& s) noexcept {
    return s.groups * s.depth * kernel::padded<T>(s.columns) * s.positions;
  }
  template <class T> static constexpr bool share_kernel(const step_form& a, const step_form& b) noexcept {
    return a.groups == b.groups && a.columns == b.columns;
  }

private:
  /// The kernel cuts its work into units of its own, which only it knows.
  static constexpr std::size_t shares = 64;

  template <class Holder, std::size_t Step, auto Table, auto Accesses, class T>
  FUSEGRAD_INLINE static constexpr void run_units(kernel::call<T>& c) noexcept {
    constexpr step s = Holder::value.step_at(Step);
    using grouped =
        kernel::grouped_convolution_gradient<T, Table, Accesses, patterns_of<Holder, Step>[0], s.groups, s.columns>;
    c.first_unit = c.first_unit * grouped::units / shares;
    c.last_unit = c.last_unit * grouped::units / shares;
    grouped::run(c);
  }
};

} // namespace fusegrad::execution::inline FUSEGRAD_ABI
