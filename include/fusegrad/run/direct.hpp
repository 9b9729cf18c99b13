// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/run/machine.hpp>
#include <fusegrad/run/run.hpp>
#include <fusegrad/run/run_sums.hpp>
#include <type_traits>
#include <utility>

// Small networks without the table of steps: every step is a function with all sizes known to the compiler, shared by
// equal steps, and for a single sample through the smallest all steps are one function. What a step costs besides its
// arithmetic then falls from some thirty nanoseconds to a few or none; for larger networks that would only be more
// code.
namespace fusegrad::execution::inline FUSEGRAD_ABI {

/// Whether a program is run directly.
template <class T, class Program> constexpr bool is_direct(const Program& program) noexcept {
  return program.all_run_directly && program.step_count <= machine::direct_steps &&
         program.parameter_size * sizeof(T) <= machine::direct_weight_bytes;
}

/// Whether all steps of a program for a single sample are one function; else each is one, which equal steps share. A
/// step that makes a gradient gains nothing from standing among others where its weight is larger, and costs the
/// compiler twice as much.
template <class T, class Program> constexpr bool is_one_function(const Program& program) noexcept {
  const bool has_gradients = program.first_gradient_step() != program.step_count;
  return !has_gradients || program.parameter_size * sizeof(T) <= machine::one_function_weight_bytes;
}

namespace detail {

/// Step number `Step` where the numbers of an equal one lie: the compiler knows all the rest.
template <class Holder, std::size_t Step> struct step_elsewhere {
  using known = known_step<Holder, Step>;
  const step_place& at;

  constexpr const step_form& operator*() const noexcept { return known::s; }
  [[nodiscard]] constexpr const step_place& place() const noexcept { return at; }
  [[nodiscard]] constexpr argument left() const noexcept { return at_offset(known::s.left, at.left_offset); }
  [[nodiscard]] constexpr argument right() const noexcept { return at_offset(known::s.right, at.right_offset); }
  [[nodiscard]] constexpr argument places() const noexcept { return at_offset(known::s.places, at.places_offset); }
  [[nodiscard]] constexpr argument argument_at(std::size_t i) const noexcept {
    return at_offset(known::argument_at(i), offset_of(i));
  }
  template <class T>
  FUSEGRAD_INLINE constexpr void place_all(kernel::call<T>& c, const pass_memory<T>& m) const noexcept {
    place_all(c, m, std::make_index_sequence<known::s.argument_count>{},
              std::make_index_sequence<known::s.result_count>{});
  }

private:
  template <std::size_t I> static constexpr const argument& form = known::template known<I>;

  FUSEGRAD_INLINE constexpr std::uint32_t offset_of(std::size_t i) const noexcept {
    return unforeseen(Holder::value.arguments.data())[at.arguments_begin + i].offset;
  }
  template <class T, std::size_t... I, std::size_t... K>
  FUSEGRAD_INLINE constexpr void place_all(kernel::call<T>& c, const pass_memory<T>& m, std::index_sequence<I...>,
                                           std::index_sequence<K...>) const noexcept {
    ((c.arguments[I] = place_in<form<I>.where>(form<I>, offset_of(I), m)), ...);
    constexpr std::size_t first = known::s.argument_count;
    ((c.results[K] = place_in<form<first + K>.where>(form<first + K>, offset_of(first + K), m)), ...);
  }
};

/// The first step that differs from step number `Step` in nothing but where its numbers lie.
template <class Holder, std::size_t Step>
inline constexpr std::size_t first_equal = [] {
  constexpr auto& program = Holder::value;
  const auto form_of_argument = [](std::size_t s, std::size_t i) {
    return program.arguments[program.steps[s].arguments_begin + i].form;
  };
  const step_form& form = program.form_of(Step);
  for (std::size_t s = 0; s < Step; ++s) {
    bool is_equal = program.steps[s].form == program.steps[Step].form;
    for (std::size_t i = 0; is_equal && i < form.argument_count + std::size_t{form.result_count}; ++i)
      is_equal = form_of_argument(s, i) == form_of_argument(Step, i);
    if (is_equal) return s;
  }
  return Step;
}();

/// Fills in a call from what the compiler knows. A single sample needs no transposed weights.
template <class Holder, std::size_t Step, std::size_t Capacity, std::size_t Rows, class Of, class T>
FUSEGRAD_INLINE constexpr void fill_in_directly(kernel::call<T>& c, const Of& of, pass_memory<T> m,
                                                const task& t) noexcept {
  constexpr step_form s = Holder::value.form_of(Step);
  m.capacity = Capacity;
  fill_in<s.what>(c, of, m, Rows == 1 ? task{1} : t);
  if constexpr (Rows == 1 && s.transposed)
    c.right = m.parameters + Holder::value.parameters[static_cast<std::size_t>(of.place().parameter)].offset;
}

/// One step whose kernel is compiled for these sizes; of rows 0: as many as the task has.
template <class Holder, std::size_t Step, std::size_t Capacity, kernel::fixed_shape Fixed, class Of, class T>
FUSEGRAD_INLINE constexpr void run_known(const Of& of, const pass_memory<T>& m, const task& t) noexcept {
  kernel::call<T> c;
  fill_in_directly<Holder, Step, Capacity, Fixed.rows>(c, of, m, t);
  binding<Holder::value.form_of(Step).what>::template run<Holder, Step, Fixed>(c);
}
/// The same where the result is used at once.
template <class Holder, std::size_t Step, class Update, std::size_t Capacity, kernel::fixed_shape Fixed, class Of,
          class T>
FUSEGRAD_INLINE constexpr void update_known(const Of& of, const pass_memory<T>& m, const task& t,
                                            const Update& update) noexcept {
  kernel::call<T> c;
  fill_in_directly<Holder, Step, Capacity, Fixed.rows>(c, of, m, t);
  update.point_to(c, of.place().parameter_offset);
  binding<Holder::value.form_of(Step).what>::template update<Update, Holder, Step, Fixed>(c);
}

/// Keeps the call of a function that writes. GCC 12 took some for functions without an effect, and left out their
/// calls: where it counts through rows of two widths with one number, it loses sight of where the results go.
constexpr void writes_to_memory() noexcept {
  if (!__builtin_is_constant_evaluated()) asm volatile("" ::: "memory");
}

// Equal steps share a function. It fills in the call itself: a call that it was given would lie in memory, where each
// number that a kernel stores might change it.

template <class Holder, std::size_t Step, std::size_t Capacity, kernel::fixed_shape Fixed, class T>
[[gnu::noinline]] constexpr void run_as_function(const step_place& at, const pass_memory<T>& m,
                                                 const task& t) noexcept {
  writes_to_memory();
  kernel::call<T> c;
  fill_in_directly<Holder, Step, Capacity, Fixed.rows>(c, step_elsewhere<Holder, Step>{at}, m, t);
  binding<Holder::value.form_of(Step).what>::template run<Holder, Step, Fixed>(c);
}
/// The same of a sum whose result is used at once, or kept where there is no update.
template <class Holder, std::size_t Step, class Update, std::size_t Capacity, kernel::fixed_shape Fixed, class T>
[[gnu::noinline]] constexpr void sum_as_function(const step_place& at, const pass_memory<T>& m, const task& t,
                                                 const Update* update) noexcept {
  writes_to_memory();
  const step_elsewhere<Holder, Step> of{at};
  using bound = binding<Holder::value.form_of(Step).what>;
  if constexpr (bound::keeps_as_well) {
    kernel::call<T> c;
    fill_in_directly<Holder, Step, Capacity, Fixed.rows>(c, of, m, t);
    point_to_update(c, at.parameter_offset, update);
    bound::template update_or_keep<Update, Holder, Step, Fixed>(c);
  } else if (update != nullptr) {
    update_known<Holder, Step, Update, Capacity, Fixed>(of, m, t, *update);
  } else {
    run_known<Holder, Step, Capacity, Fixed>(of, m, t);
  }
}

/// One step: in place, or by the function of all equal ones.
template <class Holder, std::size_t Step, std::size_t Capacity, kernel::fixed_shape Fixed, class T>
FUSEGRAD_INLINE constexpr void run_one(const pass_memory<T>& m, const task& t) noexcept {
  if constexpr (Fixed.rows == 1 && is_one_function<T>(Holder::value))
    run_known<Holder, Step, Capacity, Fixed>(known_step<Holder, Step>{}, m, t);
  else
    run_as_function<Holder, first_equal<Holder, Step>, Capacity, Fixed>(Holder::value.steps[Step], m, t);
}
/// The same of a sum over samples; with an `update` its result is used at once.
template <class Holder, std::size_t Step, std::size_t Capacity, kernel::fixed_shape Fixed, class Update, class T>
FUSEGRAD_INLINE constexpr void sum_one(const pass_memory<T>& m, const task& t, const Update* update) noexcept {
  if constexpr (!can_be_used_at_once<Holder, Step, Update>)
    run_one<Holder, Step, Capacity, Fixed>(m, t);
  else if constexpr (Fixed.rows != 1 || !is_one_function<T>(Holder::value))
    sum_as_function<Holder, first_equal<Holder, Step>, Update, Capacity, Fixed>(Holder::value.steps[Step], m, t,
                                                                                update);
  else if (update != nullptr)
    update_known<Holder, Step, Update, Capacity, Fixed>(known_step<Holder, Step>{}, m, t, *update);
  else
    run_one<Holder, Step, Capacity, Fixed>(m, t);
}

/// The sizes of a step for a single sample; and for many, where it gains by them: larger kernels would gain little, and
/// layers of equal cut share them without.
template <class Holder, std::size_t Step, std::size_t Rows>
inline constexpr kernel::fixed_shape known_sizes = [] {
  const step_form& s = Holder::value.form_of(Step);
  return Rows == 1 || s.depth <= 16 ? kernel::fixed_shape{Rows, s.depth, s.columns} : kernel::fixed_shape{};
}();

} // namespace detail

// Each level of functions that are inlined costs the compiler all that is in it once more: these take the numbers of
// the steps from who calls them.

/// Runs the steps that make rows, or the loss from step number `First` on, for a single sample: all sizes are known.
template <class Holder, std::size_t Capacity, std::size_t First = 0, class T, std::size_t... Index>
FUSEGRAD_INLINE constexpr void run_single(const pass_memory<T>& m, std::index_sequence<Index...>) noexcept {
  (detail::run_one<Holder, First + Index, Capacity, detail::known_sizes<Holder, First + Index, 1>>(m, task{1}), ...);
}

/// The sums over a single sample behind the loss; with an `update` complete gradients of weights are used at once.
template <class Holder, std::size_t Capacity, class Update, class T, std::size_t... Index>
FUSEGRAD_INLINE constexpr void run_single_sums(const pass_memory<T>& m, const Update* update,
                                               std::index_sequence<Index...>) noexcept {
  constexpr std::size_t first = Holder::value.first_gradient_step();
  (detail::sum_one<Holder, first + Index, Capacity, detail::known_sizes<Holder, first + Index, 1>>(m, task{1}, update),
   ...);
}

/// The numbers of a program's steps that make rows, that are the loss, and that are sums behind it.
template <class Holder> using row_numbers = std::make_index_sequence<Holder::value.row_steps>;
template <class Holder> using loss_numbers = std::make_index_sequence<Holder::value.loss_steps>;
template <class Holder>
using sum_numbers = std::make_index_sequence<Holder::value.step_count - Holder::value.first_gradient_step()>;

/// Runs the steps that make rows, for some samples.
template <class Holder, std::size_t Capacity, class T>
constexpr void run_direct(const pass_memory<T>& m, std::size_t rows) noexcept {
  [&]<std::size_t... Step>(std::index_sequence<Step...>) {
    (detail::run_one<Holder, Step, Capacity, detail::known_sizes<Holder, Step, 0>>(m, task{rows}), ...);
  }(std::make_index_sequence<Holder::value.row_steps>{});
}

/// Adds the loss of `rows` samples, as `run_loss` does it.
template <class Holder, std::size_t Capacity, class T>
constexpr void run_direct_loss(const pass_memory<T>& m, std::size_t rows, const member& who) noexcept {
  if (who.rank + 1 != who.size) return;
  [&]<std::size_t... Index>(std::index_sequence<Index...>) {
    (detail::run_one<Holder, Holder::value.row_steps + Index, Capacity,
                     detail::known_sizes<Holder, Holder::value.row_steps + Index, 0>>(m, task{rows}),
     ...);
  }(std::make_index_sequence<Holder::value.loss_steps>{});
}

/// A thread's share of the sums, as `run_sums` does it.
template <class Holder, std::size_t Capacity, class Update, class T>
constexpr void run_direct_sums(const pass_memory<T>& m, std::size_t rows, bool accumulate, const member& who,
                               const Update* update) noexcept {
  constexpr auto& program = Holder::value;
  sharing_of_sums sharing(who, work_of_sums<Holder, T>);
  [&]<std::size_t... Index>(std::index_sequence<Index...>) {
    const auto one = [&](auto number, const share_of_sum& share) {
      if (share.first < share.last)
        detail::sum_one<Holder, number, Capacity, kernel::fixed_shape{}>(
            m, task{rows, accumulate, share.first, share.last}, update);
    };
    (one(std::integral_constant<std::size_t, Holder::value.first_gradient_step() + Index>{},
         sharing.next(costs_of_sums<Holder, T>[Index])),
     ...);
  }(std::make_index_sequence<program.step_count - Holder::value.first_gradient_step()>{});
}

} // namespace fusegrad::execution::inline FUSEGRAD_ABI
