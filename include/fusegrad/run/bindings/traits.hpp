// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/expr/table.hpp>
#include <fusegrad/kernel/column_sums.hpp>
#include <fusegrad/kernel/parts.hpp>
#include <fusegrad/kernel/product.hpp>
#include <fusegrad/run/pass_memory.hpp>
#include <fusegrad/run/program.hpp>
#include <fusegrad/run/step.hpp>

namespace fusegrad::execution::inline FUSEGRAD_ABI {

/// What is asked of how any operation runs, with the answers of most. The binding of each, in a file of its own here,
/// derives from it and adds:
/// - `run<Holder, Step, Fixed>(call)`: calls the kernel that step number `Step` of a program needs
struct usual_binding {
  /// Whether it may be a part of a small program without a table.
  static constexpr bool runs_directly = true;
  /// Whether its kernel walks over samples and image rows itself; else it is called for each row of positions.
  static constexpr bool walks_over_images = false;
  /// Whether its kernel is told the window that it moves.
  static constexpr bool moves_window = false;
  /// Whether it can hand the gradient that it makes to an update rule: it then has
  /// `update<Update, Holder, Step, Fixed>(call)`.
  static constexpr bool updates_at_once = false;
  /// Whether that kernel keeps the gradient where a call asks for it (`kernel::keep_sum`), so that a program whose
  /// gradients are used needs no other: it has `update_or_keep<Update, Holder, Step, Fixed>(call)`.
  static constexpr bool keeps_as_well = false;

  /// Whether it can work on values that lie by columns, see run/by_columns.hpp: it then has
  /// `run_by_columns<Holder, Step, Stride>(call, memory)`.
  template <class T> static constexpr bool runs_by_columns(const step_form&) noexcept { return false; }

  /// Fills in what a call of this kind has besides sizes and places; `of` is its step, with the arguments.
  template <class T, class Of>
  static constexpr void fill_in(kernel::call<T>&, const step_form&, const Of&, const pass_memory<T>&,
                                const task&) noexcept {}
  /// How threads share it where it makes rows.
  static constexpr sharing shared_by(const step_form& s) noexcept {
    return s.is_of_batch ? sharing::none : sharing::samples;
  }
  /// Into how many units threads can cut it where it sums, and its work for a sample, counted in numbers that are
  /// added; none: all threads take equal parts.
  template <class T> static constexpr std::size_t units(const step_form&) noexcept { return 1; }
  template <class T> static constexpr std::size_t work(const step_form& s) noexcept {
    return kernel::padded<T>(s.columns);
  }
  /// Whether one kernel runs two such steps whose expression and arguments are alike.
  template <class T> static constexpr bool share_kernel(const step_form&, const step_form&) noexcept { return true; }
};

template <graph::kind What> struct binding;

/// The expression of a sum that is stored as it is.
struct identity_recipe {
  static constexpr expr::expression make() { return expr::identity_expression(); }
};
inline constexpr auto kept_as_it_is = expr::table_from<identity_recipe>;
inline constexpr kernel::access_list<1> only_the_sum{{kernel::access::product}};

/// How the arguments of a step are read.
template <class Holder, std::size_t Step> constexpr auto accesses_of() {
  constexpr step shape = Holder::value.step_at(Step);
  kernel::access_list<shape.argument_count> list;
  for (std::size_t i = 0; i < shape.argument_count; ++i)
    list.items[i] = Holder::value.argument_at(shape.arguments_begin + i).how;
  return list;
}

/// The gradient that a sum is added to.
template <class T> constexpr void point_to_gradient(kernel::call<T>& c, const step_form& s, const task& t) noexcept {
  c.gradient = c.results[0].data;
  c.accumulate = t.accumulate || !s.first_contribution;
}
/// The units of a task, or all.
template <class T> constexpr void point_to_units(kernel::call<T>& c, const task& t, std::size_t all) noexcept {
  c.first_unit = t.first_unit;
  c.last_unit = t.last_unit != 0 ? t.last_unit : all;
}

} // namespace fusegrad::execution::inline FUSEGRAD_ABI
