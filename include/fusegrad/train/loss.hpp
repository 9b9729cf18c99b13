// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/train/errors.hpp>

#include <cstddef>
#include <cstdint>
#include <fusegrad/expr/calculus.hpp>
#include <fusegrad/graph/emitter.hpp>
#include <fusegrad/plan/compiled.hpp>
#include <fusegrad/train/coefficients.hpp>
#include <fusegrad/train/loss_meaning.hpp>
#include <type_traits>

namespace fusegrad {

/// The base of every loss. A loss has
///   `static constexpr extents target_shape(extents prediction)`      the shape of a target
///   `static constexpr void emit(emitter&, row prediction, row target)` its operations, ending in `add_to_loss`
///   `encode(label, target, width)`                                   a class label as a target
///   `normaliser(samples, indices, width)`                            what the summed loss of a batch is divided by
/// and, where metrics are to be counted beside it,
///   `meaning`                                                        what outputs are, where targets are real numbers
///   `decision_threshold`                                             above which a single output says yes, class 1
/// A function of a loss may name parameters: they are learned with those of the model.
struct loss_base {
  static constexpr tensor::extents target_shape(tensor::extents prediction) { return prediction; }

  /// One output: the label itself; several: one-hot.
  template <class T> static constexpr void encode(std::int32_t label, T* target, std::size_t width) {
    if (width == 1) {
      target[0] = static_cast<T>(label);
      return;
    }
    for (std::size_t i = 0; i < width; ++i) target[i] = static_cast<T>(static_cast<std::int32_t>(i) == label ? 1 : 0);
  }
  /// What becomes of real targets before they are used: nothing.
  template <class T> static constexpr void adjust(T*, std::size_t) {}
  /// The mean over samples and outputs.
  template <class Samples, class Indices>
  static constexpr double normaliser(const Samples&, const Indices& indices, std::size_t width) {
    return static_cast<double>(indices.size()) * static_cast<double>(width);
  }
  /// What is learned beside the model.
  static constexpr auto coefficients() { return train::coefficient_list<>{}; }
  static constexpr outputs_are meaning = outputs_are::unknown;
  static constexpr double decision_threshold = train::no_threshold;
  /// Real targets above this say yes, where outputs are answers.
  static constexpr double target_threshold = 0.5;
};

/// What a trainer minimises: an equation, a function of prediction and target, or several of them.
template <class L>
concept any_loss = std::derived_from<std::remove_cvref_t<L>, loss_base>;

/// A loss from a function of prediction and target, averaged over outputs and samples.
template <class Recipe> struct elementwise_loss : loss_base, expr::traced_function<Recipe> {
  using recipe = Recipe;
  using expr::traced_function<Recipe>::operator();
  /// `mean_squared_error()`: refused in words.
  template <std::size_t Arguments = 0> constexpr elementwise_loss operator()() const {
    static_cast<void>(sizeof(expr::is_a_value_already<diagnostics::got<Arguments>>));
    return {};
  }
  // Found out by asking the function itself.
  static constexpr double decision_threshold = train::decision_threshold_of<expr::traced_function<Recipe>>;
  static constexpr outputs_are meaning = train::meaning_of<expr::traced_function<Recipe>>;
  static constexpr auto coefficients() { return train::coefficients_in<Recipe, 2>(); }
  static constexpr void emit(graph::emitter& e, const graph::row& prediction, const graph::row& target) {
    graph::operand_list inputs;
    inputs.push_back(prediction.value);
    inputs.push_back(target.value);
    const expr::recording f = expr::recording_of<Recipe, 2>();
    // Named numbers are those that the model has under these names.
    const auto before = e.enter_shared("");
    const graph::row each = e.map(f, inputs, graph::sharing::shared);
    e.leave_shared(before);
    e.add_to_loss(each, graph::uniform::loss_scale);
  }
};

namespace train {
/// Whether the derivative of a function of prediction and target by the prediction is zero whatever they are. One that
/// names parameters may learn those alone.
template <class Recipe> constexpr bool learns_nothing() {
  if constexpr (expr::recorded<Recipe, 2>.leaf_count != 0) {
    return false;
  } else {
    using slope = typename decltype(derivative<0>(expr::traced_function<Recipe>{}))::recipe;
    constexpr const auto& body = expr::recorded<slope, 2>.body;
    constexpr expr::node last = body[body.results[0]];
    return last.op == expr::operation::constant && body.constants[last.a] == 0;
  }
}
} // namespace train

/// A loss from a generic function: `loss([](auto prediction, auto target) { return square(prediction - target); })`.
/// What its outputs mean to it, and so which metrics are counted, is found out from where the function is low; a struct
/// that inherits from the loss can say otherwise.
template <class F> constexpr auto loss(F) {
  static_cast<void>(requires(const F& f, expr::traced x) { f(x, x); }); // first, as in traced_function
  using recipe = expr::recipe_of<F>;
  if constexpr (recipe::arity != 2) {
    static_cast<void>(sizeof(loss_takes_prediction_and_target<diagnostics::got<std::size_t{recipe::arity}>>));
  } else {
    using found = expr::fault_of_call<recipe, 2>;
    static_cast<void>(sizeof(typename found::error));
    if constexpr (!diagnostics::is_fault<found>) {
      if constexpr (expr::recorded<recipe, 2>.leaf_count != decltype(train::coefficients_in<recipe, 2>())::size)
        static_cast<void>(sizeof(loss_has_named_numbers<recipe>));
      else if constexpr (train::learns_nothing<recipe>())
        static_cast<void>(sizeof(loss_has_no_slope<recipe>));
    }
  }
  return elementwise_loss<recipe>{};
}

} // namespace fusegrad
