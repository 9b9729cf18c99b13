// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/columns_sums.hpp>
#include <fusegrad/kernel/weight_gradient.hpp>
#include <fusegrad/run/bindings/traits.hpp>

namespace fusegrad::execution::inline FUSEGRAD_ABI {

/// x^T dy, as the weight lies: its two arguments are rows of as many numbers as that has rows, and columns.
template <> struct binding<graph::kind::weight_gradient> : usual_binding {
  static constexpr bool updates_at_once = true, keeps_as_well = true;

  template <class T, class Of>
  FUSEGRAD_INLINE static constexpr void fill_in(kernel::call<T>& c, const step_form& s, const Of& of,
                                                const pass_memory<T>& m, const task& t) noexcept {
    point_to_left(c, of.argument_at(0), m);
    c.right = c.arguments[1].data;
    c.right_stride = c.arguments[1].stride;
    for (std::size_t i = 1; i < s.factors; ++i) c.more_factors[i - 1] = {c.arguments[2 * i], c.arguments[2 * i + 1]};
    point_to_gradient(c, s, t);
    point_to_units(c, t, units<T>(s));
  }
  template <class Holder, std::size_t Step, kernel::fixed_shape Fixed, class T>
  FUSEGRAD_INLINE static constexpr void run(const kernel::call<T>& c) noexcept {
    kernel_of<Holder, Step, Fixed, kept_as_it_is, only_the_sum, false, T>::run(c);
  }
  template <class Update, class Holder, std::size_t Step, kernel::fixed_shape Fixed, class T>
  FUSEGRAD_INLINE static constexpr void update(const kernel::call<T>& c) noexcept {
    kernel_of<Holder, Step, Fixed, Update::fused_table, Update::fused_accesses, false, T>::run(c);
  }
  template <class Update, class Holder, std::size_t Step, kernel::fixed_shape Fixed, class T>
  FUSEGRAD_INLINE static constexpr void update_or_keep(const kernel::call<T>& c) noexcept {
    kernel_of<Holder, Step, Fixed, Update::fused_table, Update::fused_accesses, true, T>::run(c);
  }
  template <class T> static constexpr bool runs_by_columns(const step_form& s) noexcept {
    return s.factors == 1 && kernel::panels_of<T>(s.columns) == 1;
  }
  template <class Holder, std::size_t Step, std::size_t Stride, class T>
  FUSEGRAD_INLINE static constexpr void run_by_columns(const kernel::call<T>& c, const pass_memory<T>&) noexcept {
    constexpr step s = Holder::value.step_at(Step);
    const std::size_t begin = c.first_unit * kernel::weight_unit_rows, last = c.last_unit * kernel::weight_unit_rows,
                      end = last < s.depth ? last : s.depth, width = kernel::padded<T>(s.columns);
    constexpr std::size_t few = kernel::few_samples<T>(s.depth, s.columns);
    if constexpr (few != 0)
      if (c.rows <= few && !__builtin_is_constant_evaluated())
        return kernel::columns_gradient_of_few<Stride>(c.left, c.right, c.rows, begin, end, s.columns, width,
                                                       c.gradient, c.accumulate);
    kernel::columns_gradient<kernel::columns_at_once<T>(s.columns), Stride>(c.left, c.right, c.rows, begin, end,
                                                                            s.columns, width, c.gradient, c.accumulate);
  }
  template <class T> static constexpr std::size_t units(const step_form& s) noexcept {
    return kernel::weight_units<T>(s.depth, s.columns);
  }
  template <class T> static constexpr std::size_t work(const step_form& s) noexcept {
    return s.factors * s.depth * kernel::padded<T>(s.columns);
  }
  template <class T> static constexpr bool share_kernel(const step_form& a, const step_form& b) noexcept {
    return kernel::tiles_for<T>(a.columns) == kernel::tiles_for<T>(b.columns);
  }

private:
  template <class Holder, std::size_t Step, kernel::fixed_shape Fixed, auto Table, auto Accesses, bool MayKeep, class T>
  using kernel_of = kernel::weight_gradient<T, kernel::tiles_for<T>(Holder::value.form_of(Step).columns), Table,
                                            Accesses, Fixed, Holder::value.form_of(Step).reads_parts,
                                            Holder::value.form_of(Step).factors, Holder::value.reads_given, MayKeep>;
};

} // namespace fusegrad::execution::inline FUSEGRAD_ABI
