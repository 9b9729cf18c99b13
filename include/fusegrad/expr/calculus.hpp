// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/expr/errors.hpp>

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

template <class Inner, std::size_t I> struct derivative_recipe {
  static constexpr std::size_t arity = Inner::arity;
  template <std::size_t Arity> static constexpr auto check() {
    if constexpr (I >= Arity)
      static_cast<void>(sizeof(no_such_argument<diagnostics::got<I>, diagnostics::needs<Arity>>));
    return Inner::template check<Arity>();
  }
  template <std::size_t Arity> static consteval recording record() {
    const recording inner = recording_of<Inner, Arity>();
    detail::differentiation d(inner, inner.positional);
    return d.finish(inner, tangents(d.r, d.arguments, detail::unit_seeds(d.r, Arity, I), d.results));
  }
};

template <class Inner> struct gradient_recipe {
  static constexpr std::size_t arity = Inner::arity;
  template <std::size_t Arity> static constexpr auto check() { return Inner::template check<Arity>(); }
  template <std::size_t Arity> static consteval recording record() {
    const recording inner = recording_of<Inner, Arity>();
    detail::differentiation d(inner, inner.positional);
    return d.finish(inner, adjoints(d.r, d.results, detail::unit_seeds(d.r, d.results.size(), 0), d.arguments));
  }
};

template <class Recipe> constexpr auto require_one_result() {
  Recipe::template check<Recipe::arity>();
  constexpr std::size_t results = traced_function<Recipe>::result_count;
  if constexpr (results != 1) static_cast<void>(sizeof(gradient_needs_one_result<diagnostics::got<results>>));
  return true;
}

/// All partial derivatives, result by result: row-major [results][arguments].
template <class Inner> struct jacobian_recipe {
  static constexpr std::size_t arity = Inner::arity;
  template <std::size_t Arity> static constexpr auto check() { return Inner::template check<Arity>(); }
  template <std::size_t Arity> static consteval recording record() {
    const recording inner = recording_of<Inner, Arity>();
    detail::differentiation d(inner, inner.positional);
    growing<int> entries;
    entries.resize(d.results.size() * Arity);
    for (std::size_t i = 0; i < Arity; ++i) {
      const growing<int> column = tangents(d.r, d.arguments, detail::unit_seeds(d.r, Arity, i), d.results);
      for (std::size_t k = 0; k < column.size(); ++k) entries[k * Arity + i] = column[k];
    }
    return d.finish(inner, entries);
  }
};

template <class Inner> struct jvp_recipe {
  static constexpr std::size_t arity = 2 * Inner::arity;
  template <std::size_t Arity> static constexpr auto check() {
    if constexpr (Arity % 2 != 0)
      return refuse_arity<Arity, arity>();
    else
      return Inner::template check<Arity / 2>();
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
  template <std::size_t Arity> static constexpr auto check() {
    if constexpr (Arity <= result_count)
      return refuse_arity<Arity, arity>();
    else
      return Inner::template check<Arity - result_count>();
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

/// A traced function whose results are the rows of a matrix with one column for each argument.
template <class Recipe> struct matrix_function : traced_function<Recipe> {
  template <number... T> constexpr auto operator()(T... x) const {
    const auto wrapped = values_of(traced_function<Recipe>::operator()(x...));
    constexpr std::size_t columns = sizeof...(T), rows = decltype(wrapped)::size() / columns;
    using real = std::remove_cvref_t<decltype(wrapped[0])>;
    value_list<value_list<real, columns>, rows> out{};
    for (std::size_t i = 0; i < rows; ++i)
      for (std::size_t j = 0; j < columns; ++j) out.items[i].items[j] = wrapped[i * columns + j];
    return out;
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

/// All partial derivatives of a function with one result, in the order of its arguments (reverse mode).
template <class F> constexpr auto gradient(const F&) {
  using recipe = expr::recipe_of<F>;
  expr::require_one_result<recipe>();
  return expr::traced_function<expr::gradient_recipe<recipe>>{};
}

/// The matrix of partial derivatives, `[result][argument]`.
template <class F> constexpr auto jacobian(const F&) {
  return expr::matrix_function<expr::jacobian_recipe<expr::recipe_of<F>>>{};
}

/// The matrix of second partial derivatives of a function with one result, `[argument][argument]` (forward over
/// reverse).
template <class F> constexpr auto hessian(const F&) {
  using recipe = expr::recipe_of<F>;
  expr::require_one_result<recipe>();
  return expr::matrix_function<expr::jacobian_recipe<expr::gradient_recipe<recipe>>>{};
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
