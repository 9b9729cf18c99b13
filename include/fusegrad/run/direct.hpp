// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/run/machine.hpp>
#include <fusegrad/run/run.hpp>
#include <fusegrad/run/run_sums.hpp>
#include <type_traits>
#include <utility>

// Small networks without the table of steps: every step is a function of its own with all sizes and places known to the
// compiler, and for a single sample all steps are one function. What a step costs besides its arithmetic then falls
// from some thirty nanoseconds to none; for larger networks that would only be more code.
namespace fusegrad::execution::inline FUSEGRAD_ABI {

/// Whether a program is run directly.
template <class T, class Program> constexpr bool is_direct(const Program& program) noexcept {
  return program.all_run_directly && program.step_count <= machine::direct_steps &&
         program.parameter_size * sizeof(T) <= machine::direct_weight_bytes;
}

namespace detail {

/// Fills in a call from constants.
template <class Holder, std::size_t Step, std::size_t Capacity, class T>
[[gnu::always_inline]] constexpr void fill_in_directly(kernel::call<T>& c, pass_memory<T> m, const task& t) noexcept {
  m.capacity = Capacity;
  fill_in<Holder::value.step_at(Step).what>(c, known_step<Holder, Step>{}, m, t);
}

/// One step, in place. Rows 0: as many as the call has. A single sample needs no transposed weights.
template <class Holder, std::size_t Step, std::size_t Capacity, std::size_t Rows, class T>
[[gnu::always_inline]] constexpr void run_in_place(const pass_memory<T>& m, std::size_t rows,
                                                   bool accumulate) noexcept {
  constexpr step s = Holder::value.step_at(Step);
  kernel::call<T> c;
  fill_in_directly<Holder, Step, Capacity>(c, m, {rows, accumulate});
  if constexpr (Rows == 1 && s.transposed)
    c.right = m.parameters + Holder::value.parameters[static_cast<std::size_t>(s.parameter)].offset;
  // Larger kernels for many samples would gain little from known sizes, and layers of equal cut share them so.
  constexpr bool knows_sizes = Rows == 1 || s.depth <= 16;
  binding<s.what>::template run<Holder, Step,
                                knows_sizes ? kernel::fixed_shape{Rows, s.depth, s.columns} : kernel::fixed_shape{}>(c);
}

template <class Holder, std::size_t Step, class Update, std::size_t Capacity, class T>
[[gnu::always_inline]] constexpr void update_in_place(const pass_memory<T>& m, const Update& update) noexcept {
  constexpr step s = Holder::value.step_at(Step);
  kernel::call<T> c;
  fill_in_directly<Holder, Step, Capacity>(c, m, {1});
  update.point_to(c, s.parameter_offset);
  binding<s.what>::template update<Update, Holder, Step, kernel::fixed_shape{1, s.depth, s.columns}>(c);
}

/// Keeps the call of a function that writes. GCC 12 took some for functions without an effect, and left out their
/// calls: where it counts through rows of two widths with one number, it loses sight of where the results go.
constexpr void writes_to_memory() noexcept {
  if (!__builtin_is_constant_evaluated()) asm volatile("" ::: "memory");
}

template <class Holder, std::size_t Step, std::size_t Capacity, class T>
[[gnu::noinline]] constexpr void run_as_function(const pass_memory<T>& m, std::size_t rows) noexcept {
  writes_to_memory();
  run_in_place<Holder, Step, Capacity, 0>(m, rows, false);
}

/// A share of a sum over samples; with an `update` its result is used at once.
template <class Holder, std::size_t Step, class Update, std::size_t Capacity, class T>
[[gnu::noinline]] constexpr void sum_as_function(const pass_memory<T>& m, std::size_t rows, bool accumulate,
                                                 const share_of_sum& share, const Update* update) noexcept {
  constexpr step s = Holder::value.step_at(Step);
  writes_to_memory();
  kernel::call<T> c;
  fill_in_directly<Holder, Step, Capacity>(c, m, {rows, accumulate, share.first, share.last});
  if constexpr (can_be_used_at_once<Holder, Step, Update>) {
    if (update != nullptr) {
      update->point_to(c, s.parameter_offset);
      return binding<s.what>::template update<Update, Holder, Step, kernel::fixed_shape{}>(c);
    }
  }
  binding<s.what>::template run<Holder, Step, kernel::fixed_shape{}>(c);
}

} // namespace detail

// Each level of functions that are inlined costs the compiler all that is in it once more: these take the numbers of
// the steps from who calls them.

/// Runs the steps that make rows, or the loss from step number `First` on, for a single sample: all sizes are known.
template <class Holder, std::size_t Capacity, std::size_t First = 0, class T, std::size_t... Index>
[[gnu::always_inline]] constexpr void run_single(const pass_memory<T>& m, std::index_sequence<Index...>) noexcept {
  (detail::run_in_place<Holder, First + Index, Capacity, 1>(m, 1, false), ...);
}

namespace detail {
template <class Holder, std::size_t Step, std::size_t Capacity, class Update, class T>
[[gnu::always_inline]] constexpr void sum_in_place(const pass_memory<T>& m, const Update* update) noexcept {
  if constexpr (can_be_used_at_once<Holder, Step, Update>)
    if (update != nullptr) return update_in_place<Holder, Step, Update, Capacity>(m, *update);
  run_in_place<Holder, Step, Capacity, 1>(m, 1, false);
}
} // namespace detail

/// The sums over a single sample behind the loss; with an `update` complete gradients of weights are used at once.
template <class Holder, std::size_t Capacity, class Update, class T, std::size_t... Index>
[[gnu::always_inline]] constexpr void run_single_sums(const pass_memory<T>& m, const Update* update,
                                                      std::index_sequence<Index...>) noexcept {
  (detail::sum_in_place<Holder, Holder::value.first_gradient_step() + Index, Capacity>(m, update), ...);
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
    (detail::run_as_function<Holder, Step, Capacity>(m, rows), ...);
  }(std::make_index_sequence<Holder::value.row_steps>{});
}

/// Adds the loss of `rows` samples, as `run_loss` does it.
template <class Holder, std::size_t Capacity, class T>
constexpr void run_direct_loss(const pass_memory<T>& m, std::size_t rows, const member& who) noexcept {
  if (who.rank + 1 != who.size) return;
  [&]<std::size_t... Index>(std::index_sequence<Index...>) {
    (detail::run_as_function<Holder, Holder::value.row_steps + Index, Capacity>(m, rows), ...);
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
        detail::sum_as_function<Holder, number, Update, Capacity>(m, rows, accumulate, share, update);
    };
    (one(std::integral_constant<std::size_t, Holder::value.first_gradient_step() + Index>{},
         sharing.next(costs_of_sums<Holder, T>[Index])),
     ...);
  }(std::make_index_sequence<program.step_count - Holder::value.first_gradient_step()>{});
}

} // namespace fusegrad::execution::inline FUSEGRAD_ABI
