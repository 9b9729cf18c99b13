// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/layer/layer.hpp>
#include <string_view>

namespace fusegrad {

namespace layers {

template <class Got> struct layer_has_zero_width {
  static_assert(fits<layer_has_zero_width>, "fusegrad: a dense layer needs at least one unit, and at least one input.");
};

/// y = x W^T + b. Parameters: `weight` [out][in], `bias` [out]. Backward keeps x.
template <std::size_t In, std::size_t Out, bool Bias, graph::initialiser Weights, graph::initialiser Biases> struct dense_layer : layer {
  static constexpr std::string_view name = Bias ? "dense" : "dense without bias";
  using cure = diagnostics::fix<std::conditional_t<In == 0, insert_a_flatten_layer_before, give_the_size_that_comes_in>>;

  /// The same layer without the bias.
  static constexpr auto without_bias() { return dense_layer<In, Out, false, Weights, Biases>{}; }
  /// The same layer with its weights, and maybe its biases, initialised in another way (see fusegrad::init).
  template <graph::initialiser NewWeights, graph::initialiser NewBiases = Biases> static constexpr auto initialised() {
    return dense_layer<In, Out, Bias, NewWeights, NewBiases>{};
  }

  static constexpr tensor::extents required_shape(tensor::extents got) {
    if (In != 0) return tensor::vector_of(In);
    return got.rank == 1 ? got : tensor::vector_of(got.size());
  }
  static constexpr tensor::extents output_shape(tensor::extents) { return tensor::vector_of(Out); }

  static constexpr row emit(emitter& e, const row& x) {
    const auto weight = e.parameter("weight", tensor::matrix_of(Out, x.width()), Weights);
    const row product = e.matrix_product(x, weight);
    if constexpr (!Bias) return product;
    return e.map([](auto sum, auto bias) { return sum + bias; }, product,
                 e.parameter("bias", tensor::vector_of(Out), Biases));
  }
};

template <std::size_t In, std::size_t Out> constexpr auto make_dense() {
  if constexpr (Out == 0) static_cast<void>(sizeof(layer_has_zero_width<diagnostics::got<Out>>));
  return dense_layer<In, Out, true, init::fit_activation(), init::zeros>{};
}

template <std::size_t First, std::size_t... Second> constexpr auto make_dense_of() {
  static_assert(sizeof...(Second) <= 1, "fusegrad: dense<Out> or dense<In, Out>.");
  if constexpr (sizeof...(Second) == 0) return make_dense<0, First>();
  else return make_dense<First, Second...>();
}

} // namespace layers

/// A dense layer, also called fully connected or linear: `dense<32>` takes the input size from what comes in, `dense<64, 32>`
/// insists on 64. The weights start so that the activation that follows keeps the variance; the bias starts at zero.
template <std::size_t... Sizes> inline constexpr auto dense = layers::make_dense_of<Sizes...>();

} // namespace fusegrad
