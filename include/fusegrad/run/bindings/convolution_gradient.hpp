// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/convolution_names.hpp>
#include <fusegrad/run/bindings/convolution.hpp>
#include <fusegrad/run/bindings/traits.hpp>

namespace fusegrad::execution::inline FUSEGRAD_ABI {

/// What a window sees times dy, summed as the weight lies; or times the sparse dy of a pool, of which only the numbers
/// and their places exist.
template <> struct binding<graph::kind::convolution_gradient> : usual_binding {
  static constexpr bool walks_over_images = true;
  static constexpr bool updates_at_once = true;

  template <class T, class Of>
  FUSEGRAD_INLINE static constexpr void fill_in(kernel::call<T>& c, const step_form& s, const Of& of,
                                                const pass_memory<T>& m, const task& t) noexcept {
    c.left_image = c.arguments[0];
    c.right_image = c.arguments[1];
    if (s.reads_places) c.places_image = place_of(of.places(), m);
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
    return s.depth * kernel::padded<T>(s.columns) * s.positions / (s.reads_places ? s.pool.rows * s.pool.columns : 1);
  }
  template <class T> static constexpr bool share_kernel(const step_form& a, const step_form& b) noexcept {
    return kernel::tiles_for<T>(a.columns) == kernel::tiles_for<T>(b.columns) &&
           few_columns<T>(a.columns) == few_columns<T>(b.columns) && has_many_columns(a) == has_many_columns(b);
  }

private:
  /// The kernels cut their work into units of their own, which only they know.
  static constexpr std::size_t shares = 64;

  template <class Holder, std::size_t Step, auto Table, auto Accesses, class T>
  FUSEGRAD_INLINE static constexpr void run_units(kernel::call<T>& c) noexcept {
    constexpr step s = Holder::value.step_at(Step);
    constexpr kernel::window_pattern pattern = patterns_of<Holder, Step>[0];
    constexpr auto tiles = kernel::tiles_for<T>(s.columns);
    if constexpr (s.reads_places) {
      constexpr std::size_t few = few_columns<T>(s.columns);
      to_units(c, kernel::pooled_units<T, pattern, s.pool, few>(c.columns));
      kernel::pooled_weight_gradient<T, tiles, Table, Accesses, pattern, s.pool, few>::run(c);
    } else if constexpr (kernel::suits_winograd<T>(pattern, kernel::pooling{}, s.columns, true)) {
      to_units(c, kernel::winograd_units<T>(pattern, c.columns));
      kernel::winograd_gradient<T, tiles, Table, Accesses, pattern>::run(c);
    } else {
      to_units(c, kernel::convolution_units<T>(pattern, c.columns));
      kernel::convolution_gradient<T, tiles, Table, Accesses, pattern>::run(c);
    }
  }
  template <class T> static constexpr void to_units(kernel::call<T>& c, std::size_t units) noexcept {
    c.first_unit = c.first_unit * units / shares;
    c.last_unit = c.last_unit * units / shares;
  }
};

} // namespace fusegrad::execution::inline FUSEGRAD_ABI
