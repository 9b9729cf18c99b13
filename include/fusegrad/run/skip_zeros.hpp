// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <fusegrad/expr/evaluate.hpp>
#include <fusegrad/graph/operations.hpp>
#include <fusegrad/kernel/sparse_product.hpp>
#include <fusegrad/run/direct.hpp>
#include <fusegrad/run/run.hpp>
#include <type_traits>
#include <utility>

// A single sample through a network whose activations make zeros: what a zero would be multiplied with is not read.
namespace fusegrad::execution::inline FUSEGRAD_ABI {

/// A weight of fewer bytes is not worth a list of its layer's inputs: with half of them zero, one of 4 KB would
/// take 1.3 times as long, one of 8 KB 0.95, one of 16 KB 0.75.
inline constexpr std::size_t least_bytes_to_skip = 8 * 1024;

namespace detail {

/// Whether an expression is exactly zero for all of some range, tried at pairs of points: far to the left as ReLU is,
/// around zero as what shrinks is, far to the right. Not so far that a smooth function is rounded to zero. Learned and
/// other shared arguments stand at a number that is no factor of anything.
template <auto Table, auto Accesses> constexpr bool makes_zeros(std::size_t result) {
  const auto is_zero = [&](double x) {
    double arguments[Accesses.count + 1]{}, results[Table.result_count]{};
    for (std::size_t i = 0; i < Accesses.count; ++i)
      arguments[i] = Accesses[i] == kernel::access::product || Accesses[i] == kernel::access::element ||
                             Accesses[i] == kernel::access::range
                         ? x
                         : 0.3;
    expr::evaluate<Table>(static_cast<const double*>(arguments), static_cast<double*>(results));
    return results[result] == 0;
  };
  return (is_zero(-5.0) && is_zero(-4.5)) || (is_zero(-0.2) && is_zero(-0.1)) || (is_zero(4.5) && is_zero(5.0));
}

/// The step that made what lies at this place when step number `Step` begins, and which of its results that is; step
/// -1: it came from outside, or is a part of what a step has made.
struct maker {
  int step = -1;
  std::size_t result = 0;
};
template <class Holder> constexpr maker maker_of(std::size_t step, const argument& read) {
  if (read.where != memory::rows) return {};
  for (std::size_t i = step; i-- > 0;) {
    const auto s = Holder::value.step_at(i);
    for (std::size_t k = 0; k < s.result_count; ++k) {
      const argument a = Holder::value.argument_at(s.arguments_begin + s.argument_count + k);
      if (a.where == memory::rows && a.offset == read.offset && a.first == read.first)
        return a.is_part && !read.is_part ? maker{} : maker{static_cast<int>(i), k};
    }
  }
  return {};
}

/// Whether step number `Step` is a product that zeros may be skipped in. Inputs of the model may have zeros, and so may
/// parts of a row; where there turn out to be few, only the list of them was for nothing.
template <class Holder, std::size_t Step, class T> constexpr bool skips_zeros() {
  constexpr step s = Holder::value.step_at(Step);
  if constexpr (s.shared_by != sharing::panels || s.transposed ||
                s.joins_products()) { // no product with a weight in panels
    return false;
  } else if constexpr (s.depth * kernel::padded<T>(s.columns) * sizeof(T) < least_bytes_to_skip) {
    return false;
  } else {
    constexpr maker from = maker_of<Holder>(Step, s.left);
    if constexpr (from.step < 0) {
      return true;
    } else {
      constexpr auto made = static_cast<std::size_t>(from.step);
      constexpr step by = Holder::value.step_at(made);
      if constexpr (graph::facts_of(by.what).only_moves)
        return true;
      else if constexpr (by.expression == graph::expression_id::none)
        return false;
      else
        return makes_zeros<expression_table<Holder, static_cast<std::size_t>(by.expression)>,
                           accesses_of<Holder, made>()>(from.result);
    }
  }
}

/// One step that skips.
template <class Holder, std::size_t Step, std::size_t Capacity, class T>
void run_step_skipping(const pass_memory<T>& m) noexcept {
  constexpr step s = Holder::value.step_at(Step);
  kernel::call<T> c;
  fill_in_directly<Holder, Step, Capacity, 1>(c, known_step<Holder, Step>{}, m, {1});
  kernel::sparse_product<T, expression_table<Holder, static_cast<std::size_t>(s.expression)>,
                         accesses_of<Holder, Step>(), s.depth, s.columns>::run(c);
}

template <class T> using skipping_function = void (*)(const pass_memory<T>&) noexcept;
template <class Holder, std::size_t Step, std::size_t Capacity, class T>
constexpr skipping_function<T> skipping_function_of() {
  if constexpr (skips_zeros<Holder, Step, T>())
    return &run_step_skipping<Holder, Step, Capacity, T>;
  else
    return nullptr;
}

} // namespace detail

/// Runs the steps that make rows, for a single sample, skipping zeros where that may pay.
template <class Holder, std::size_t Capacity, class T> void run_single_skipping(const pass_memory<T>& m) noexcept {
  constexpr auto& program = Holder::value;
  [&]<std::size_t... Step>(std::index_sequence<Step...>) {
    if constexpr (is_direct<T>(program)) {
      // One function of what remains dense, as `run_single` is.
      const auto one = [&](auto step) FUSEGRAD_INLINE {
        if constexpr (detail::skips_zeros<Holder, step, T>())
          detail::run_step_skipping<Holder, step, Capacity>(m);
        else
          detail::run_one<Holder, step, Capacity, detail::known_sizes<Holder, step, 1>>(m, task{1});
      };
      (one(std::integral_constant<std::size_t, Step>{}), ...);
    } else {
      // Larger programs have too many steps for one expression in Clang.
      constexpr std::array<detail::skipping_function<T>, sizeof...(Step)> functions{
          detail::skipping_function_of<Holder, Step, Capacity, T>()...};
      for (std::size_t i = 0; i < sizeof...(Step); ++i) {
        if (functions[i] != nullptr)
          functions[i](m);
        else
          run<Holder>(m, 1, false, i, i + 1);
      }
    }
  }(std::make_index_sequence<program.row_steps>{});
}

} // namespace fusegrad::execution::inline FUSEGRAD_ABI
