// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/columns_expression.hpp>
#include <fusegrad/kernel/columns_product.hpp>
#include <fusegrad/kernel/joined_product.hpp>
#include <fusegrad/kernel/narrow_product.hpp>
#include <fusegrad/kernel/product.hpp>
#include <fusegrad/run/bindings/traits.hpp>

namespace fusegrad::execution::inline FUSEGRAD_ABI {

/// A product with its epilogue: the expression of its step. A narrow weight, and a transpose for a single sample, have
/// a kernel of their own.
template <> struct binding<graph::kind::matrix_product> : usual_binding {
  template <class T, class Of>
  FUSEGRAD_INLINE static constexpr void fill_in(kernel::call<T>& c, const step_form& s, const Of& of,
                                                const pass_memory<T>& m, const task& t) noexcept {
    point_to_left(c, of.left(), m);
    c.right = (s.transposed ? m.transposed : m.parameters) + of.place().parameter_offset;
    c.first_unit = t.first_unit;
    c.last_unit = t.last_unit;
    c.goes_on = t.goes_on;
  }
  template <class Holder, std::size_t Step, kernel::fixed_shape Fixed, class T>
  FUSEGRAD_INLINE static constexpr void run(const kernel::call<T>& c) noexcept {
    constexpr step s = Holder::value.step_at(Step);
    constexpr auto accesses = accesses_of<Holder, Step>();
    constexpr auto tiles = kernel::tiles_for<T>(s.columns);
    constexpr auto& epilogue = expression_table<Holder, static_cast<std::size_t>(s.expression)>;
    if constexpr (s.joins_products())
      kernel::joined_product<T, tiles, epilogue, accesses>::run(c);
    else if constexpr (s.is_narrow || (s.transposed && Fixed.rows == 1))
      kernel::narrow_product<T, static_cast<int>(s.columns), epilogue, accesses, Fixed, s.reads_parts>::run(c);
    else
      kernel::product<T, tiles, epilogue, accesses, Fixed, s.reads_parts>::run(c);
  }
  /// Numbers of the weight are then read where it lies, turned around or not.
  template <class T> static constexpr bool runs_by_columns(const step_form& s) noexcept {
    return kernel::panels_of<T>(s.is_narrow || s.transposed ? s.depth : s.columns) == 1 && !s.joins_products();
  }
  template <class Holder, std::size_t Step, std::size_t Stride, class T>
  FUSEGRAD_INLINE static constexpr void run_by_columns(const kernel::call<T>& c, const pass_memory<T>& m) noexcept {
    constexpr step s = Holder::value.step_at(Step);
    constexpr bool is_turned = s.is_narrow || s.transposed;
    const kernel::single_weights<T> weight{
        m.parameters + Holder::value.parameters[static_cast<std::size_t>(s.parameter)].offset,
        is_turned ? 1 : kernel::padded<T>(s.columns), is_turned ? kernel::padded<T>(s.depth) : 1};
    kernel::multiply_columns<Stride>(c.left, weight, c.rows, s.depth, s.columns, c.results[0].data);
    kernel::columns_expression<T, expression_table<Holder, static_cast<std::size_t>(s.expression)>,
                               accesses_of<Holder, Step>(), Stride>::run(c);
  }
  static constexpr sharing shared_by(const step_form& s) noexcept {
    return s.is_narrow ? sharing::samples : sharing::panels;
  }
  template <class T> static constexpr bool share_kernel(const step_form& a, const step_form& b) noexcept {
    if (a.is_narrow != b.is_narrow || (a.is_narrow && a.columns != b.columns)) return false;
    return kernel::tiles_for<T>(a.columns) == kernel::tiles_for<T>(b.columns);
  }
};

} // namespace fusegrad::execution::inline FUSEGRAD_ABI
