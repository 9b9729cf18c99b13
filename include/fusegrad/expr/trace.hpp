// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <fusegrad/expr/errors.hpp>
#include <fusegrad/expr/expression.hpp>
#include <fusegrad/expr/recorder.hpp>
#include <fusegrad/expr/values.hpp>
#include <type_traits>
#include <utility>

namespace fusegrad::expr::inline FUSEGRAD_ABI {

/// A function after tracing: its expression, whose arguments are the positional ones, then the named leaves.
struct recording {
  expression body;
  int positional = 0;
  growing<named_leaf> leaves;
  growing<stored_state> stored; ///< for an update rule: which result is which state; result 0 is the weight
  int primal = -1; ///< for a derivative: the node that is the value of the function differentiated, if it is in use
  bool has_wrong_derivative = false; ///< of an equation: see recorder
};

namespace detail {

template <std::size_t> using any_traced = traced;

template <class F, class Indices> struct traced_call;
template <class F, std::size_t... I> struct traced_call<F, std::index_sequence<I...>> {
  using result = std::invoke_result_t<const F&, any_traced<I>...>;
};
template <class F, class Indices> using traced_result = typename traced_call<F, Indices>::result;

// Not std::invocable: it puts ten lines of the standard library before the words of an error in F.
template <class F, std::size_t... I> constexpr bool takes(std::index_sequence<I...>) {
  return requires(F& f, any_traced<I>... x) { f(x...); };
}
template <std::size_t Count> inline constexpr std::make_index_sequence<Count> arguments{};

/// What stands for the number of arguments of a function that can be called with no number of them.
inline constexpr auto no_arity = static_cast<std::size_t>(-1);
/// So many arguments are tried: more of them come as an array.
inline constexpr std::size_t most_arguments = 60;

// Written out, because a compiler reports each step of a recursion.
template <class F, std::size_t From = 1> constexpr std::size_t arity_of() {
  if constexpr (takes<F>(arguments<From>))
    return From;
  else if constexpr (takes<F>(arguments<From + 1>))
    return From + 1;
  else if constexpr (takes<F>(arguments<From + 2>))
    return From + 2;
  else if constexpr (takes<F>(arguments<From + 3>))
    return From + 3;
  else if constexpr (takes<F>(arguments<From + 4>))
    return From + 4;
  else if constexpr (From + 5 < most_arguments)
    return arity_of<F, From + 5>();
  else
    return no_arity;
}

constexpr void note_results(recorder&, recording&, growing<int>& results, traced result) {
  results.push_back(result.index);
}
template <number T> constexpr void note_results(recorder& r, recording&, growing<int>& results, T result) {
  results.push_back(resolve(r, result).index);
}
template <class Record>
constexpr void note_results(recorder& r, recording&, growing<int>& results, const deferred<Record>& result) {
  results.push_back(result.record(r).index);
}
template <std::size_t Count>
constexpr void note_results(recorder&, recording&, growing<int>& results, const traced_values<Count>& list) {
  for (traced item : list.items) results.push_back(item.index);
}
template <class Item, std::size_t Count>
constexpr void note_results(recorder& r, recording& out, growing<int>& results, const std::array<Item, Count>& list) {
  for (const Item& item : list) note_results(r, out, results, item);
}
template <class Weight, class... States>
constexpr void note_results(recorder& r, recording& out, growing<int>& results,
                            const updated_weight<Weight, States...>& update) {
  results.push_back(resolve(r, update.weight).index);
  const auto note_value = [&](const auto& state) {
    out.stored.push_back({state.name, static_cast<int>(results.size())});
    results.push_back(resolve(r, state.value).index);
  };
  std::apply([&](const auto&... state) { (note_value(state), ...); }, update.states);
  // Behind all values, which may say where a state starts that nothing else reads.
  for (const stored_state& state : out.stored) r.add_state(state.name);
}

/// Whether each name that a function mentions has one initial value, behind all that it puts off.
template <class Result> constexpr bool starts_each_name_once(recorder& r, const Result& result) {
  recording forgotten;
  growing<int> results;
  note_results(r, forgotten, results, result);
  return !r.starts_differ;
}
/// Calls F once with traced values and forgets what it did but for that.
template <class F, std::size_t... I> constexpr bool try_out(std::index_sequence<I...>) {
  recorder r(static_cast<int>(sizeof...(I)));
  return starts_each_name_once(r, F{}(traced{&r, static_cast<int>(I)}...));
}

template <class T>
concept traceable_result = requires(recorder& r, recording& out, growing<int>& results, const T& result) {
  note_results(r, out, results, result);
};

} // namespace detail

/// The number of arguments of a generic function: the least that it can be called with.
template <class F> inline constexpr std::size_t arity = detail::arity_of<F>();

template <std::size_t Got, std::size_t Needs>
using wrong_arity = diagnostics::fault<wrong_number_of_arguments<diagnostics::got<Got>, diagnostics::needs<Needs>>>;

/// What keeps a function from being traced, or no_fault. It runs the function once more than tracing it needs: in the
/// midst of the tracing g++ would print a page of context before the first word.
template <class F, std::size_t Arity> constexpr auto fault_of_function() {
  using indices = std::make_index_sequence<Arity>;
  if constexpr (!std::is_empty_v<F> || !std::is_default_constructible_v<F>) {
    return diagnostics::fault<not_an_empty_function<F>>{};
  } else if constexpr (Arity == detail::no_arity) {
    return diagnostics::fault<takes_no_number_of_arguments<F>>{};
  } else if constexpr (!detail::takes<F>(detail::arguments<Arity>)) {
    if constexpr (arity<F> == detail::no_arity)
      return diagnostics::fault<takes_no_number_of_arguments<F>>{};
    else
      return wrong_arity<Arity, arity<F>>{};
  } else if constexpr (!detail::takes<const F>(detail::arguments<Arity>)) {
    return diagnostics::fault<changes_itself<F>>{};
  } else if constexpr (!detail::traceable_result<detail::traced_result<F, indices>>) {
    return diagnostics::fault<result_is_no_traced_value<detail::traced_result<F, indices>>>{};
  } else {
    constexpr bool sound = detail::try_out<F>(indices{});
    if constexpr (sound)
      return diagnostics::no_fault{};
    else
      return diagnostics::fault<named_number_starts_at_two_numbers<F>>{};
  }
}
/// What is wrong with a call of a recipe with so many numbers, or no_fault.
template <class Recipe, std::size_t Arity> using fault_of_call = decltype(Recipe::template fault_of<Arity>());

namespace detail {
template <class Recipe> struct function_behind {
  using type = Recipe; // cannot be called: what it makes of its arguments is not known here
};
template <class Recipe>
  requires requires { typename Recipe::function; }
struct function_behind<Recipe> {
  using type = typename Recipe::function;
};
/// The user's function behind a recipe that calls it with its own arguments. What the user calls asks first, and in
/// its own body, whether it takes them: a mistake in it is then said with as little as can be before it.
template <class Recipe> using function_in = typename function_behind<Recipe>::type;
template <class> using traced_in_its_place = traced;
} // namespace detail

namespace detail {
/// What a recorder holds after a function gave back `result`.
template <class Result> constexpr recording finished(recorder& r, const Result& result) {
  recording out;
  growing<int> results;
  note_results(r, out, results, result);
  out.positional = r.positional;
  out.leaves = r.leaves;
  out.has_wrong_derivative = r.has_wrong_derivative;
  out.body = compact(r.build, results, r.positional + static_cast<int>(r.leaves.size()));
  return out;
}
} // namespace detail

/// Calls the empty function object F with `Arity` traced values and records what it does. In constant evaluation only:
/// there operands are evaluated from left to right, while at run time `exp(x) * sin(x)` may record its right side
/// first.
template <class F, std::size_t Arity> consteval recording trace() {
  if constexpr (Arity == detail::no_arity)
    return {}; // fault_of_function has said so
  else
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      recorder r(static_cast<int>(Arity));
      return detail::finished(r, F{}(traced{&r, static_cast<int>(I)}...));
    }(std::make_index_sequence<Arity>{});
}

} // namespace fusegrad::expr::inline FUSEGRAD_ABI
