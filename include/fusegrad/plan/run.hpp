// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <fusegrad/kernel/column_sums.hpp>
#include <fusegrad/kernel/elementwise.hpp>
#include <fusegrad/kernel/narrow_product.hpp>
#include <fusegrad/kernel/parts.hpp>
#include <fusegrad/kernel/product.hpp>
#include <fusegrad/kernel/random_rows.hpp>
#include <fusegrad/kernel/softmax.hpp>
#include <fusegrad/kernel/sums.hpp>
#include <fusegrad/kernel/weight_gradient.hpp>
#include <fusegrad/plan/machine.hpp>
#include <fusegrad/plan/program.hpp>
#include <fusegrad/plan/team.hpp>
#include <utility>

namespace fusegrad::plan::inline FUSEGRAD_ABI {

/// The memory that one pass over some rows works in; nothing of it is owned here.
template <class T> struct pass_memory {
  T* workspace = nullptr;         ///< row_size times `capacity` numbers
  std::size_t capacity = 0;       ///< samples that the workspace is laid out for, slack included
  std::size_t first_row = 0;      ///< which of them the pass begins with
  const T* parameters = nullptr;  ///< packed
  const T* transposed = nullptr;
  T* gradients = nullptr;         ///< packed like the parameters
  const T* uniforms = nullptr;
  double* loss = nullptr;
  T* batch = nullptr;             ///< what the whole batch has in common
  T* observations = nullptr;
  base::philox_key random_key{};
  std::size_t first_sample = 0;   ///< which sample of the batch the first row of the workspace is
};

// What an operation of a graph can read or make, a call can hold.
static_assert(graph::most_inputs <= kernel::most_places && graph::most_operands <= kernel::most_places);

namespace detail {

/// The expression of a weight gradient that is stored and not used at once.
struct identity_source {
  static constexpr expr::expression make() {
    expr::builder b;
    growing<int> result;
    result.push_back(b.argument(0));
    return expr::compact(b, result, 1);
  }
};
inline constexpr auto kept_as_it_is = expr::table_from<identity_source>;

template <class Holder, std::size_t Step> constexpr auto accesses_of() {
  constexpr step shape = Holder::value.steps[Step];
  kernel::access_list<shape.argument_count> list;
  for (std::size_t i = 0; i < shape.argument_count; ++i) list.items[i] = Holder::value.arguments[shape.arguments_begin + i].how;
  return list;
}

/// The kernel that step number `Step` of a program needs.
template <class Holder, std::size_t Step, class T, kernel::fixed_shape Fixed = kernel::fixed_shape{}>
[[gnu::always_inline]] constexpr void run_kernel(const kernel::call<T>& c, [[maybe_unused]] const step& s) noexcept {
  constexpr step shape = Holder::value.steps[Step];
  [[maybe_unused]] constexpr auto tiles = kernel::tiles_for<T>(shape.columns);
  if constexpr (shape.what == graph::kind::elementwise) {
    constexpr auto accesses = accesses_of<Holder, Step>();
    constexpr auto table = expression_table<Holder, static_cast<std::size_t>(shape.expression)>;
    if constexpr (shape.is_narrow || (shape.transposed && Fixed.rows == 1))
      kernel::narrow_product<T, static_cast<int>(shape.columns), table, accesses, Fixed>::run(c);
    else if constexpr (shape.has_product) kernel::product<T, tiles, table, accesses, Fixed>::run(c);
    else kernel::elementwise<T, table, accesses>::run(c);
  } else if constexpr (shape.what == graph::kind::weight_gradient) {
    kernel::weight_gradient<T, tiles, kept_as_it_is, kernel::access_list<1>{{kernel::access::product}}, Fixed>::run(c);
  } else if constexpr (shape.what == graph::kind::batch_sum || shape.what == graph::kind::observe) {
    kernel::column_sums<T, expression_table<Holder, static_cast<std::size_t>(shape.expression)>, accesses_of<Holder, Step>()>::run(c);
  } else if constexpr (shape.what == graph::kind::random) {
    kernel::random_rows(c);
  } else if constexpr (shape.what == graph::kind::row_sum) {
    kernel::row_sum(c);
  } else if constexpr (shape.what == graph::kind::column_sum) {
    kernel::column_sum<T, kept_as_it_is, kernel::access_list<1>{{kernel::access::product}}>::run(c);
  } else if constexpr (shape.what == graph::kind::total_sum) {
    kernel::total_sum(c);
  } else if constexpr (shape.what == graph::kind::loss_term) {
    kernel::loss_term(c);
  } else if constexpr (shape.what == graph::kind::softmax) {
    kernel::softmax(c);
  } else if constexpr (shape.what == graph::kind::log_softmax) {
    kernel::log_softmax(c);
  } else if constexpr (shape.what == graph::kind::softmax_cross_entropy) {
    kernel::softmax_cross_entropy(c);
  } else if constexpr (shape.what == graph::kind::split) {
    kernel::split(c, s.result_count);
  } else if constexpr (shape.what == graph::kind::concat) {
    kernel::concat(c, s.argument_count);
  }
}

template <class T> constexpr kernel::place<T> place_of(const argument& a, const pass_memory<T>& m) noexcept {
  switch (a.where) {
  case memory::rows: return {m.workspace + a.offset * m.capacity + m.first_row * a.stride, a.stride};
  // Arguments are only read: kernels write to results alone.
  case memory::parameters: return {const_cast<T*>(m.parameters) + a.offset, 0};
  case memory::uniforms: return {const_cast<T*>(m.uniforms) + a.offset, 0};
  case memory::batch: return {m.batch + a.offset, 0};
  case memory::observations: return {m.observations + a.offset, 0};
  case memory::none: break;
  }
  return {};
}

template <class T> constexpr T* row_of(const pass_memory<T>& m, std::size_t offset, std::size_t width) noexcept {
  return m.workspace + offset * m.capacity + m.first_row * kernel::row_stride<T>(width);
}

/// Fills in a call. By reference: a call has places that stay empty, and Clang copies no such object in constant evaluation.
template <class Program, class T>
[[gnu::always_inline]] constexpr void prepare(kernel::call<T>& c, const Program& program, const step& s, const pass_memory<T>& m,
                                              std::size_t rows, bool accumulate) noexcept {
  c.rows = s.is_of_batch ? 1 : rows;
  c.columns = s.columns;
  c.depth = s.depth;
  if (s.has_product) {
    c.left = row_of(m, s.left, s.depth);
    c.right = (s.transposed ? m.transposed : m.parameters) + s.right;
  } else if (s.what == graph::kind::weight_gradient) {
    c.left = row_of(m, s.left, s.depth);
    c.right = row_of(m, s.right, s.columns);
    c.last_unit = kernel::weight_units<T>(s.depth, s.columns);
    c.results[0] = {m.gradients + s.gradient, 0};
  }
  if (s.what == graph::kind::column_sum) {
    c.left = s.is_of_batch ? m.batch + s.left : row_of(m, s.left, s.columns);
    c.results[0] = {m.gradients + s.gradient, 0};
  }
  if (s.what == graph::kind::random) {
    c.random_key = m.random_key;
    c.random_stream = static_cast<std::uint32_t>(s.slot);
    c.first_sample = m.first_sample + m.first_row;
  }
  if (s.what == graph::kind::batch_sum || s.what == graph::kind::observe) c.last_unit = kernel::units_of_columns<T>(s.columns);
  if (m.gradients != nullptr) c.gradient = m.gradients + s.gradient;
  c.accumulate = accumulate || !s.first_contribution;
  c.loss = m.loss;
  if (s.what == graph::kind::loss_term || s.what == graph::kind::batch_sum) c.weight = s.slot < 0 ? T{1} : m.uniforms[s.slot];
  if (s.what == graph::kind::observe) c.weight = T{1};
  if (s.what == graph::kind::batch_sum) c.accumulate = false;
  const argument* a = program.arguments.data() + s.arguments_begin;
  for (std::size_t i = 0; i < s.argument_count; ++i) c.arguments[i] = place_of(a[i], m);
  for (std::size_t i = 0; i < s.result_count; ++i) c.results[i] = place_of(a[s.argument_count + i], m);
  if (s.what == graph::kind::split || s.what == graph::kind::concat) {
    const bool splits = s.what == graph::kind::split;
    for (std::size_t i = 0; i < (splits ? s.result_count : s.argument_count); ++i) c.widths[i] = a[splits ? i + 1 : i].width;
  }
}

template <class Holder, std::size_t Step, class T> constexpr void run_kernel_as_function(const kernel::call<T>& c, const step& s) noexcept {
  run_kernel<Holder, Step, T>(c, s);
}
template <class Holder, class T, std::size_t... Kernel> constexpr auto kernel_functions(std::index_sequence<Kernel...>) {
  using function = void (*)(const kernel::call<T>&, const step&) noexcept;
  return std::array<function, sizeof...(Kernel)>{&run_kernel_as_function<Holder, static_cast<std::size_t>(Holder::value.kernels[Kernel]), T>...};
}

} // namespace detail

/// Runs the steps from `first` to `last` of a program over `rows` samples that lie in the workspace. With `accumulate` gradients are
/// added to what is there, else each is overwritten by its first contribution. Steps that are alike share one kernel, so the
/// code grows with the number of distinct layers only.
template <class Holder, class T>
constexpr void run(const pass_memory<T>& m, std::size_t rows, bool accumulate, std::size_t first = 0,
                   std::size_t last = Holder::value.step_count) noexcept {
  constexpr auto& program = Holder::value;
  constexpr auto functions = detail::kernel_functions<Holder, T>(std::make_index_sequence<program.kernel_count>{});
  for (std::size_t i = first; i < last; ++i) {
    const step& s = program.steps[i];
    kernel::call<T> c;
    detail::prepare(c, program, s, m, rows, accumulate);
    functions[s.kernel](c, s);
  }
}

/// Whether each thread keeps some panels of a weight to itself: a large one, with panels that can be dealt out evenly.
template <class T> constexpr bool is_kept_by_threads(std::size_t rows, std::size_t columns, int threads) noexcept {
  const std::size_t panels = kernel::panels_of<T>(columns), n = static_cast<std::size_t>(threads);
  return n > 1 && rows * kernel::padded<T>(columns) * sizeof(T) >= machine::bytes_of_kept_weight && (panels % n == 0 || panels >= 4 * n);
}
/// Whether threads share a step by columns instead of by samples.
template <class T> constexpr bool is_shared_by_columns(const step& s, int threads) noexcept {
  return s.has_product && !s.is_narrow && is_kept_by_threads<T>(s.depth, s.columns, threads);
}

/// Whether a step makes what the whole batch has in common.
constexpr bool is_for_batch(const step& s) noexcept { return s.is_of_batch || s.what == graph::kind::batch_sum; }
/// Whether threads can share such a step by columns.
constexpr bool has_independent_columns(const step& s) noexcept { return s.what == graph::kind::batch_sum || s.what == graph::kind::elementwise; }

/// A thread's columns of a step whose result the whole batch has in common. Threads have the same columns in all such steps of one width,
/// and need not wait for each other between them.
template <class Holder, class T> constexpr void run_for_batch(const pass_memory<T>& m, const step& s, std::size_t rows, const member& who) noexcept {
  constexpr auto functions = detail::kernel_functions<Holder, T>(std::make_index_sequence<Holder::value.kernel_count>{});
  kernel::call<T> c;
  detail::prepare(c, Holder::value, s, m, rows, false);
  if (!has_independent_columns(s)) {
    if (who.rank == 0) functions[s.kernel](c, s);
    return;
  }
  const auto [first, last] = who.share(kernel::units_of_columns<T>(s.columns));
  if (first == last) return;
  if (s.what == graph::kind::batch_sum) {
    c.first_unit = first;
    c.last_unit = last;
  } else {
    constexpr auto lanes = static_cast<std::size_t>(math::native_lanes<T>);
    const argument* const a = Holder::value.arguments.data() + s.arguments_begin;
    for (std::size_t i = 0; i < s.argument_count; ++i)
      if (a[i].how == kernel::access::column) c.arguments[i].data += first * lanes;
    for (std::size_t i = 0; i < s.result_count; ++i) c.results[i].data += first * lanes;
    c.columns = (last * lanes < s.columns ? last * lanes : s.columns) - first * lanes;
  }
  functions[s.kernel](c, s);
}

/// A thread's part of the steps that make rows, for `rows` samples of which those from `begin` to `end` are its own.
template <class Holder, class T>
constexpr void run_rows(pass_memory<T> m, std::size_t rows, std::size_t begin, std::size_t end, const member& who) noexcept {
  constexpr auto& program = Holder::value;
  constexpr auto functions = detail::kernel_functions<Holder, T>(std::make_index_sequence<program.kernel_count>{});
  std::uint32_t batch_width = 0; // of the steps for the batch that run now; 0: rows are being made
  for (std::size_t i = 0; i < program.row_steps; ++i) {
    const step& s = program.steps[i];
    if (is_for_batch(s)) {
      if (batch_width != s.columns || !has_independent_columns(s)) who.wait_for_all();
      m.first_row = 0;
      run_for_batch<Holder>(m, s, rows, who);
      batch_width = has_independent_columns(s) ? s.columns : ~std::uint32_t{0};
      continue;
    }
    if (batch_width != 0) who.wait_for_all();
    batch_width = 0;
    const bool by_columns = is_shared_by_columns<T>(s, who.size);
    kernel::call<T> c;
    if (by_columns) {
      who.wait_for_all();
      const auto [first, last] = who.share(kernel::panels_of<T>(s.columns));
      m.first_row = 0;
      detail::prepare(c, program, s, m, rows, false);
      c.first_unit = first;
      c.last_unit = last;
      if (first < last) functions[s.kernel](c, s);
      who.wait_for_all();
    } else if (begin < end) {
      m.first_row = begin;
      detail::prepare(c, program, s, m, end - begin, false);
      functions[s.kernel](c, s);
    }
  }
}

} // namespace fusegrad::plan
