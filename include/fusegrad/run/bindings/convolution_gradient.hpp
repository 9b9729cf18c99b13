// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/convolution_gradient.hpp>
#include <fusegrad/run/bindings/convolution.hpp>
#include <fusegrad/run/bindings/traits.hpp>

namespace fusegrad::execution::inline FUSEGRAD_ABI {

/// What a window sees times dy, summed as the weight lies.
template <> struct binding<graph::kind::convolution_gradient> : usual_binding {
  static constexpr bool walks_over_images = true;
  static constexpr bool updates_at_once = true;

  template <class T>
  [[gnu::always_inline]] static constexpr void fill_in(kernel::call<T>& c, const step& s, const argument*,
                                                       const pass_memory<T>&, const task& t) noexcept {
    c.left_image = c.arguments[0];
    c.right_image = c.arguments[1];
    point_to_gradient(c, s, t);
    point_to_units(c, t, 0);
  }
  template <class Holder, std::size_t Step, kernel::fixed_shape Fixed, class T>
  [[gnu::always_inline]] static constexpr void run(const kernel::call<T>& c) noexcept {
    kernel_of<Holder, Step, T, kept_as_it_is, only_the_sum>::run(c);
  }
  template <class Update, class Holder, std::size_t Step, kernel::fixed_shape Fixed, class T>
  [[gnu::always_inline]] static constexpr void update(const kernel::call<T>& c) noexcept {
    kernel_of<Holder, Step, T, Update::fused_table, Update::fused_accesses>::run(c);
  }
  template <class T>
  static constexpr std::size_t units(const step& s, const kernel::window_pattern* patterns) noexcept {
    return kernel::convolution_units<T>(*patterns, s.columns);
  }
  template <class T> static constexpr std::size_t work(const step& s) noexcept {
    return s.depth * kernel::padded<T>(s.columns) * s.positions;
  }
  template <class T> static constexpr bool share_kernel(const step& a, const step& b) noexcept {
    return kernel::tiles_for<T>(a.columns) == kernel::tiles_for<T>(b.columns);
  }

private:
  template <class Holder, std::size_t Step, class T, auto Table, auto Accesses>
  using kernel_of = kernel::convolution_gradient<T, kernel::tiles_for<T>(Holder::value.steps[Step].columns), Table,
                                                 Accesses, patterns_of<Holder, Step>[0]>;
};

} // namespace fusegrad::execution::inline FUSEGRAD_ABI
