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

/// A convolution of each channel by itself, into `multiplier` channels. Parameters: `weight` [made][1][rows][columns]
/// (of a sequence [made][1][size]) and `bias` [made], as PyTorch has them for as many groups as channels. Backward
/// keeps x.
template <moving_window Window, bool Bias, graph::initialiser Weights, graph::initialiser Biases>
struct depthwise_layer : windowed_layer<depthwise_layer<Window, Bias, Weights, Biases>, Window> {
  static constexpr std::string_view name = Window.is_of_sequence ? "depthwise1d" : "depthwise2d";
  static_assert(Window.sides.taps() > 0, "fusegrad: a kernel has at least one row and one column");

  template <moving_window New> using with_window = depthwise_layer<New, Bias, Weights, Biases>;
  /// The same layer that makes so many channels of each, side by side.
  template <std::size_t Times> static constexpr auto with_multiplier() {
    static_assert(Times > 0, "fusegrad: a depthwise convolution makes at least one channel of each");
    return depthwise_layer<window_options::with_multiplier<Times>(Window), Bias, Weights, Biases>{};
  }
  using with_scaled_units = depthwise_layer<Window, true, Weights, Biases>; ///< see without_batch_norm.hpp
  /// The same layer without the bias.
  static constexpr auto without_bias() { return depthwise_layer<Window, false, Weights, Biases>{}; }
  /// The same layer with its weights, and maybe its biases, initialised in another way (see fusegrad::init).
  template <graph::initialiser NewWeights, graph::initialiser NewBiases = Biases> static constexpr auto initialised() {
    return depthwise_layer<Window, Bias, NewWeights, NewBiases>{};
  }

  static constexpr tensor::extents output_shape(tensor::extents in) {
    return tensor::with_columns(Window.over(in).over(in), in.columns() * Window.multiplier);
  }

  static constexpr row emit(emitter& e, const row& x) {
    const std::size_t made = x.shape.columns() * Window.multiplier, taps = Window.sides.taps();
    const auto weight = e.parameter("weight", weight_of_window<Window>(made, 1), Weights, taps);
    const row repeated = Window.multiplier > 1 ? e.repeated(x, Window.multiplier) : x;
    const row sums = e.depthwise(repeated, weight, Window.over(x.shape));
    if constexpr (!Bias) return sums;
    return e.map([](auto sum, auto bias) { return sum + bias; }, sums,
                 e.parameter("bias", tensor::vector_of(made), Biases, taps));
  }
};

template <moving_window Window>
using default_depthwise = depthwise_layer<Window, true, init::variance_preserving(), init::zeros>;

} // namespace layers

/// A convolution of each channel of an image by itself: `depthwise2d<3>.padded_same() | conv2d<64, 1>` costs a fraction
/// of `conv2d<64, 3>`. It has the options of `conv2d`, and `.with_multiplier<2>()`: two channels of each.
template <std::size_t Rows, std::size_t Columns = Rows>
inline constexpr auto depthwise2d =
    layers::default_depthwise<layers::window_options::of_image(tensor::extent_of(Rows), tensor::extent_of(Columns))>{};

/// The same of a sequence [time][channels].
template <std::size_t Size>
inline constexpr auto depthwise1d =
    layers::default_depthwise<layers::window_options::of_sequence(tensor::extent_of(Size))>{};

} // namespace fusegrad
