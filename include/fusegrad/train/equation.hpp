// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/train/errors.hpp>

#include <cstddef>
#include <fusegrad/expr/derivative_leaf.hpp>
#include <fusegrad/expr/function.hpp>
#include <fusegrad/graph/equation.hpp>
#include <fusegrad/train/loss.hpp>

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
} // namespace train

/// An equation from a generic function that is to be zero: it is called with the outputs of the network, then with its
/// inputs, one number each, and takes derivatives of the first by the second as `d(u, x)`, `d(u, x, x)`:
/// `equation([](auto u, auto x, auto t) { return d(u, t) + u * d(u, x) - 0.01 * d(u, x, x); })`. A number that is to be
/// learned is a `parameter<"nu">(0.01)`: the same in all equations that name it.
template <class F> constexpr auto equation(F) {
  using recipe = expr::recipe_of<F>;
  constexpr bool traceable = recipe::template check<recipe::arity>();
  if constexpr (traceable) {
    if constexpr (expr::recorded<recipe, recipe::arity>.has_wrong_derivative)
      static_cast<void>(sizeof(derivative_by_what_is_no_argument<recipe>));
    else if constexpr (!train::is_equation<recipe>())
      static_cast<void>(sizeof(equation_has_named_numbers<recipe>));
  }
  return equation_loss<recipe>{};
}

} // namespace fusegrad
