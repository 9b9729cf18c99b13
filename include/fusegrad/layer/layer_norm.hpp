// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/layer/errors.hpp>

#include <fusegrad/layer/layer.hpp>
#include <string_view>

namespace fusegrad {

namespace layers {

namespace layer_norm_functions {
struct squared {
  template <class X> constexpr auto operator()(X x) const { return square(x); }
};
struct squared_distance {
  // As in batch_norm: the mean contributes nothing to the slope of a variance.
  template <class X, class Mean> constexpr auto operator()(X x, Mean mean) const {
    return square(x - stop_gradient(mean));
  }
};
template <double Epsilon> struct scale {
  template <class Square> constexpr auto operator()(Square mean_square) const { return rsqrt(mean_square + Epsilon); }
};
struct normalise {
  template <class X, class Mean, class Scale> constexpr auto operator()(X x, Mean mean, Scale scale) const {
    return (x - mean) * scale;
  }
  template <class X, class Mean, class Scale, class Gain, class Shift>
  constexpr auto operator()(X x, Mean mean, Scale scale, Gain gain, Shift shift) const {
    return (x - mean) * scale * gain + shift;
  }
};
struct rescale {
  template <class X, class Scale> constexpr auto operator()(X x, Scale scale) const { return x * scale; }
  template <class X, class Scale, class Gain> constexpr auto operator()(X x, Scale scale, Gain gain) const {
    return x * scale * gain;
  }
};
} // namespace layer_norm_functions

/// Each sample less its mean, divided by its deviation, times a gain, plus a shift: `layer_norm`.
template <double Epsilon, bool Affine> struct layer_norm_layer : layer {
  static constexpr std::string_view name = "layer_norm";
  static_assert(Epsilon > 0, "fusegrad: the epsilon of layer_norm is above 0");

  /// The same layer with another number added to the variance.
  template <double New> static constexpr auto with_epsilon() { return layer_norm_layer<New, Affine>{}; }
  /// The same layer without gain and shift.
  static constexpr auto without_gain_and_shift() { return layer_norm_layer<Epsilon, false>{}; }

  static constexpr tensor::extents output_shape(tensor::extents in) { return in; }

  static constexpr row emit(emitter& e, const row& x) {
    using namespace layer_norm_functions;
    const row mean = e.row_mean(x);
    const row deviation = e.map(scale<Epsilon>{}, e.row_mean(e.map(squared_distance{}, x, mean)));
    row y{};
    if constexpr (Affine) {
      const tensor::extents units = tensor::vector_of(x.shape.columns());
      const auto gain = e.parameter("weight", units, init::ones), shift = e.parameter("bias", units, init::zeros);
      y = e.map(normalise{}, x, mean, deviation, gain, shift);
    } else {
      y = e.map(normalise{}, x, mean, deviation);
    }
    y.shape = x.shape;
    return y;
  }
};

/// Each sample divided by the root of its mean square, times a gain: `rms_norm`.
template <double Epsilon, bool Affine> struct rms_norm_layer : layer {
  static constexpr std::string_view name = "rms_norm";
  static_assert(Epsilon > 0, "fusegrad: the epsilon of rms_norm is above 0");

  /// The same layer with another number added to the mean square.
  template <double New> static constexpr auto with_epsilon() { return rms_norm_layer<New, Affine>{}; }
  /// The same layer without a gain.
  static constexpr auto without_gain() { return rms_norm_layer<Epsilon, false>{}; }

  static constexpr tensor::extents output_shape(tensor::extents in) { return in; }

  static constexpr row emit(emitter& e, const row& x) {
    using namespace layer_norm_functions;
    const row root = e.map(scale<Epsilon>{}, e.row_mean(e.map(squared{}, x)));
    row y{};
    if constexpr (Affine)
      y = e.map(rescale{}, x, root, e.parameter("weight", tensor::vector_of(x.shape.columns()), init::ones));
    else
      y = e.map(rescale{}, x, root);
    y.shape = x.shape;
    return y;
  }
};

} // namespace layers

/// Layer normalisation: each sample less its mean over the units, divided by its deviation, times a learned gain, plus
/// a learned shift. The same in training and inference. Parameters `weight` and `bias`; epsilon 1e-5. Backward keeps
/// the input, mean and deviation. Ba, Kiros and Hinton 2016.
inline constexpr auto layer_norm = layers::layer_norm_layer<1e-5, true>{};

/// Each sample divided by the root of its mean square, times a learned gain `weight`; epsilon 1e-6. Zhang and Sennrich
/// 2019.
inline constexpr auto rms_norm = layers::rms_norm_layer<1e-6, true>{};

} // namespace fusegrad
