// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/layer/errors.hpp>

#include <fusegrad/expr/calculus.hpp>
#include <fusegrad/layer/layer.hpp>
#include <string_view>

namespace fusegrad {

namespace layers {

/// A function applied to each number. It is a traced function and a layer at once: `tanh(0.5)`, `derivative(tanh)` and
/// `dense<32> | tanh` all work. Its named parameters are learned. What backward keeps follows from the derivative.
template <class Recipe, graph::sharing Sharing = graph::sharing::shared>
struct activation_layer : layer, expr::traced_function<Recipe> {
  using recipe = Recipe;
  using expr::traced_function<Recipe>::operator();
  /// `relu()`: refused in words.
  template <std::size_t Arguments = 0> constexpr activation_layer operator()() const {
    static_cast<void>(sizeof(expr::is_a_value_already<diagnostics::got<Arguments>>));
    return {};
  }
  static constexpr std::string_view name = [] {
    if constexpr (requires { Recipe::name; })
      return std::string_view{Recipe::name};
    else
      return std::string_view{"activation"};
  }();

  /// The same function with its named parameters learned for each unit instead of once for the layer.
  static constexpr auto per_unit() { return activation_layer<Recipe, graph::sharing::per_unit>{}; }

  static constexpr tensor::extents output_shape(tensor::extents in) { return in; }
  static constexpr row emit(emitter& e, const row& x) {
    graph::operand_list inputs;
    inputs.push_back(x.value);
    row y = e.map_recorded<Recipe, 1>(inputs, Sharing);
    y.shape = x.shape;
    return y;
  }
};

template <class Recipe> constexpr bool has_only_parameters() {
  for (const expr::named_leaf& leaf : expr::leaves_of<Recipe, 1>())
    if (leaf.kind != expr::leaf_kind::parameter) return false;
  return true;
}

/// What is wrong with a function as an activation, or no_fault.
template <class Recipe> constexpr auto fault_of_activation() {
  if constexpr (Recipe::arity != 1)
    return fault<activation_takes_one_argument<diagnostics::got<std::size_t{Recipe::arity}>>>{};
  else if constexpr (is_fault<expr::fault_of_call<Recipe, 1>>)
    return expr::fault_of_call<Recipe, 1>{};
  else if constexpr (!has_only_parameters<Recipe>())
    return fault<activation_uses_state_or_setting<Recipe>>{};
  else
    return no_fault{};
}

/// The value of one function with the derivative of another.
template <class Value, class DerivativeOf> struct surrogate_recipe {
  static constexpr std::string_view name = "surrogate";
  static constexpr std::size_t arity = 1;
  template <std::size_t Arity> static constexpr auto fault_of() {
    if constexpr (is_fault<expr::fault_of_call<Value, Arity>>)
      return expr::fault_of_call<Value, Arity>{};
    else
      return expr::fault_of_call<DerivativeOf, Arity>{};
  }
  struct combined {
    template <class X> constexpr auto operator()(X x) const {
      return surrogate(expr::traced_function<Value>{}(x), expr::traced_function<DerivativeOf>{}(x));
    }
  };
  template <std::size_t Arity> static consteval expr::recording record() { return expr::trace<combined, Arity>(); }
};

} // namespace layers

/// An activation from a generic function of one argument: `activation([](auto x) { return x / (1 + exp(-x)); })`.
template <class F> constexpr auto activation(F) {
  static_cast<void>(requires(const F& f, expr::traced x) { f(x); }); // first, as in traced_function
  using recipe = expr::recipe_of<F>;
  using found = decltype(layers::fault_of_activation<recipe>());
  static_cast<void>(sizeof(typename found::error));
  return layers::activation_layer<recipe>{};
}

/// The value of the first function, the derivative of the second: `surrogate(relu, leaky_relu<0.1>)`.
template <class Value, class DerivativeOf> constexpr auto surrogate(const Value&, const DerivativeOf&) {
  using recipe = layers::surrogate_recipe<expr::recipe_of<Value>, expr::recipe_of<DerivativeOf>>;
  using found = decltype(layers::fault_of_activation<recipe>());
  static_cast<void>(sizeof(typename found::error));
  return layers::activation_layer<recipe>{};
}

} // namespace fusegrad
