// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/train/errors.hpp>

#include <fusegrad/expr/calculus.hpp>
#include <fusegrad/layer/layer.hpp>
#include <fusegrad/train/loss.hpp>
#include <string_view>
#include <type_traits>

namespace fusegrad {

/// A function of each weight whose sum is added to the loss; its derivative is added to the weight's gradient. It
/// applies to matrices, not to biases and slopes.
template <class Recipe> struct weight_penalty_function : expr::traced_function<Recipe> {
  using recipe = Recipe;
  static constexpr bool penalises_weights = true;
};

namespace detail {
template <class Recipe> constexpr auto fault_of_penalty() {
  if constexpr (Recipe::arity != 1)
    return diagnostics::fault<penalty_takes_one_argument<diagnostics::got<std::size_t{Recipe::arity}>>>{};
  else if constexpr (diagnostics::is_fault<expr::fault_of_call<Recipe, 1>>)
    return expr::fault_of_call<Recipe, 1>{};
  else if constexpr (expr::recorded<Recipe, 1>.leaf_count != 0)
    return diagnostics::fault<penalty_has_named_numbers<Recipe>>{};
  else
    return diagnostics::no_fault{};
}
} // namespace detail

/// A penalty on weights from a generic function: `weight_penalty([](auto w) { return 1e-4 * square(w); })`.
template <class F> constexpr auto weight_penalty(F) {
  using found = decltype(detail::fault_of_penalty<expr::recipe_of<F>>());
  static_cast<void>(sizeof(typename found::error));
  return weight_penalty_function<expr::recipe_of<F>>{};
}

namespace penalty_functions {
using expr::abs;
template <double Strength> struct l1 {
  template <class W> constexpr auto operator()(W w) const { return Strength * abs(w); }
};
template <double Strength> struct l2 {
  template <class W> constexpr auto operator()(W w) const { return (0.5 * Strength) * (w * w); }
};
} // namespace penalty_functions

/// Strength times the sum of |w|; at zero it pulls nowhere.
template <double Strength> inline constexpr auto l1 = weight_penalty(penalty_functions::l1<Strength>{});
/// Half the strength times the sum of w^2: the gradient is strength times w.
template <double Strength> inline constexpr auto l2 = weight_penalty(penalty_functions::l2<Strength>{});

/// A loss with a penalty on the weights.
template <any_loss Loss, class Penalty> struct penalised_loss : Loss {
  using penalty = Penalty;
  constexpr explicit penalised_loss(const Loss& plain) : Loss{plain} {}
};

/// `softmax_cross_entropy + l2<1e-4>`.
template <any_loss Loss, class Recipe>
constexpr auto operator+(const Loss& plain, const weight_penalty_function<Recipe>&) {
  return penalised_loss<Loss, weight_penalty_function<Recipe>>{plain};
}

namespace layers {
/// Passes its input on, and adds a function of each number, averaged over samples, to the loss.
template <class Recipe> struct activation_penalty_layer : layer {
  static constexpr std::string_view name = "activation penalty";
  static constexpr tensor::extents output_shape(tensor::extents in) { return in; }
  static constexpr row emit(emitter& e, const row& x) {
    graph::operand_list inputs;
    inputs.push_back(x.value);
    e.add_to_loss(e.map(expr::recording_of<Recipe, 1>(), inputs, graph::sharing::shared),
                  graph::uniform::one_over_batch);
    return x;
  }
};

/// Passes its input on, and adds to the loss how far the mean of each unit over the batch is from a target.
template <double Target, double Strength> struct kl_sparsity_layer : layer {
  static constexpr std::string_view name = "kl_sparsity";
  using found = std::conditional_t<(Target > 0 && Target < 1), diagnostics::no_fault,
                                   kl_sparsity_target_is_no_mean_activation<diagnostics::got<Target>>>;
  static_assert(sizeof(found) > 0);
  struct divergence {
    template <class Mean> constexpr auto operator()(Mean mean) const {
      constexpr double least = 1e-6; // units that are always 0 or 1 would have an infinite divergence
      const auto m = min(max(mean, least), 1 - least);
      return Strength * (Target * (math::log(Target) - log(m)) + (1 - Target) * (math::log(1 - Target) - log(1 - m)));
    }
  };
  static constexpr tensor::extents output_shape(tensor::extents in) { return in; }
  static constexpr row emit(emitter& e, const row& x) {
    if (e.is_training()) e.add_to_loss(e.map(divergence{}, e.batch_mean(x)), graph::uniform::one);
    return x;
  }
};
} // namespace layers

/// Adds Strength times the Kullback-Leibler divergence between `Target` and the mean of each unit over the batch to the
/// loss, summed over units: for outputs between 0 and 1, as of sigmoid. In training only; it couples the samples of a
/// batch. Ng, "Sparse autoencoder", 2011.
template <double Target, double Strength>
inline constexpr auto kl_sparsity = layers::kl_sparsity_layer<Target, Strength>{};

/// A penalty on what a layer puts out: `dense<32> | relu | activation_penalty([](auto y) { return 1e-3 * abs(y); })`.
/// The loss gets the sum over the layer's units, averaged over samples.
template <class F> constexpr auto activation_penalty(F) {
  using found = decltype(detail::fault_of_penalty<expr::recipe_of<F>>());
  static_cast<void>(sizeof(typename found::error));
  return layers::activation_penalty_layer<expr::recipe_of<F>>{};
}

} // namespace fusegrad
