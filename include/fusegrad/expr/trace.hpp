// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstddef>
#include <fusegrad/base/diagnostics.hpp>
#include <fusegrad/expr/expression.hpp>
#include <fusegrad/expr/recorder.hpp>
#include <fusegrad/expr/values.hpp>
#include <type_traits>
#include <utility>

namespace fusegrad::expr {

template <class Got, class Needs> struct wrong_number_of_arguments {
  static_assert(fits<Got, Needs>, "fusegrad: the function is called with the wrong number of arguments.");
};
template <class Function> struct not_an_empty_function {
  static_assert(fits<Function>, "fusegrad: a traced function must be a lambda without captures or an empty function object: numbers "
                                "that change at run time are arguments, parameter<\"name\">(...) or setting<\"name\">(...).");
};
template <class Result> struct result_is_no_traced_value {
  static_assert(fits<Result>, "fusegrad: a traced function must return a traced value, values(...) or updated(...).");
};

/// A function after tracing: its expression, whose arguments are the positional ones, then the named leaves.
struct recording {
  expression body;
  int positional = 0;
  growing<named_leaf> leaves;
  growing<stored_state> stored; ///< for an update rule: which result is which state; result 0 is the weight
  int primal = -1;              ///< for a derivative: the node that is the value of the function differentiated, if it is in use
};

namespace detail {

template <std::size_t> using any_traced = traced;

template <class F, std::size_t... I> constexpr bool takes(std::index_sequence<I...>) {
  return std::invocable<const F&, any_traced<I>...>;
}
template <class F, std::size_t Count = 0> constexpr std::size_t arity_of() {
  if constexpr (takes<F>(std::make_index_sequence<Count>{})) return Count;
  else if constexpr (Count < 16) return arity_of<F, Count + 1>();
  else return static_cast<std::size_t>(-1);
}

constexpr void note_results(recorder&, recording&, growing<int>& results, traced result) { results.push_back(result.index); }
template <number T> constexpr void note_results(recorder& r, recording&, growing<int>& results, T result) {
  results.push_back(resolve(r, result).index);
}
template <class Record> constexpr void note_results(recorder& r, recording&, growing<int>& results, const deferred<Record>& result) {
  results.push_back(result.record(r).index);
}
template <std::size_t Count>
constexpr void note_results(recorder&, recording&, growing<int>& results, const traced_values<Count>& list) {
  for (traced item : list.items) results.push_back(item.index);
}
template <std::size_t States>
constexpr void note_results(recorder& r, recording& out, growing<int>& results, const updated_weight<States>& update) {
  results.push_back(update.weight.index);
  for (std::size_t i = 0; i < States; ++i) {
    results.push_back(update.states[i].value.index);
    r.leaf(update.states[i].name, leaf_kind::state, 0);
    out.stored.push_back({update.states[i].name, static_cast<int>(i) + 1});
  }
}

template <class T>
concept traceable_result = requires(recorder& r, recording& out, growing<int>& results, const T& result) { note_results(r, out, results, result); };

} // namespace detail

/// The number of arguments of a generic function: the least that it can be called with.
template <class F> inline constexpr std::size_t arity = detail::arity_of<F>();

/// Calls the empty function object F with `Arity` traced values and records what it does.
template <class F, std::size_t Arity> constexpr recording trace() {
  if constexpr (!std::is_empty_v<F> || !std::is_default_constructible_v<F>) {
    static_cast<void>(sizeof(not_an_empty_function<F>));
    return {};
  } else if constexpr (!detail::takes<F>(std::make_index_sequence<Arity>{})) {
    static_cast<void>(sizeof(wrong_number_of_arguments<diagnostics::got<Arity>, diagnostics::needs<arity<F>>>));
    return {};
  } else {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      recorder r(static_cast<int>(Arity));
      const auto result = F{}(traced{&r, static_cast<int>(I)}...);
      recording out;
      growing<int> results;
      if constexpr (detail::traceable_result<decltype(result)>) detail::note_results(r, out, results, result);
      else static_cast<void>(sizeof(result_is_no_traced_value<decltype(result)>));
      out.positional = r.positional;
      out.leaves = r.leaves;
      out.body = compact(r.build, results, r.positional + static_cast<int>(r.leaves.size()));
      return out;
    }(std::make_index_sequence<Arity>{});
  }
}

} // namespace fusegrad::expr
