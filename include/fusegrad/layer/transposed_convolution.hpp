// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/layer/errors.hpp>

#include <cstddef>
#include <cstdint>
#include <fusegrad/kernel/convolutions.hpp>
#include <fusegrad/layer/layer.hpp>
#include <fusegrad/layer/moving_window.hpp>
#include <fusegrad/layer/units_of_weight.hpp>
#include <string_view>

namespace fusegrad {

namespace layers {

/// PyTorch's rule for what a transposed convolution may make behind its last kernel.
constexpr bool is_output_padding(std::size_t positions, const graph::window_side& side) noexcept {
  return positions == 0 || positions < side.stride || positions < side.dilation;
}

/// Each position times a kernel, added up where kernels overlap, plus a bias: y[p stride + t] += W[t] x[p]; the way
/// back of a convolution. Parameters: `weight` [in][out][rows][columns] (of a sequence [in][out][size]) and `bias`
/// [out], as in PyTorch; in groups the `out` of a weight counts the channels of one. Backward keeps x.
template <std::size_t Out, moving_window Window, bool Bias, graph::initialiser Weights, graph::initialiser Biases>
struct transposed_convolution_layer
    : windowed_layer<transposed_convolution_layer<Out, Window, Bias, Weights, Biases>, Window> {
  static constexpr std::string_view name = Window.is_of_sequence ? "transposed_conv1d" : "transposed_conv2d";
  static_assert(Out > 0, "fusegrad: a convolution makes at least one channel");
  static_assert(Window.sides.taps() > 0, "fusegrad: a kernel has at least one row and one column");
  static_assert(is_output_padding(Window.rows_behind, Window.sides.rows) &&
                    is_output_padding(Window.columns_behind, Window.sides.columns),
                "fusegrad: output padding is smaller than the stride or the dilation");
  static_assert(Window.groups > 0 && Out % Window.groups == 0,
                "fusegrad: the number of groups divides the number of channels that a convolution makes");

  template <moving_window New> using with_window = transposed_convolution_layer<Out, New, Bias, Weights, Biases>;
  using with_scaled_units =
      transposed_convolution_layer<Out, Window, true, Weights, Biases>; ///< see without_batch_norm.hpp
  static constexpr units_of_weight weight_order{Window.groups, Window.sides.taps()};
  /// The same layer with so many positions more at the end, which the kernels may not reach: at both, or
  /// <rows, columns>.
  template <std::size_t... Positions>
    requires window_options::fits_directions<Window, sizeof...(Positions)>
  static constexpr auto with_output_padding() {
    return transposed_convolution_layer<Out, window_options::with_positions_behind<Positions...>(Window), Bias, Weights,
                                        Biases>{};
  }
  static constexpr auto causal() = delete;
  /// The same layer in so many groups: each makes its share of the channels of its share of those that come in.
  template <std::size_t Groups> static constexpr auto with_groups() {
    return transposed_convolution_layer<Out, window_options::with_groups<Groups>(Window), Bias, Weights, Biases>{};
  }
  /// The same layer without the bias.
  static constexpr auto without_bias() { return transposed_convolution_layer<Out, Window, false, Weights, Biases>{}; }
  /// The same layer with its weights, and maybe its biases, initialised in another way (see fusegrad::init).
  template <graph::initialiser NewWeights, graph::initialiser NewBiases = Biases> static constexpr auto initialised() {
    return transposed_convolution_layer<Out, Window, Bias, NewWeights, NewBiases>{};
  }

  template <class Position, class In> static constexpr auto fault_of() {
    return layers::or_fault_of_groups<transposed_convolution_layer, Position, In, Window>(
        fault_of_way_back<transposed_convolution_layer, Position, In, Window>());
  }
  static constexpr tensor::extents output_shape(tensor::extents in) {
    return tensor::with_columns(Window.image_of(in), Out);
  }

  static constexpr row emit(emitter& e, const row& x) {
    const std::size_t in = x.shape.columns(), fan_in = in / Window.groups * taps_that_meet();
    const auto weight = e.parameter("weight", weight_of_window<Window>(in, Out / Window.groups), Weights, fan_in);
    const row product = e.transposed_convolution(x, weight, Window.back(), output_shape(x.shape), Window.groups);
    if constexpr (!Bias) return product;
    return e.map([](auto sum, auto bias) { return sum + bias; }, product,
                 e.parameter("bias", tensor::vector_of(Out), Biases, fan_in));
  }

private:
  /// How many kernels overlap at a position, on an average: at least one.
  static constexpr std::size_t taps_that_meet() {
    const std::size_t strides = std::size_t{Window.sides.rows.stride} * Window.sides.columns.stride;
    return (Window.sides.taps() + strides - 1) / strides;
  }
};

template <std::size_t Out, moving_window Window>
using default_transposed_convolution =
    transposed_convolution_layer<Out, Window, true, init::variance_preserving(), init::zeros>;

} // namespace layers

/// The way back of a convolution: an image that is larger by the stride. `transposed_conv2d<16, 2>.with_stride<2>()`
/// doubles it; `transposed_conv2d<16, 4>.with_stride<2>().padded_same()` does so with kernels that overlap. It has the
/// options of `conv2d`: `.with_padding` cuts so much off, `.with_output_padding<1>()` adds positions at the end.
template <std::size_t Out, std::size_t Rows, std::size_t Columns = Rows>
inline constexpr auto transposed_conv2d =
    layers::default_transposed_convolution<Out, layers::window_options::of_image(tensor::extent_of(Rows),
                                                                                 tensor::extent_of(Columns))>{};

/// The same of a sequence [time][channels].
template <std::size_t Out, std::size_t Size>
inline constexpr auto transposed_conv1d =
    layers::default_transposed_convolution<Out, layers::window_options::of_sequence(tensor::extent_of(Size))>{};

} // namespace fusegrad
