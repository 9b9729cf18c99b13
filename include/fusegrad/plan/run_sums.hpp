// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/plan/run.hpp>
#include <fusegrad/plan/team.hpp>
#include <utility>

namespace fusegrad::plan {

/// Work of one of the sums over samples, for each sample, and into how many units it can be cut.
struct sum_cost {
  std::size_t work = 0;
  std::size_t units = 1;
};

template <class T> constexpr sum_cost cost_of_sum(const step& s) noexcept {
  if (s.what == graph::kind::loss_term) return {0, 1};
  const std::size_t columns = kernel::padded<T>(s.columns);
  if (s.what != graph::kind::weight_gradient) return {columns, 1};
  return {s.depth * columns, kernel::weight_units<T>(s.depth, s.columns)};
}

namespace detail {

/// The kernel of a weight gradient whose result an update rule uses at once; nothing for other steps.
template <class Holder, std::size_t Step, class Update, class T>
constexpr void run_fused_update(const kernel::call<T>& c, const step&) noexcept {
  constexpr step shape = Holder::value.steps[Step];
  if constexpr (shape.what == graph::kind::weight_gradient)
    kernel::weight_gradient<T, kernel::tiles_for<T>(shape.columns), Update::table, Update::fused_accesses>::run(c);
}

template <class Holder, class Update, class T, std::size_t... Kernel> constexpr auto fused_updates(std::index_sequence<Kernel...>) {
  using function = void (*)(const kernel::call<T>&, const step&) noexcept;
  return std::array<function, sizeof...(Kernel)>{&run_fused_update<Holder, static_cast<std::size_t>(Holder::value.kernels[Kernel]), Update, T>...};
}

/// The first unit of a step that begins at or behind `position`, where the step's work begins at `begin`.
constexpr std::size_t first_unit_from(std::size_t position, std::size_t begin, const sum_cost& cost) noexcept {
  if (position <= begin) return 0;
  if (position >= begin + cost.work) return cost.units;
  return ((position - begin) * cost.units + cost.work - 1) / cost.work;
}

} // namespace detail

/// Whether an update rule can use the gradient of a step as it is made: nothing else is added to it.
template <class Program> constexpr bool is_complete(const Program& program, const step& s) noexcept {
  return s.what == graph::kind::weight_gradient && program.parameters[static_cast<std::size_t>(s.parameter)].contributions == 1;
}

/// A thread's share of the sums over `rows` samples. With an `update` complete gradients of weights are used at once instead of being
/// stored. The loss is summed by the first thread.
template <class Holder, class Update, class T>
constexpr void run_sums(const pass_memory<T>& m, std::size_t rows, bool accumulate, const member& who, const Update* update) noexcept {
  constexpr auto& program = Holder::value;
  constexpr auto functions = detail::kernel_functions<Holder, T>(std::make_index_sequence<program.kernel_count>{});
  constexpr std::size_t total = [] {
    std::size_t sum = 0;
    for (std::size_t i = program.row_steps; i < program.step_count; ++i) sum += cost_of_sum<T>(program.steps[i]).work;
    return sum;
  }();
  const std::size_t begin = total * static_cast<std::size_t>(who.rank) / static_cast<std::size_t>(who.size);
  const std::size_t end = total * static_cast<std::size_t>(who.rank + 1) / static_cast<std::size_t>(who.size);
  std::size_t position = 0;
  for (std::size_t i = program.row_steps; i < program.step_count; ++i) {
    const step& s = program.steps[i];
    const sum_cost cost = cost_of_sum<T>(s);
    const bool is_loss = s.what == graph::kind::loss_term;
    const std::size_t first = is_loss ? 0 : detail::first_unit_from(begin, position, cost);
    const std::size_t last = is_loss ? static_cast<std::size_t>(who.rank == 0) : detail::first_unit_from(end, position, cost);
    position += cost.work;
    if (first >= last) continue;
    kernel::call<T> c;
    detail::prepare(c, program, s, m, rows, accumulate);
    c.first_unit = first;
    c.last_unit = last;
    if constexpr (requires { Update::table; }) {
      constexpr auto fused = detail::fused_updates<Holder, Update, T>(std::make_index_sequence<program.kernel_count>{});
      if (update != nullptr && is_complete(program, s)) {
        update->point_to(c, s.gradient);
        fused[s.kernel](c, s);
        continue;
      }
    }
    functions[s.kernel](c, s);
  }
}

} // namespace fusegrad::plan
