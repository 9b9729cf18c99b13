// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/plan/machine.hpp>
#include <fusegrad/plan/run.hpp>
#include <fusegrad/plan/run_sums.hpp>
#include <utility>

// Small networks without the table of steps: every step is a function of its own with all sizes and places known to the compiler, and
// for a single sample all steps are one function. What a step costs besides its arithmetic then falls from some thirty
// nanoseconds to none; for larger networks that would only be more code.
namespace fusegrad::plan::inline FUSEGRAD_ABI {

/// Whether a program is run directly.
template <class T, class Program> constexpr bool is_direct(const Program& program) noexcept {
  for (const step& s : program.steps)
    if (s.is_of_batch || s.what == graph::kind::random || s.what == graph::kind::batch_sum || s.what == graph::kind::observe) return false;
  return program.step_count <= machine::direct_steps && program.parameter_size * sizeof(T) <= machine::direct_weight_bytes;
}

namespace detail {

template <class Holder, std::size_t Step, std::size_t Index> inline constexpr argument argument_of = Holder::value.arguments[Holder::value.steps[Step].arguments_begin + Index];

/// Fills in a call like `prepare`, from constants.
template <class Holder, std::size_t Step, std::size_t Capacity, class T>
[[gnu::always_inline]] constexpr void prepare_direct(kernel::call<T>& c, pass_memory<T> m, std::size_t rows, bool accumulate) noexcept {
  constexpr step s = Holder::value.steps[Step];
  m.capacity = Capacity;
  c.rows = rows;
  c.columns = s.columns;
  c.depth = s.depth;
  if constexpr (s.has_product) {
    c.left = row_of(m, s.left, s.depth);
    c.right = (s.transposed ? m.transposed : m.parameters) + s.right;
  } else if constexpr (s.what == graph::kind::weight_gradient) {
    c.left = row_of(m, s.left, s.depth);
    c.right = row_of(m, s.right, s.columns);
    c.first_unit = 0;
    c.last_unit = kernel::weight_units<T>(s.depth, s.columns);
    c.results[0] = {m.gradients + s.gradient, 0};
  } else if constexpr (s.what == graph::kind::column_sum) {
    c.left = row_of(m, s.left, s.columns);
    c.results[0] = {m.gradients + s.gradient, 0};
  }
  if constexpr (s.what == graph::kind::weight_gradient || s.what == graph::kind::column_sum || s.what == graph::kind::total_sum) {
    c.gradient = m.gradients + s.gradient;
    c.accumulate = accumulate || !s.first_contribution;
  }
  if constexpr (s.what == graph::kind::loss_term) {
    c.loss = m.loss;
    c.weight = m.uniforms[s.slot];
  }
  kernel::unroll<s.argument_count>([&](auto i) __attribute__((always_inline)) { c.arguments[i] = place_of(argument_of<Holder, Step, i>, m); });
  kernel::unroll<s.result_count>([&](auto i) __attribute__((always_inline)) {
    c.results[i] = place_of(argument_of<Holder, Step, s.argument_count + static_cast<std::size_t>(i)>, m);
  });
  if constexpr (s.what == graph::kind::split) kernel::unroll<s.result_count>([&](auto i) { c.widths[i] = argument_of<Holder, Step, 1 + static_cast<std::size_t>(i)>.width; });
  if constexpr (s.what == graph::kind::concat) kernel::unroll<s.argument_count>([&](auto i) { c.widths[i] = argument_of<Holder, Step, i>.width; });
}

/// One step, in place. Rows 0: as many as the call has. A single sample needs no transposed weights.
template <class Holder, std::size_t Step, std::size_t Capacity, std::size_t Rows, class T>
[[gnu::always_inline]] constexpr void run_in_place(const pass_memory<T>& m, std::size_t rows, bool accumulate) noexcept {
  constexpr step s = Holder::value.steps[Step];
  kernel::call<T> c;
  prepare_direct<Holder, Step, Capacity>(c, m, rows, accumulate);
  if constexpr (Rows == 1 && s.transposed) c.right = m.parameters + Holder::value.parameters[static_cast<std::size_t>(s.parameter)].offset;
  // Larger kernels for many samples would gain little from known sizes, and layers of equal cut share them so.
  constexpr bool knows_sizes = Rows == 1 || s.depth <= 16;
  run_kernel<Holder, Step, T, knows_sizes ? kernel::fixed_shape{Rows, s.depth, s.columns} : kernel::fixed_shape{}>(c, s);
}

template <class Holder, std::size_t Step, class Update, std::size_t Capacity, class T>
[[gnu::always_inline]] constexpr void update_in_place(const pass_memory<T>& m, const Update& update) noexcept {
  constexpr step s = Holder::value.steps[Step];
  kernel::call<T> c;
  prepare_direct<Holder, Step, Capacity>(c, m, 1, false);
  update.point_to(c, s.gradient);
  run_fused_update<Holder, Step, Update, T, kernel::fixed_shape{1, s.depth, s.columns}>(c, s);
}

template <class Holder, std::size_t Step, std::size_t Capacity, class T>
[[gnu::noinline]] constexpr void run_as_function(const pass_memory<T>& m, std::size_t rows) noexcept {
  run_in_place<Holder, Step, Capacity, 0>(m, rows, false);
}

/// A share of a sum over samples; with an `update` its result is used at once.
template <class Holder, std::size_t Step, class Update, std::size_t Capacity, class T>
[[gnu::noinline]] constexpr void sum_as_function(const pass_memory<T>& m, std::size_t rows, bool accumulate, const share_of_sum& share,
                                                 const Update* update) noexcept {
  constexpr step s = Holder::value.steps[Step];
  kernel::call<T> c;
  prepare_direct<Holder, Step, Capacity>(c, m, rows, accumulate);
  c.first_unit = share.first;
  c.last_unit = share.last;
  if constexpr (can_be_used_at_once<Holder, Step, Update>) {
    if (update != nullptr) {
      update->point_to(c, s.gradient);
      return run_fused_update<Holder, Step, Update, T>(c, s);
    }
  }
  run_kernel<Holder, Step, T>(c, s);
}

} // namespace detail

/// Runs the steps that make rows, for a single sample: all sizes are known.
template <class Holder, std::size_t Capacity, class T> [[gnu::always_inline]] constexpr void run_single(const pass_memory<T>& m) noexcept {
  [&]<std::size_t... Step>(std::index_sequence<Step...>) __attribute__((always_inline)) {
    (detail::run_in_place<Holder, Step, Capacity, 1>(m, 1, false), ...);
  }(std::make_index_sequence<Holder::value.row_steps>{});
}

/// The loss of a single sample.
template <class Holder, std::size_t Capacity, class T> [[gnu::always_inline]] constexpr void run_single_loss(const pass_memory<T>& m) noexcept {
  [&]<std::size_t... Index>(std::index_sequence<Index...>) __attribute__((always_inline)) {
    (detail::run_in_place<Holder, Holder::value.row_steps + Index, Capacity, 1>(m, 1, false), ...);
  }(std::make_index_sequence<detail::loss_steps<Holder>>{});
}

/// The sums over a single sample behind the loss; with an `update` complete gradients of weights are used at once.
template <class Holder, std::size_t Capacity, class Update, class T>
[[gnu::always_inline]] constexpr void run_single_sums(const pass_memory<T>& m, const Update* update) noexcept {
  constexpr auto& program = Holder::value;
  const auto one = [&](auto index) __attribute__((always_inline)) {
    constexpr std::size_t i = detail::first_gradient_step<Holder> + index;
    if constexpr (detail::can_be_used_at_once<Holder, i, Update>)
      if (update != nullptr) return detail::update_in_place<Holder, i, Update, Capacity>(m, *update);
    detail::run_in_place<Holder, i, Capacity, 1>(m, 1, false);
  };
  [&]<std::size_t... Index>(std::index_sequence<Index...>) __attribute__((always_inline)) {
    (one(std::integral_constant<std::size_t, Index>{}), ...);
  }(std::make_index_sequence<program.step_count - detail::first_gradient_step<Holder>>{});
}

/// Runs the steps that make rows, for some samples.
template <class Holder, std::size_t Capacity, class T> constexpr void run_direct(const pass_memory<T>& m, std::size_t rows) noexcept {
  [&]<std::size_t... Step>(std::index_sequence<Step...>) {
    (detail::run_as_function<Holder, Step, Capacity>(m, rows), ...);
  }(std::make_index_sequence<Holder::value.row_steps>{});
}

/// Adds the loss of `rows` samples, as `run_loss` does it.
template <class Holder, std::size_t Capacity, class T>
constexpr void run_direct_loss(const pass_memory<T>& m, std::size_t rows, const member& who) noexcept {
  if (who.rank + 1 != who.size) return;
  [&]<std::size_t... Index>(std::index_sequence<Index...>) {
    (detail::run_as_function<Holder, Holder::value.row_steps + Index, Capacity>(m, rows), ...);
  }(std::make_index_sequence<detail::loss_steps<Holder>>{});
}

/// A thread's share of the sums, as `run_sums` does it.
template <class Holder, std::size_t Capacity, class Update, class T>
constexpr void run_direct_sums(const pass_memory<T>& m, std::size_t rows, bool accumulate, const member& who, const Update* update) noexcept {
  constexpr auto& program = Holder::value;
  sharing_of_sums sharing(who, detail::work_of_sums<Holder, T>);
  [&]<std::size_t... Index>(std::index_sequence<Index...>) {
    const auto one = [&](auto number, const share_of_sum& share) {
      if (share.first < share.last) detail::sum_as_function<Holder, number, Update, Capacity>(m, rows, accumulate, share, update);
    };
    (one(std::integral_constant<std::size_t, detail::first_gradient_step<Holder> + Index>{},
         sharing.next(cost_of_sum<T>(program, program.steps[detail::first_gradient_step<Holder> + Index]))),
     ...);
  }(std::make_index_sequence<program.step_count - detail::first_gradient_step<Holder>>{});
}

} // namespace fusegrad::plan
