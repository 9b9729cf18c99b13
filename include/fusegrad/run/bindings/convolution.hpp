// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <fusegrad/kernel/convolution_names.hpp>
#include <fusegrad/run/bindings/traits.hpp>

namespace fusegrad::execution::inline FUSEGRAD_ABI {

/// Step number `Step`'s patterns, as a template argument.
template <class Holder, std::size_t Step>
inline constexpr auto patterns_of = [] {
  constexpr step s = Holder::value.step_at(Step);
  std::array<kernel::window_pattern, s.pattern_count> out{};
  for (std::size_t i = 0; i < s.pattern_count; ++i) out[i] = Holder::value.patterns[s.patterns_begin + i];
  return out;
}();

/// The number of columns, where a kernel is to know it: two positions share a vector that is half empty.
template <class T> constexpr std::size_t few_columns(std::size_t columns) noexcept {
  return 2 * columns <= static_cast<std::size_t>(math::native_lanes<T>) ? columns : 0;
}

/// Whether there are so many that Winograd's algorithm may be worth it, on which the kernel depends.
constexpr bool has_many_columns(const step_form& s) noexcept { return s.columns >= kernel::fewest_winograd_channels; }

/// A product at each position of a window, with its epilogue; or only the largest products of some neighbours; or the
/// gradient of an image, where a pool hands back but one number of each window.
template <> struct binding<graph::kind::convolution> : usual_binding {
  static constexpr bool walks_over_images = true;

  template <class T, class Of>
  FUSEGRAD_INLINE static constexpr void fill_in(kernel::call<T>& c, const step_form& s, const Of& of,
                                                const pass_memory<T>& m, const task&) noexcept {
    if (s.reads_places) {
      c.left_image = {nullptr, s.column_step, s.row_step, 0};
      c.right_image = place_of(of.left(), m);
      c.places_image = place_of(of.places(), m);
    } else {
      c.left_image = place_of(of.left(), m);
    }
    c.right = (s.transposed ? m.transposed : m.parameters) + of.place().parameter_offset;
  }
  template <class Holder, std::size_t Step, kernel::fixed_shape Fixed, class T>
  FUSEGRAD_INLINE static constexpr void run(const kernel::call<T>& c) noexcept {
    constexpr step s = Holder::value.step_at(Step);
    constexpr auto& epilogue = expression_table<Holder, static_cast<std::size_t>(s.expression)>;
    constexpr auto accesses = accesses_of<Holder, Step>();
    constexpr auto& patterns = patterns_of<Holder, Step>;
    constexpr auto tiles = kernel::tiles_for<T>(s.columns);
    if constexpr (s.reads_places)
      kernel::pooled_input_gradient<T, epilogue, accesses, patterns[0], s.pool, made_channels(s)>::run(c);
    else if constexpr (patterns.size() == 1 && kernel::suits_winograd<T>(patterns[0], s.pool, s.columns, s.transposed))
      kernel::winograd_convolution<T, tiles, epilogue, accesses, patterns[0], s.pool, s.keeps_places>::run(c);
    else
      kernel::convolution<T, tiles, epilogue, accesses, patterns, s.pool, s.keeps_places,
                          few_columns<T>(s.columns)>::run(c);
  }
  template <class T> static constexpr bool share_kernel(const step_form& a, const step_form& b) noexcept {
    return kernel::tiles_for<T>(a.columns) == kernel::tiles_for<T>(b.columns) &&
           few_columns<T>(a.columns) == few_columns<T>(b.columns) && has_many_columns(a) == has_many_columns(b) &&
           (!a.reads_places || a.depth == b.depth);
  }

private:
  /// Of the convolution whose image's gradient this is. Its pattern is the same where kernels are shared.
  static constexpr std::size_t made_channels(const step_form& s) noexcept { return s.depth / s.taps; }
};

} // namespace fusegrad::execution::inline FUSEGRAD_ABI
