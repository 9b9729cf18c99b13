// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/train/errors.hpp>

#include <cstddef>
#include <fusegrad/expr/arrays.hpp>
#include <fusegrad/expr/derivative_leaf.hpp>
#include <fusegrad/expr/function.hpp>
#include <fusegrad/graph/equation.hpp>
#include <fusegrad/train/loss.hpp>
#include <type_traits>
#include <utility>

namespace fusegrad {

/// A loss that asks a network to solve an equation at each point: the mean over points of the square of what the
/// function gives (the sum of the squares, where it gives several numbers).
template <class Recipe> struct equation_loss : loss_base {
  using recipe = Recipe;
  /// Points have no targets.
  static constexpr tensor::extents target_shape(tensor::extents) { return tensor::vector_of(0); }
  template <class Samples, class Indices>
  static constexpr double normaliser(const Samples&, const Indices& indices, std::size_t) {
    return static_cast<double>(indices.size());
  }
  /// How many arguments the function has: the columns of the outputs, then those of the inputs.
  static constexpr std::size_t arguments = Recipe::arity;
  static constexpr auto coefficients() { return train::coefficients_in<Recipe, arguments>(); }

  static constexpr void emit(graph::emitter& e, const graph::row& outputs, const graph::wire& inputs) {
    graph::equation_writer writer(e, outputs, inputs);
    e.add_to_loss(writer.squared(expr::recording_of<Recipe, arguments>()), graph::uniform::loss_scale);
  }
};

namespace train {
template <class Recipe> constexpr bool is_equation() {
  for (const expr::named_leaf& leaf : expr::leaves_of<Recipe, Recipe::arity>())
    if (leaf.kind != expr::leaf_kind::derivative && leaf.kind != expr::leaf_kind::parameter) return false;
  return true;
}

/// Some inputs side by side; one by itself is a number.
template <std::size_t Width>
using input_shape = std::conditional_t<Width == 1, expr::number_shape, expr::array_shape<expr::number_shape, Width>>;
template <std::size_t> using output_shape = expr::number_shape;

template <class F, class Outputs, std::size_t... Widths> struct recipe_of_groups;
template <class F, std::size_t... Output, std::size_t... Widths>
struct recipe_of_groups<F, std::index_sequence<Output...>, Widths...> {
  using type = expr::array_recipe<F, output_shape<Output>..., input_shape<Widths>...>;
};

inline constexpr std::size_t most_outputs = 12;
/// How many outputs a function of outputs and groups of inputs takes; 0 if none is the right number.
template <class F, std::size_t... Widths> constexpr std::size_t outputs_before() {
  return []<std::size_t... I>(std::index_sequence<I...>) {
    std::size_t found = 0;
    const auto note = [&](bool takes, std::size_t count) { found = found == 0 && takes ? count : found; };
    (note(recipe_of_groups<F, std::make_index_sequence<I + 1>, Widths...>::type::takes(), I + 1), ...);
    return found;
  }(std::make_index_sequence<most_outputs>{});
}

/// What is wrong with a function as an equation, or no_fault.
template <class Recipe> constexpr auto fault_of_equation() {
  using found = expr::fault_of_call<Recipe, Recipe::arity>;
  if constexpr (diagnostics::is_fault<found>)
    return found{};
  else if constexpr (expr::recorded<Recipe, Recipe::arity>.has_wrong_derivative)
    return diagnostics::fault<derivative_by_what_is_no_argument<Recipe>>{};
  else if constexpr (!is_equation<Recipe>())
    return diagnostics::fault<equation_has_named_numbers<Recipe>>{};
  else
    return diagnostics::no_fault{};
}
} // namespace train

/// An equation from a generic function that is to be zero: it is called with the outputs of the network, then with its
/// inputs, one number each, and takes derivatives of the first by the second as `d(u, x)`, `d(u, x, x)`:
/// `equation([](auto u, auto x, auto t) { return d(u, t) + u * d(u, x) - 0.01 * d(u, x, x); })`. A number that is to be
/// learned is a `parameter<"nu">(0.01)`: the same in all equations that name it.
template <class F> constexpr auto equation(F) {
  using recipe = expr::recipe_of<F>;
  using found = decltype(train::fault_of_equation<recipe>());
  static_cast<void>(sizeof(typename found::error));
  return equation_loss<recipe>{};
}

/// The same for a network of many inputs, which the function is called with in groups of these widths, as arrays, and a
/// group of one as a number: `equation<50, 1>([](auto u, auto x, auto t) { return d(u, t) - laplacian(u, x); })`.
template <std::size_t... Widths, class F>
  requires(sizeof...(Widths) > 0)
constexpr auto equation(F) {
  constexpr std::size_t outputs = train::outputs_before<F, Widths...>();
  if constexpr (outputs == 0) {
    static_cast<void>(sizeof(equation_takes_other_groups<F, diagnostics::needs<Widths...>>));
  } else {
    using sequence = std::make_index_sequence<outputs>;
    using recipe = typename train::recipe_of_groups<F, sequence, Widths...>::type;
    using found = decltype(train::fault_of_equation<recipe>());
    static_cast<void>(sizeof(typename found::error));
    return equation_loss<recipe>{};
  }
}

} // namespace fusegrad
