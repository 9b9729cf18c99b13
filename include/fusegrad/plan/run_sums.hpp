// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/plan/run.hpp>
#include <fusegrad/plan/team.hpp>
#include <utility>

namespace fusegrad::plan::inline FUSEGRAD_ABI {

/// Work of one of the sums over samples, for each sample, and into how many units it can be cut. No work: all threads take equal
/// parts of it, whatever the other sums are.
struct sum_cost {
  std::size_t work = 0;
  std::size_t units = 1;
};

template <class T, class Program> constexpr sum_cost cost_of_sum(const Program& program, const step& s) noexcept {
  if (s.what == graph::kind::loss_term) return {0, 1};
  if (s.what == graph::kind::observe) return {0, kernel::units_of_columns<T>(s.columns)};
  const std::size_t columns = kernel::padded<T>(s.columns);
  sum_cost cost{columns, 1};
  if (s.what == graph::kind::weight_gradient) cost = {s.depth * columns, kernel::weight_units<T>(s.depth, s.columns)};
  // A large weight is updated by the threads that read it: the same panels as in `run_rows`.
  if (s.depth * columns * sizeof(T) >= machine::bytes_of_kept_weight) cost.work = 0;
  // What several sums add to must be cut alike in all of them: each thread adds to its own part, in the order of the sums.
  if (program.parameters[static_cast<std::size_t>(s.parameter)].contributions > 1) cost.work = 0;
  return cost;
}

/// What can use the result of a sum as it is made. Kernels for that are compiled for nothing else.
template <class Update>
concept uses_sums_at_once = requires {
  Update::fused_table;
  requires Update::can_ever_fuse;
};

namespace detail {

/// The kernel of a sum whose result an update rule uses at once; nothing for other steps.
template <class Holder, std::size_t Step, class Update, class T, kernel::fixed_shape Fixed = kernel::fixed_shape{}>
[[gnu::always_inline]] constexpr void run_fused_update(const kernel::call<T>& c, const step&) noexcept {
  constexpr step shape = Holder::value.steps[Step];
  if constexpr (shape.what == graph::kind::weight_gradient)
    kernel::weight_gradient<T, kernel::tiles_for<T>(shape.columns), Update::fused_table, Update::fused_accesses, Fixed>::run(c);
  else if constexpr (shape.what == graph::kind::column_sum)
    kernel::column_sum<T, Update::fused_table, Update::fused_accesses>::run(c);
}
template <class Holder, std::size_t Step, class Update, class T> constexpr void run_fused_update_as_function(const kernel::call<T>& c, const step& s) noexcept {
  run_fused_update<Holder, Step, Update, T>(c, s);
}

template <class Holder, class Update, class T, std::size_t... Kernel> constexpr auto fused_updates(std::index_sequence<Kernel...>) {
  using function = void (*)(const kernel::call<T>&, const step&) noexcept;
  return std::array<function, sizeof...(Kernel)>{&run_fused_update_as_function<Holder, static_cast<std::size_t>(Holder::value.kernels[Kernel]), Update, T>...};
}

/// How many of the sums are the loss: those that come first.
template <class Holder> inline constexpr std::size_t loss_steps = [] {
  std::size_t count = 0;
  for (const step& s : Holder::value.steps) count += s.what == graph::kind::loss_term;
  return count;
}();
template <class Holder> inline constexpr std::size_t first_gradient_step = Holder::value.row_steps + loss_steps<Holder>;

template <class Holder, class T> inline constexpr std::size_t work_of_sums = [] {
  std::size_t sum = 0;
  for (std::size_t i = Holder::value.row_steps; i < Holder::value.step_count; ++i) sum += cost_of_sum<T>(Holder::value, Holder::value.steps[i]).work;
  return sum;
}();

} // namespace detail

/// The units of one sum that a thread does.
struct share_of_sum {
  std::size_t first = 0, last = 0;
};

/// Walks over the sums of a program and tells a thread's share of each: so that each has the same work in all, in one stretch.
class sharing_of_sums {
public:
  constexpr sharing_of_sums(const member& who, std::size_t work) noexcept
      : begin_{work * static_cast<std::size_t>(who.rank) / static_cast<std::size_t>(who.size)},
        end_{work * static_cast<std::size_t>(who.rank + 1) / static_cast<std::size_t>(who.size)}, who_{who} {}

  [[gnu::always_inline]] constexpr share_of_sum next(const sum_cost& cost) noexcept {
    if (who_.size == 1) return {0, cost.units};
    if (cost.work == 0) {
      const auto [first, last] = who_.share(cost.units);
      return {first, last};
    }
    const share_of_sum share{first_unit_from(begin_, cost), first_unit_from(end_, cost)};
    position_ += cost.work;
    return share;
  }

private:
  /// The first unit that begins at or behind `at`.
  constexpr std::size_t first_unit_from(std::size_t at, const sum_cost& cost) const noexcept {
    if (at <= position_) return 0;
    if (at >= position_ + cost.work) return cost.units;
    return ((at - position_) * cost.units + cost.work - 1) / cost.work;
  }

  std::size_t begin_, end_, position_ = 0;
  member who_;
};

/// Whether an update rule can use the gradient of a step as it is made: nothing else is added to it.
template <class Program> constexpr bool is_complete(const Program& program, const step& s) noexcept {
  return s.parameter >= 0 && program.parameters[static_cast<std::size_t>(s.parameter)].is_made_at_once();
}

namespace detail {
template <class Holder, std::size_t Step, class Update> inline constexpr bool can_be_used_at_once = [] {
  if constexpr (uses_sums_at_once<Update>) return is_complete(Holder::value, Holder::value.steps[Step]);
  else return false;
}();
} // namespace detail

/// Adds the loss of `rows` samples: all of it on one thread of the team.
template <class Holder, class T> constexpr void run_loss(const pass_memory<T>& m, std::size_t rows, const member& who) noexcept {
  if (who.rank + 1 == who.size) run<Holder>(m, rows, false, Holder::value.row_steps, detail::first_gradient_step<Holder>);
}

/// A thread's share of the sums over `rows` samples behind the loss. With an `update` complete gradients of weights are used at once instead of being
/// stored.
template <class Holder, class Update, class T>
constexpr void run_sums(const pass_memory<T>& m, std::size_t rows, bool accumulate, const member& who, const Update* update) noexcept {
  constexpr auto& program = Holder::value;
  constexpr auto functions = detail::kernel_functions<Holder, T>(std::make_index_sequence<program.kernel_count>{});
  sharing_of_sums sharing(who, detail::work_of_sums<Holder, T>);
  for (std::size_t i = detail::first_gradient_step<Holder>; i < program.step_count; ++i) {
    const step& s = program.steps[i];
    const share_of_sum share = sharing.next(cost_of_sum<T>(program, s));
    if (share.first >= share.last) continue;
    kernel::call<T> c;
    detail::prepare(c, program, s, m, rows, accumulate);
    c.first_unit = share.first;
    c.last_unit = share.last;
    if constexpr (uses_sums_at_once<Update>) {
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
