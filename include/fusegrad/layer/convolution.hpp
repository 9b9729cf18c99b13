// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/layer/errors.hpp>

#include <cstddef>
#include <cstdint>
#include <fusegrad/kernel/convolutions.hpp>
#include <fusegrad/layer/layer.hpp>
#include <fusegrad/layer/moving_window.hpp>
#include <string_view>

namespace fusegrad {

namespace layers {

/// A product at each position of a window: y[p] = sum over taps t of W[t] x[p + t], plus a bias. Parameters: `weight`
/// [out][in][rows][columns] (of a sequence [out][in][size]) and `bias` [out], as in PyTorch; in groups `in` counts the
/// channels of one. Backward keeps x.
template <std::size_t Out, moving_window Window, bool Bias, graph::initialiser Weights, graph::initialiser Biases>
struct convolution_layer : windowed_layer<convolution_layer<Out, Window, Bias, Weights, Biases>, Window> {
  static constexpr std::string_view name = Window.is_of_sequence ? "conv1d" : "conv2d";
  static_assert(Out > 0, "fusegrad: a convolution makes at least one channel");
  static_assert(Window.sides.taps() > 0, "fusegrad: a kernel has at least one row and one column");
  static_assert(Window.groups > 0 && Out % Window.groups == 0,
                "fusegrad: the number of groups divides the number of channels that a convolution makes");

  template <moving_window New> using with_window = convolution_layer<Out, New, Bias, Weights, Biases>;
  /// The same layer in so many groups: each makes its share of the channels of its share of those that come in.
  template <std::size_t Groups> static constexpr auto with_groups() {
    return convolution_layer<Out, window_options::with_groups<Groups>(Window), Bias, Weights, Biases>{};
  }
  using with_scaled_units = convolution_layer<Out, Window, true, Weights, Biases>; ///< see without_batch_norm.hpp
  /// The same layer without the bias.
  static constexpr auto without_bias() { return convolution_layer<Out, Window, false, Weights, Biases>{}; }
  /// The same layer with its weights, and maybe its biases, initialised in another way (see fusegrad::init).
  template <graph::initialiser NewWeights, graph::initialiser NewBiases = Biases> static constexpr auto initialised() {
    return convolution_layer<Out, Window, Bias, NewWeights, NewBiases>{};
  }

  static constexpr tensor::extents output_shape(tensor::extents in) {
    return tensor::with_columns(Window.over(in).over(in), Out);
  }

  static constexpr row emit(emitter& e, const row& x) {
    const std::size_t in = x.shape.columns() / Window.groups, fan_in = in * Window.sides.taps();
    const row product = sums(e, x, e.parameter("weight", weight_of_window<Window>(Out, in), Weights, fan_in));
    if constexpr (!Bias) return product;
    return e.map([](auto sum, auto bias) { return sum + bias; }, product,
                 e.parameter("bias", tensor::vector_of(Out), Biases, fan_in));
  }

private:
  static constexpr row sums(emitter& e, const row& x, graph::parameter_id weight) {
    const graph::window seen = Window.over(x.shape);
    // Groups of one channel, by whole vectors of them.
    if (Window.groups > 1 && Window.groups == x.shape.columns())
      return e.depthwise(Out > Window.groups ? e.repeated(x, Out / Window.groups) : x, weight, seen);
    return e.convolution(x, weight, seen, Window.groups);
  }
};

template <std::size_t Out, moving_window Window>
using default_convolution = convolution_layer<Out, Window, true, init::variance_preserving(), init::zeros>;

} // namespace layers

/// A convolution of an image [height][width][channels] with `Out` kernels of `Rows` x `Columns` (square if one number
/// is given): `conv2d<32, 3>`, `conv2d<32, 3>.padded_same()`, `.with_stride<2>()`, `.with_padding<1>()`,
/// `.with_dilation<2>()`, `.with_groups<4>()`, `.without_bias()`. The weights start so that the activation that follows
/// keeps the variance.
template <std::size_t Out, std::size_t Rows, std::size_t Columns = Rows>
inline constexpr auto conv2d =
    layers::default_convolution<Out, layers::window_options::of_image(tensor::extent_of(Rows),
                                                                      tensor::extent_of(Columns))>{};

/// A convolution of a sequence [time][channels]: `conv1d<16, 3>`, `conv1d<16, 3>.causal()`.
template <std::size_t Out, std::size_t Size>
inline constexpr auto conv1d =
    layers::default_convolution<Out, layers::window_options::of_sequence(tensor::extent_of(Size))>{};

} // namespace fusegrad
