// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/layer/errors.hpp>

#include <cstddef>
#include <fusegrad/layer/layer.hpp>
#include <string_view>
#include <type_traits>

namespace fusegrad {

namespace layers {

/// y = x W^T + b, at each position of an image or a sequence. Parameters: `weight` [out][in], `bias` [out]. Backward
/// keeps x.
template <std::size_t In, std::size_t Out, bool Bias, graph::initialiser Weights, graph::initialiser Biases>
struct dense_layer : layer {
  static constexpr std::string_view name = Bias ? "dense" : "dense without bias";
  template <class Shapes>
  using cure_for = diagnostics::fix<
      std::conditional_t<Shapes::first.rank != 1 && In == Shapes::first.size(), insert_flatten_before_it,
                         leave_out_the_first_size_or_write_the_one_that_comes_in>>;

  using with_scaled_units = dense_layer<In, Out, true, Weights, Biases>; ///< see without_batch_norm.hpp
  /// The same layer without the bias.
  static constexpr auto without_bias() { return dense_layer<In, Out, false, Weights, Biases>{}; }
  /// The same layer with its weights, and maybe its biases, initialised in another way (see fusegrad::init).
  template <graph::initialiser NewWeights, graph::initialiser NewBiases = Biases> static constexpr auto initialised() {
    return dense_layer<In, Out, Bias, NewWeights, NewBiases>{};
  }

  static constexpr tensor::extents required_shape(tensor::extents got) {
    if (In == 0 || In == got.columns()) return got;
    return In == got.size() ? tensor::vector_of(In) : tensor::with_columns(got, In);
  }
  static constexpr tensor::extents output_shape(tensor::extents in) { return tensor::with_columns(in, Out); }

  static constexpr row emit(emitter& e, const row& x) {
    const std::size_t in = x.shape.columns();
    const auto weight = e.parameter("weight", tensor::matrix_of(Out, in), Weights);
    const row product = e.matrix_product(x, weight);
    if constexpr (!Bias) return product;
    return e.map([](auto sum, auto bias) { return sum + bias; }, product,
                 e.parameter("bias", tensor::vector_of(Out), Biases, in));
  }
};

template <std::size_t In, std::size_t Out>
using default_dense = dense_layer<In, Out, true, init::variance_preserving(), init::zeros>;

template <std::size_t... Sizes> constexpr auto make_dense() {
  constexpr std::size_t sizes[]{Sizes..., 1, 1};
  if constexpr (sizeof...(Sizes) != 1 && sizeof...(Sizes) != 2)
    static_cast<void>(sizeof(dense_takes_one_or_two_sizes<diagnostics::got<Sizes...>>));
  else if constexpr (((Sizes == 0) || ...))
    static_cast<void>(sizeof(dense_has_zero_width<diagnostics::got<Sizes...>>));
  if constexpr (sizeof...(Sizes) == 1)
    return default_dense<0, sizes[0]>{};
  else
    return default_dense<sizes[0], sizes[1]>{};
}

} // namespace layers

/// A dense layer, also called fully connected or linear: `dense<32>` takes the input size from what comes in,
/// `dense<64, 32>` insists on 64. It works on the last axis, as PyTorch's Linear: an image is flattened first, or keeps
/// its positions. The weights start so that the activation that follows keeps the variance; the bias
/// starts at zero.
template <std::size_t... Sizes> inline constexpr auto dense = layers::make_dense<Sizes...>();

} // namespace fusegrad
