// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/function/errors.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <fusegrad/function/compose.hpp>
#include <fusegrad/function/recurrence.hpp>
#include <fusegrad/function/scratch.hpp>
#include <span>
#include <stdexcept>
#include <string>

namespace fusegrad {

namespace functions::inline FUSEGRAD_ABI {

namespace detail {
[[noreturn]] inline void refuse_states(const char* what, std::size_t got, std::size_t steps, std::size_t size) {
  throw std::invalid_argument(std::string("fusegrad: iterate: ") + what + " have " + std::to_string(got) +
                              " numbers; " + std::to_string(steps) + " steps of " + std::to_string(size) +
                              " are needed");
}
} // namespace detail

/// A step, and how often it is done.
template <class Step, class Inputs> struct iteration {
  Inputs inputs;
  bool has_checkpoints = false;

  /// The same with a state kept every so many steps only, about the square root of their number; between them states
  /// are computed again on the way back. The bits are the same.
  [[nodiscard]] constexpr iteration with_checkpoints() const noexcept { return {inputs, true}; }

  /// The last state.
  template <class State, class... Shared> constexpr auto operator()(const State& first, const Shared&... shared) const {
    if constexpr (is_sound<State, Shared...>()) {
      using passes = recurrence<Step, State, Inputs, Shared...>;
      using T = typename passes::T;
      T state[passes::size]{}, uniform[passes::forward::uniform + 1]{};
      begin<passes>(first, state, uniform, shared...);
      passes::template run_forward<false, false>(inputs, 0, inputs.length, uniform, state, state);
      return shape_of<State>::gradient_from(state);
    }
  }

  /// Writes the state behind each step, one behind the other, and gives back the last.
  /// @throws std::invalid_argument if `states` has another size.
  template <class States, class State, class... Shared>
  constexpr auto states(States&& states, const State& first, const Shared&... shared) const {
    if constexpr (is_sound<State, Shared...>()) {
      using passes = recurrence<Step, State, Inputs, Shared...>;
      using T = typename passes::T;
      const std::span<T> out(states);
      if (out.size() != inputs.length * passes::size)
        detail::refuse_states("the states", out.size(), inputs.length, passes::size);
      T state[passes::size]{}, uniform[passes::forward::uniform + 1]{};
      begin<passes>(first, state, uniform, shared...);
      passes::template run_forward<true, true>(inputs, 0, inputs.length, uniform, state, out.data());
      return shape_of<State>::gradient_from(state);
    }
  }

  /// `loss(last state, shared...)` with its derivatives by the first state and by each shared argument, as a tuple;
  /// those by columns that came `with_gradient` are written to their places.
  template <class Loss, class State, class... Shared>
  constexpr auto value_and_gradient(const Loss&, const State& first, const Shared&... shared) const {
    if constexpr (is_sound<State, Shared...>()) {
      using passes = recurrence<Step, State, Inputs, Shared...>;
      using T = typename passes::T;
      // The derivative by the last state is wanted even if that by the first is not.
      using outer = outer_call<Loss, true, 0, std::remove_cvref_t<decltype(detail::plain_argument(first))>, Shared...>;
      static_cast<void>(sizeof(typename decltype(outer::recipe::fault_of())::error));
      constexpr std::size_t results = record_of<typename outer::recipe>.body.result_count;
      if constexpr (results != 1) static_cast<void>(sizeof(loss_of_several_results<diagnostics::got<results>>));
      T state[passes::size]{}, uniform[passes::forward::uniform + 1]{};
      begin<passes>(first, state, uniform, shared...);
      const std::size_t n = inputs.length, segment = segment_of(n);
      const std::size_t segments = (n + segment - 1) / segment;
      const std::size_t kept = has_checkpoints ? segments + segment : n;
      const scratch<T> memory(kept * passes::size + 1);
      run_to_the_end<passes>(memory.data(), segment, uniform, state);

      T numbers[outer::numbers + 1]{}, found[1 + outer::gradient_count]{};
      for (std::size_t i = 0; i < passes::size; ++i) numbers[i] = state[i];
      T* to = numbers + passes::size;
      ((shape_of<Shared>::flatten(detail::plain_argument(shared), to), to += shape_of<Shared>::count), ...);
      for (std::size_t i = 0; i < record_of<typename outer::recipe>.leaf_count; ++i)
        to[i] = static_cast<T>(record_of<typename outer::recipe>.leaves[i].initial);
      expr::evaluate<outer::table>(numbers, found);
      T results_of[1 + outer::gradient_count]{};
      results_of[0] = found[0];
      backward<passes>(memory.data(), segment, static_cast<const T*>(nullptr), found + 1, results_of + 1, shared...);
      for (std::size_t i = passes::size; i < outer::gradient_count; ++i) results_of[1 + i] += found[1 + i];
      if constexpr (detail::is_constant_argument<State>) {
        for (std::size_t i = 0; i + passes::size < outer::gradient_count; ++i)
          results_of[1 + i] = results_of[1 + passes::size + i];
      }
      return gradient_tuple<T, State, Shared...>(results_of);
    }
  }

  /// The way back alone, for a function of all states: `states` are those that `states(...)` wrote, `slopes` the
  /// derivatives by each of them. Gives the derivatives by the first state and by each shared argument, as a tuple.
  /// @throws std::invalid_argument if `states` or `slopes` has another size.
  template <class States, class Slopes, class State, class... Shared>
  constexpr auto pull_back(const States& states, const Slopes& slopes, const State& first,
                           const Shared&... shared) const {
    if constexpr (is_sound<State, Shared...>()) {
      using passes = recurrence<Step, State, Inputs, Shared...>;
      using T = typename passes::T;
      const std::span<const T> known(states);
      const std::span<const T> seeds(slopes);
      if (known.size() != inputs.length * passes::size)
        detail::refuse_states("the states", known.size(), inputs.length, passes::size);
      if (seeds.size() != inputs.length * passes::size)
        detail::refuse_states("the derivatives by them", seeds.size(), inputs.length, passes::size);
      const std::size_t n = inputs.length;
      // The state before each step: the first one, then those behind the steps.
      const scratch<T> memory(passes::size * n + 1);
      T state[passes::size]{};
      shape_of<State>::flatten(detail::plain_argument(first), state);
      for (std::size_t i = 0; i < passes::size * n; ++i)
        memory.data()[i] = i < passes::size ? state[i] : known[i - passes::size];
      constexpr std::size_t count =
          passes::size + ((detail::is_constant_argument<Shared> ? 0 : shape_of<Shared>::count) + ... + 0);
      T adjoint[passes::size]{}, results[1 + count]{};
      iteration plain = *this;
      plain.has_checkpoints = false;
      plain.template backward<passes>(memory.data(), segment_of(n), seeds.data(), adjoint, results + 1, shared...);
      if constexpr (detail::is_constant_argument<State>)
        for (std::size_t i = 0; i + passes::size < count; ++i) results[1 + i] = results[1 + passes::size + i];
      return without_value(gradient_tuple<T, State, Shared...>(results));
    }
  }

private:
  template <class Tuple> static constexpr auto without_value(const Tuple& all) {
    return std::apply([](const auto&, const auto&... rest) { return std::tuple{rest...}; }, all);
  }

  template <class State, class... Shared> static constexpr bool is_sound() {
    if constexpr (std::is_void_v<shape_of<State>>) {
      static_cast<void>(sizeof(state_is_no_number<State>));
      return false;
    } else if constexpr (!math::real_scalar<typename detail::number_of_state<State>::type>) {
      static_cast<void>(sizeof(state_is_no_number<State>));
      return false;
    } else if constexpr (diagnostics::is_fault<detail::fault_of_shared<Shared...>>) {
      static_cast<void>(sizeof(typename detail::fault_of_shared<Shared...>::error));
      return false;
    } else {
      using recipe = typename detail::recipe_of_step<Step, State, Inputs, Shared...>::type;
      using found = decltype(recipe::fault_of());
      static_cast<void>(sizeof(typename found::error));
      if constexpr (!diagnostics::is_fault<found>) {
        constexpr std::size_t results = record_of<recipe>.body.result_count, needed = shape_of<State>::count;
        if constexpr (results != needed)
          static_cast<void>(sizeof(step_gives_another_state<diagnostics::got<results>, diagnostics::needs<needed>>));
        return results == needed;
      } else {
        return false;
      }
    }
  }

  template <class Passes, class State, class T, class... Shared>
  static constexpr void begin(const State& first, T* state, T* uniform, const Shared&... shared) noexcept {
    T numbers[Passes::numbers + 1]{};
    Passes::flatten(numbers, shared...);
    Passes::forward::begin(numbers, uniform);
    shape_of<State>::flatten(detail::plain_argument(first), state);
  }

  /// All steps. The memory holds all states, or the one before each segment.
  template <class Passes, class T>
  constexpr void run_to_the_end(T* memory, std::size_t segment, const T* uniform, T* state) const noexcept {
    const std::size_t n = inputs.length;
    if (!has_checkpoints) return Passes::template run_forward<true, false>(inputs, 0, n, uniform, state, memory);
    for (std::size_t first = 0; first < n; first += segment) {
      for (std::size_t i = 0; i < Passes::size; ++i) memory[first / segment * Passes::size + i] = state[i];
      Passes::template run_forward<false, false>(inputs, first, end_of(first, segment), uniform, state, state);
    }
  }
  [[nodiscard]] constexpr std::size_t end_of(std::size_t first, std::size_t segment) const noexcept {
    return first + segment < inputs.length ? first + segment : inputs.length;
  }

  /// All steps backwards, the last segment first.
  template <class Passes, class T, class... Shared>
  constexpr void backward(T* memory, std::size_t segment, const T* seeds, T* adjoint, T* results,
                          const Shared&... shared) const noexcept {
    using program = typename Passes::template lazily<T>::type;
    constexpr std::size_t size = Passes::size;
    T numbers[Passes::numbers + 1]{}, forward_uniform[Passes::forward::uniform + 1]{},
        sums_and_uniform[program::sums + program::uniform + 1]{};
    Passes::flatten(numbers, shared...);
    Passes::forward::begin(numbers, forward_uniform);
    program::begin(numbers, sums_and_uniform + program::sums);
    const std::size_t segments = (inputs.length + segment - 1) / segment;
    for (std::size_t number = segments; number-- > 0;) {
      const std::size_t first = number * segment, end = end_of(first, segment);
      T* kept = memory + first * size;
      if (has_checkpoints) {
        kept = memory + segments * size;
        T state[size]{};
        for (std::size_t i = 0; i < size; ++i) state[i] = memory[number * size + i];
        Passes::template run_forward<true, false>(inputs, first, end, forward_uniform, state, kept);
      }
      Passes::template run_backward<program>(inputs, first, end, sums_and_uniform + program::sums, kept,
                                             seeds == nullptr ? seeds : seeds + first * size, adjoint,
                                             sums_and_uniform);
    }
    for (std::size_t i = 0; i < size; ++i) results[i] = adjoint[i];
    program::end(sums_and_uniform, results + size);
  }
};

} // namespace functions::inline FUSEGRAD_ABI

/// A recurrence: `state = step(state, shared...)`, `steps` times. Called with the first state, a number or a
/// `std::array`, and the shared arguments it gives the last state. The step gives back the next state as a number, as
/// `values(...)` or as the array that it was given, changed.
template <class Step, class Steps> constexpr auto iterate(const Step&, const Steps& steps) {
  if constexpr (functions::is_row_set<Steps>) {
    return functions::iteration<Step, Steps>{steps};
  } else if constexpr (std::integral<Steps>) {
    if (std::cmp_less(steps, 0)) throw std::invalid_argument("fusegrad: iterate: a negative number of steps");
    return functions::iteration<Step, functions::counted_steps>{{static_cast<std::size_t>(steps)}};
  } else {
    static_cast<void>(sizeof(functions::steps_are_no_count<Steps>));
  }
}

} // namespace fusegrad
