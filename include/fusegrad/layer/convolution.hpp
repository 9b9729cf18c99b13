// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/layer/errors.hpp>

#include <cstddef>
#include <cstdint>
#include <fusegrad/layer/layer.hpp>
#include <fusegrad/layer/moving_window.hpp>
#include <string_view>

namespace fusegrad {

namespace layers {

/// A product at each position of a window: y[p] = sum over taps t of W[t] x[p + t], plus a bias. Parameters: `weight`
/// [out][in][rows][columns] (of a sequence [out][in][size]) and `bias` [out], as in PyTorch. Backward keeps x.
template <std::size_t Out, moving_window Window, bool Bias, graph::initialiser Weights, graph::initialiser Biases>
struct convolution_layer : layer {
  static constexpr std::string_view name = Window.is_of_sequence ? "conv1d" : "conv2d";
  static_assert(Out > 0, "fusegrad: a convolution makes at least one channel");
  static_assert(Window.sides.taps() > 0, "fusegrad: a kernel has at least one row and one column");

  /// The same layer with zeros around the image, so that stride 1 keeps its size: `padded_same()`.
  static constexpr auto padded_same() { return with<window_options::with_pads(Window, padding::same)>(); }
  /// The same layer, of which no position sees what comes after it: all zeros stand before a sequence.
  static constexpr auto causal()
    requires(Window.is_of_sequence)
  {
    return with<window_options::with_pads(Window, padding::causal)>();
  }
  /// The same layer with so many zeros around the image: all around, <rows, columns>, or <above, below, left, right>;
  /// of a sequence <all> or <before, after>.
  template <std::size_t... Zeros>
    requires window_options::fits_edges<Window, sizeof...(Zeros)>
  static constexpr auto with_padding() {
    return with<window_options::with_padding<Zeros...>(Window)>();
  }
  /// The same layer whose window moves on by more than one: <both>, or <rows, columns>.
  template <std::size_t... Strides>
    requires window_options::fits_directions<Window, sizeof...(Strides)>
  static constexpr auto with_stride() {
    static_assert(((Strides > 0) && ...), "fusegrad: a stride is at least 1");
    return with<window_options::with<Strides...>(Window, &graph::window_side::stride)>();
  }
  /// The same layer whose taps are apart by more than one.
  template <std::size_t... Dilations>
    requires window_options::fits_directions<Window, sizeof...(Dilations)>
  static constexpr auto with_dilation() {
    static_assert(((Dilations > 0) && ...), "fusegrad: a dilation is at least 1");
    return with<window_options::with<Dilations...>(Window, &graph::window_side::dilation)>();
  }
  /// The same layer without the bias.
  static constexpr auto without_bias() { return convolution_layer<Out, Window, false, Weights, Biases>{}; }
  /// The same layer with its weights, and maybe its biases, initialised in another way (see fusegrad::init).
  template <graph::initialiser NewWeights, graph::initialiser NewBiases = Biases> static constexpr auto initialised() {
    return convolution_layer<Out, Window, Bias, NewWeights, NewBiases>{};
  }

  template <class Position, class In> static constexpr auto fault_of() {
    return fault_of_window<convolution_layer, Position, In, Window>();
  }
  static constexpr tensor::extents output_shape(tensor::extents in) {
    return tensor::with_columns(Window.over(in).over(in), Out);
  }

  static constexpr row emit(emitter& e, const row& x) {
    const std::size_t in = x.shape.columns(), fan_in = in * Window.sides.taps();
    const row product =
        e.convolution(x, e.parameter("weight", weight_shape(in), Weights, fan_in), Window.over(x.shape));
    if constexpr (!Bias) return product;
    return e.map([](auto sum, auto bias) { return sum + bias; }, product,
                 e.parameter("bias", tensor::vector_of(Out), Biases, fan_in));
  }

private:
  template <moving_window New> static constexpr auto with() {
    return convolution_layer<Out, New, Bias, Weights, Biases>{};
  }
  static constexpr tensor::extents weight_shape(std::size_t in) {
    const std::uint32_t out = tensor::extent_of(Out), channels = tensor::extent_of(in);
    if (Window.is_of_sequence) return {3, {out, channels, Window.sides.columns.size}};
    return {4, {out, channels, Window.sides.rows.size, Window.sides.columns.size}};
  }
};

template <std::size_t Out, moving_window Window>
using default_convolution = convolution_layer<Out, Window, true, init::variance_preserving(), init::zeros>;

} // namespace layers

/// A convolution of an image [height][width][channels] with `Out` kernels of `Rows` x `Columns` (square if one number
/// is given): `conv2d<32, 3>`, `conv2d<32, 3>.padded_same()`, `.with_stride<2>()`, `.with_padding<1>()`,
/// `.with_dilation<2>()`, `.without_bias()`. The weights start so that the activation that follows keeps the variance.
template <std::size_t Out, std::size_t Rows, std::size_t Columns = Rows>
inline constexpr auto conv2d =
    layers::default_convolution<Out, layers::window_options::of_image(tensor::extent_of(Rows),
                                                                      tensor::extent_of(Columns))>{};

/// A convolution of a sequence [time][channels]: `conv1d<16, 3>`, `conv1d<16, 3>.causal()`.
template <std::size_t Out, std::size_t Size>
inline constexpr auto conv1d =
    layers::default_convolution<Out, layers::window_options::of_sequence(tensor::extent_of(Size))>{};

} // namespace fusegrad
