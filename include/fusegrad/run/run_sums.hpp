// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <fusegrad/run/run.hpp>
#include <fusegrad/run/team.hpp>
#include <utility>

namespace fusegrad::execution::inline FUSEGRAD_ABI {

/// Work of one of the sums over samples, for each sample, and into how many units it can be cut. No work: all threads
/// take equal parts of it, whatever the other sums are.
struct sum_cost {
  std::size_t work = 0;
  std::size_t units = 1;
};

template <class T, class Program> constexpr sum_cost cost_of_sum(const Program& program, const step& s) noexcept {
  const binding_facts<T>& by = binding_of<T>(s);
  sum_cost cost{by.work(s), by.units(s)};
  // A large weight is updated by the threads that read it: the same panels as in `run_rows`.
  if (s.depth * kernel::padded<T>(s.columns) * sizeof(T) >= machine::bytes_of_kept_weight) cost.work = 0;
  // What several sums add to must be cut alike in all of them: each thread adds to its own part, in the order of the
  // sums.
  if (s.parameter != graph::parameter_id::none &&
      program.parameters[static_cast<std::size_t>(s.parameter)].contributions > 1)
    cost.work = 0;
  return cost;
}

/// What can use the result of a sum as it is made. Kernels for that are compiled for nothing else.
template <class Update>
concept uses_sums_at_once = requires {
  Update::fused_table;
  requires Update::can_ever_fuse;
};

/// The costs of all steps behind the loss.
template <class Holder, class T>
inline constexpr auto costs_of_sums = [] {
  constexpr std::size_t first = Holder::value.first_gradient_step();
  std::array<sum_cost, Holder::value.step_count - first + 1> costs{};
  for (std::size_t i = first; i < Holder::value.step_count; ++i)
    costs[i - first] = cost_of_sum<T>(Holder::value, Holder::value.step_at(i));
  return costs;
}();
template <class Holder, class T>
inline constexpr std::size_t work_of_sums = [] {
  std::size_t sum = 0;
  for (std::size_t i = 0; i + 1 < costs_of_sums<Holder, T>.size(); ++i) sum += costs_of_sums<Holder, T>[i].work;
  return sum;
}();

/// The units of one sum that a thread does.
struct share_of_sum {
  std::size_t first = 0, last = 0;
};

/// Walks over the sums of a program and tells a thread's share of each: so that each has the same work in all, in one
/// stretch.
class sharing_of_sums {
public:
  constexpr sharing_of_sums(const member& who, std::size_t work) noexcept
      : begin_{work * static_cast<std::size_t>(who.rank) / static_cast<std::size_t>(who.size)},
        end_{work * static_cast<std::size_t>(who.rank + 1) / static_cast<std::size_t>(who.size)}, who_{who} {}

  FUSEGRAD_INLINE constexpr share_of_sum next(const sum_cost& cost) noexcept {
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
template <class Program> constexpr bool is_complete(const Program& program, const step_place& s) noexcept {
  return s.parameter != graph::parameter_id::none &&
         program.parameters[static_cast<std::size_t>(s.parameter)].is_made_at_once();
}

namespace detail {

/// Tells a kernel to use its sum, or to keep it where there is no update.
template <class Update, class T>
FUSEGRAD_INLINE constexpr void point_to_update(kernel::call<T>& c, std::size_t parameter_offset,
                                               const Update* update) noexcept {
  if (update != nullptr)
    update->point_to(c, parameter_offset);
  else
    kernel::keep_sum<Update::fused_accesses.count, Update::fused_table.result_count>(c);
}

/// A sum whose result an update rule uses at once, or that is kept; for steps that have no such result the same as
/// without.
template <class Holder, std::size_t Step, class Update, class T>
constexpr void sum_step(const step_place& at, const pass_memory<T>& m, const task& t, const Update* update) noexcept {
  constexpr graph::kind what = Holder::value.form_of(Step).what;
  using bound = binding<what>;
  if constexpr (bound::updates_at_once) {
    if (bound::keeps_as_well || update != nullptr) {
      kernel::call<T> c;
      fill_in<what>(c, listed_step(Holder::value, at), m, t);
      if constexpr (bound::keeps_as_well) {
        point_to_update(c, at.parameter_offset, update);
        bound::template update_or_keep<Update, Holder, Step, kernel::fixed_shape{}>(c);
      } else {
        update->point_to(c, at.parameter_offset);
        bound::template update<Update, Holder, Step, kernel::fixed_shape{}>(c);
      }
      return;
    }
  }
  if constexpr (!bound::keeps_as_well) run_step<Holder, Step, T>(at, m, t);
}

template <class T, class Update>
using sum_function = void (*)(const step_place&, const pass_memory<T>&, const task&, const Update*) noexcept;
/// Whether a sum behind the loss runs a kernel: others are not compiled for it.
template <class Holder> constexpr bool is_kernel_of_sums(std::size_t kernel) noexcept {
  for (std::size_t i = Holder::value.first_gradient_step(); i < Holder::value.step_count; ++i)
    if (Holder::value.form_of(i).kernel == kernel) return true;
  return false;
}
template <class Holder, class Update, class T>
inline constexpr auto sum_functions = []<std::size_t... Kernel>(std::index_sequence<Kernel...>) {
  constexpr auto function = []<std::size_t K>(std::integral_constant<std::size_t, K>) -> sum_function<T, Update> {
    if constexpr (is_kernel_of_sums<Holder>(K))
      return &sum_step<Holder, static_cast<std::size_t>(Holder::value.kernels[K]), Update, T>;
    else
      return nullptr;
  };
  return std::array<sum_function<T, Update>, sizeof...(Kernel)>{
      function(std::integral_constant<std::size_t, Kernel>{})...};
}(std::make_index_sequence<Holder::value.kernel_count>{});

template <class Holder, std::size_t Step, class Update>
inline constexpr bool can_be_used_at_once = [] {
  if constexpr (uses_sums_at_once<Update>)
    return is_complete(Holder::value, Holder::value.steps[Step]);
  else
    return false;
}();
} // namespace detail

/// Adds the loss of `rows` samples: all of it on one thread of the team.
template <class Holder, class T>
constexpr void run_loss(const pass_memory<T>& m, std::size_t rows, const member& who) noexcept {
  if (who.rank + 1 != who.size) return;
  for (std::size_t i = Holder::value.row_steps; i < Holder::value.first_gradient_step(); ++i)
    detail::row_functions<Holder, T>[Holder::value.form_of(i).kernel](Holder::value.steps[i], m, {rows});
}

/// A thread's share of the sums over `rows` samples behind the loss. With an `update` complete gradients of weights are
/// used at once instead of being stored.
template <class Holder, class Update, class T>
constexpr void run_sums(const pass_memory<T>& m, std::size_t rows, bool accumulate, const member& who,
                        const Update* update) noexcept {
  constexpr auto& program = Holder::value;
  constexpr std::size_t first = program.first_gradient_step();
  sharing_of_sums sharing(who, work_of_sums<Holder, T>);
  for (std::size_t i = first; i < program.step_count; ++i) {
    const step_place& at = program.steps[i];
    const share_of_sum share = sharing.next(costs_of_sums<Holder, T>[i - first]);
    if (share.first >= share.last) continue;
    const task t{rows, accumulate, share.first, share.last};
    if constexpr (uses_sums_at_once<Update>)
      detail::sum_functions<Holder, Update, T>[program.form_of(i).kernel](at, m, t,
                                                                          is_complete(program, at) ? update : nullptr);
    else
      detail::step_functions<Holder, T>[program.form_of(i).kernel](at, m, t);
  }
}

} // namespace fusegrad::execution::inline FUSEGRAD_ABI
