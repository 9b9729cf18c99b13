// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/expr/errors.hpp>
#include <fusegrad/expr/traced.hpp>

#include <cstddef>
#include <fusegrad/expr/differentiate.hpp>
#include <fusegrad/expr/function.hpp>

namespace fusegrad {

namespace expr::inline FUSEGRAD_ABI {

namespace detail {

/// A recorder in which the recorded function `inner` has been inlined, ready to be differentiated.
struct differentiation {
  recorder r;
  growing<int> arguments; ///< the inner function's positional arguments
  growing<int> results;

  constexpr differentiation(const recording& inner, int positional) : r{positional} {
    growing<int> all;
    for (int i = 0; i < inner.positional; ++i) arguments.push_back(r.build.argument(i));
    for (int i : arguments) all.push_back(i);
    for (const named_leaf& leaf : inner.leaves) all.push_back(r.leaf(leaf.name, leaf.kind, leaf.initial));
    results = inline_into(r.build, inner.body, all);
  }

  constexpr recording finish(const recording& inner, growing<int> found) {
    for (int& i : found) i = or_zero(r, i);
    recording out;
    out.positional = r.positional;
    out.leaves = r.leaves;
    // A derivative is readable in terms of the first function's value, whatever the order.
    out.primal = inner.primal >= 0 ? primal_of(inner) : results.size() == 1 ? results[0] : -1;
    if (out.primal >= 0 && operand_count(r.build.at(out.primal).op) == 0) out.primal = -1;
    out.body = compact(r.build, found, r.positional + static_cast<int>(r.leaves.size()), &out.primal);
    return out;
  }

private:
  constexpr int primal_of(const recording& inner) {
    growing<int> all = arguments;
    for (const named_leaf& leaf : inner.leaves) all.push_back(r.leaf(leaf.name, leaf.kind, leaf.initial));
    expression primal = inner.body;
    primal.results.clear();
    primal.results.push_back(static_cast<std::uint16_t>(inner.primal));
    return inline_into(r.build, primal, all)[0];
  }
};

constexpr growing<int> unit_seeds(recorder& r, std::size_t count, std::size_t which) {
  growing<int> seeds;
  for (std::size_t i = 0; i < count; ++i) seeds.push_back(i == which ? r.build.constant(1) : no_node);
  return seeds;
}

} // namespace detail

namespace detail {

/// How many arguments a function of `Arity` numbers has: fewer where some are arrays.
template <class Recipe, std::size_t Arity> constexpr std::size_t argument_count() {
  if constexpr (requires { Recipe::argument_count; })
    return Recipe::argument_count;
  else if constexpr (requires { typename Recipe::arguments_of; })
    return argument_count<typename Recipe::arguments_of, Arity>();
  else
    return Arity;
}

/// Where the numbers of an argument stand among the numbers of all.
struct places {
  std::size_t first, count;
};
template <class Recipe, std::size_t I> constexpr places places_of_argument() {
  if constexpr (requires { Recipe::argument_count; })
    return {Recipe::first_place[I], Recipe::first_place[I + 1] - Recipe::first_place[I]};
  else if constexpr (requires { typename Recipe::arguments_of; })
    return places_of_argument<typename Recipe::arguments_of, I>();
  else
    return {I, 1};
}

/// The places of the arguments `Wanted`; of all arguments where none is named.
template <class Recipe, std::size_t Arity, std::size_t... Wanted> constexpr growing<int> wanted_places() {
  growing<int> found;
  const auto add = [&](places of) {
    for (std::size_t i = 0; i < of.count; ++i) found.push_back(static_cast<int>(of.first + i));
  };
  if constexpr (sizeof...(Wanted) == 0)
    add({0, Arity});
  else
    (add(places_of_argument<Recipe, Wanted>()), ...);
  return found;
}

/// Whether a recipe has all these arguments: no_fault, or the fault.
template <class Recipe, std::size_t Arity, std::size_t... I> constexpr auto fault_of_arguments() {
  constexpr std::size_t count = argument_count<Recipe, Arity>();
  if constexpr (((I >= count) || ...)) {
    constexpr std::size_t last = [] {
      std::size_t found = 0;
      ((found = I > found ? I : found), ...);
      return found;
    }();
    return diagnostics::fault<no_such_argument<diagnostics::got<last>, diagnostics::needs<count>>>{};
  } else {
    return diagnostics::no_fault{};
  }
}

/// What is wrong with a function or else with the arguments by which it is differentiated.
template <class Inner, std::size_t Arity, std::size_t... Wanted> constexpr auto fault_of_derivative() {
  using of_function = fault_of_call<Inner, Arity>;
  if constexpr (diagnostics::is_fault<of_function>)
    return of_function{};
  else
    return fault_of_arguments<Inner, Arity, Wanted...>();
}

} // namespace detail

template <class Inner, std::size_t I> struct derivative_recipe {
  static constexpr auto arity = Inner::arity;
  using arguments_of = Inner;
  using function = detail::function_in<Inner>;
  template <std::size_t Arity> static constexpr auto fault_of() {
    return detail::fault_of_derivative<Inner, Arity, I>();
  }
  template <std::size_t Arity> static consteval recording record() {
    const recording inner = recording_of<Inner, Arity>();
    constexpr std::size_t place = detail::places_of_argument<Inner, I>().first;
    detail::differentiation d(inner, inner.positional);
    return d.finish(inner, tangents(d.r, d.arguments, detail::unit_seeds(d.r, Arity, place), d.results));
  }
};

template <class Inner, std::size_t... Wanted> struct gradient_recipe {
  using arguments_of = Inner;
  static constexpr auto arity = Inner::arity;
  using function = detail::function_in<Inner>;
  template <std::size_t Arity> static constexpr auto fault_of() {
    using found = decltype(detail::fault_of_derivative<Inner, Arity, Wanted...>());
    if constexpr (diagnostics::is_fault<found>) {
      return found{};
    } else {
      constexpr std::size_t count = recorded<Inner, Arity>.body.result_count;
      if constexpr (count != 1)
        return diagnostics::fault<gradient_needs_one_result<diagnostics::got<count>>>{};
      else
        return diagnostics::no_fault{};
    }
  }
  template <std::size_t Arity> static consteval recording record() {
    const recording inner = recording_of<Inner, Arity>();
    detail::differentiation d(inner, inner.positional);
    growing<int> wanted;
    for (int place : detail::wanted_places<Inner, Arity, Wanted...>())
      wanted.push_back(d.arguments[static_cast<std::size_t>(place)]);
    return d.finish(inner, adjoints(d.r, d.results, detail::unit_seeds(d.r, d.results.size(), 0), wanted));
  }
};

/// For each result a row, with one column for each argument that is wanted.
template <class Inner, std::size_t... Wanted> struct jacobian_recipe {
  using arguments_of = Inner;
  static constexpr auto arity = Inner::arity;
  using function = detail::function_in<Inner>;
  template <std::size_t Arity> static constexpr auto fault_of() {
    return detail::fault_of_derivative<Inner, Arity, Wanted...>();
  }
  template <std::size_t Arity> static consteval recording record() {
    const recording inner = recording_of<Inner, Arity>();
    detail::differentiation d(inner, inner.positional);
    const growing<int> places = detail::wanted_places<Inner, Arity, Wanted...>();
    growing<int> entries;
    entries.resize(d.results.size() * places.size());
    for (std::size_t i = 0; i < places.size(); ++i) {
      const auto seeds = detail::unit_seeds(d.r, Arity, static_cast<std::size_t>(places[i]));
      const growing<int> column = tangents(d.r, d.arguments, seeds, d.results);
      for (std::size_t k = 0; k < column.size(); ++k) entries[k * places.size() + i] = column[k];
    }
    return d.finish(inner, entries);
  }
};

template <class Inner> struct jvp_recipe {
  static constexpr std::size_t arity = 2 * Inner::arity;
  template <std::size_t Arity> static constexpr auto fault_of() {
    if constexpr (Arity % 2 != 0)
      return wrong_arity<Arity, arity>{};
    else
      return Inner::template fault_of<Arity / 2>();
  }
  template <std::size_t Arity> static consteval recording record() {
    const recording inner = recording_of<Inner, Arity / 2>();
    detail::differentiation d(inner, 2 * inner.positional);
    growing<int> directions;
    for (int i = 0; i < inner.positional; ++i) directions.push_back(d.r.build.argument(inner.positional + i));
    return d.finish(inner, tangents(d.r, d.arguments, directions, d.results));
  }
};

template <class Inner> struct vjp_recipe {
  static constexpr std::size_t result_count = traced_function<Inner>::result_count;
  static constexpr std::size_t arity = Inner::arity + result_count;
  template <std::size_t Arity> static constexpr auto fault_of() {
    if constexpr (Arity <= result_count)
      return wrong_arity<Arity, arity>{};
    else
      return Inner::template fault_of<Arity - result_count>();
  }
  template <std::size_t Arity> static consteval recording record() {
    const recording inner = recording_of<Inner, Arity - result_count>();
    detail::differentiation d(inner, inner.positional + static_cast<int>(result_count));
    growing<int> weights;
    for (std::size_t i = 0; i < result_count; ++i)
      weights.push_back(d.r.build.argument(inner.positional + static_cast<int>(i)));
    return d.finish(inner, adjoints(d.r, d.results, weights, d.arguments));
  }
};

/// A traced function whose results are the rows of a matrix with one column for each of `Wanted` arguments (0: all).
template <class Recipe, std::size_t Wanted = 0> struct matrix_function : traced_function<Recipe> {
  template <number... T>
    requires(sizeof...(T) > 0)
  constexpr auto operator()(T... x) const {
    const auto wrapped = values_of(traced_function<Recipe>::operator()(x...));
    constexpr std::size_t columns = Wanted > 0 ? Wanted : sizeof...(T), rows = decltype(wrapped)::size() / columns;
    using real = std::remove_cvref_t<decltype(wrapped[0])>;
    value_list<value_list<real, columns>, rows> out{};
    for (std::size_t i = 0; i < rows; ++i)
      for (std::size_t j = 0; j < columns; ++j) out.items[i].items[j] = wrapped[i * columns + j];
    return out;
  }
  template <class... A>
    requires(detail::is_array<A> || ...)
  constexpr auto operator()(const A&... a) const {
    return traced_function<Recipe>::operator()(a...);
  }

private:
  template <number T> static constexpr auto values_of(T x) { return value_list<T, 1>{{x}}; }
  template <class T, std::size_t N> static constexpr auto values_of(const value_list<T, N>& list) { return list; }
};

} // namespace expr::inline FUSEGRAD_ABI

/// The derivative of `f` with respect to its argument number `Argument`, of each result; an empty function object like
/// any other, so it can be differentiated again.
template <std::size_t Argument = 0, class F> constexpr auto derivative(const F&) {
  return expr::traced_function<expr::derivative_recipe<expr::recipe_of<F>, Argument>>{};
}

/// All partial derivatives of a function with one result, in the order of its arguments (reverse mode); by the
/// arguments number `Wanted` alone where some are named.
template <std::size_t... Wanted, class F> constexpr auto gradient(const F&) {
  return expr::traced_function<expr::gradient_recipe<expr::recipe_of<F>, Wanted...>>{};
}

/// The matrix of partial derivatives, `[result][argument]`; the columns of the arguments number `Wanted` alone where
/// some are named.
template <std::size_t... Wanted, class F> constexpr auto jacobian(const F&) {
  return expr::matrix_function<expr::jacobian_recipe<expr::recipe_of<F>, Wanted...>, sizeof...(Wanted)>{};
}

/// The matrix of second partial derivatives of a function with one result, `[argument][argument]` (forward over
/// reverse), of all arguments or of those number `Wanted`.
template <std::size_t... Wanted, class F> constexpr auto hessian(const F&) {
  using gradient = expr::gradient_recipe<expr::recipe_of<F>, Wanted...>;
  return expr::matrix_function<expr::jacobian_recipe<gradient, Wanted...>, sizeof...(Wanted)>{};
}

/// Jacobian times vector: called with the arguments, then a direction for each of them; gives the slope of each result.
template <class F> constexpr auto jvp(const F&) {
  return expr::traced_function<expr::jvp_recipe<expr::recipe_of<F>>>{};
}

/// Vector times Jacobian: called with the arguments, then a weight for each result; gives one number for each argument.
template <class F> constexpr auto vjp(const F&) {
  return expr::traced_function<expr::vjp_recipe<expr::recipe_of<F>>>{};
}

/// Any generic function as a traced function, to print it or to pass it on.
template <class F> constexpr auto function(const F&) { return expr::traced_function<expr::recipe_of<F>>{}; }

} // namespace fusegrad
