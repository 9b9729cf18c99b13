// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <fusegrad/layer/layer.hpp>
#include <string_view>

namespace fusegrad {

namespace layers {

/// What is set to zero as a whole: a number, a channel of a sample at all its positions, or all of a sample.
enum class dropped : std::uint8_t { number, channel, sample };
constexpr std::string_view name_of_dropping(dropped what) {
  return what == dropped::number ? "dropout" : what == dropped::channel ? "channel_dropout" : "stochastic_depth";
}

template <double Rate, dropped What = dropped::number> struct dropout_layer : layer {
  static constexpr std::string_view name = name_of_dropping(What);
  static_assert(Rate >= 0 && Rate < 1,
                "fusegrad: dropout<rate> sets a share of the units to zero: a number from 0 to below 1");

  struct mask {
    template <class X, class Random> constexpr auto operator()(X x, Random random) const {
      return select(random < Rate, 0, x * (1 / (1 - Rate)));
    }
  };

  static constexpr tensor::extents output_shape(tensor::extents in) { return in; }
  static constexpr row emit(emitter& e, const row& x) {
    if (!e.draws_masks() || Rate == 0) return x;
    const tensor::extents drawn = What == dropped::number    ? x.shape
                                  : What == dropped::channel ? tensor::vector_of(x.shape.columns())
                                                             : tensor::vector_of(1);
    row y = e.map(mask{}, x, e.random(drawn));
    y.shape = x.shape;
    return y;
  }
};

template <double Low, double High> struct rrelu_layer : layer {
  static constexpr std::string_view name = "rrelu";
  static_assert(Low <= High, "fusegrad: rrelu<low, high> draws slopes between two numbers, the smaller one first");

  struct random_slope {
    template <class X, class Random> constexpr auto operator()(X x, Random random) const {
      return select(x > 0, x, (Low + (High - Low) * random) * x);
    }
  };
  struct mean_slope {
    template <class X> constexpr auto operator()(X x) const { return select(x > 0, x, ((Low + High) / 2) * x); }
  };

  static constexpr tensor::extents output_shape(tensor::extents in) { return in; }
  static constexpr row emit(emitter& e, const row& x) {
    row y = e.is_training() ? e.map(random_slope{}, x, e.random(x.shape)) : e.map(mean_slope{}, x);
    y.shape = x.shape;
    return y;
  }
};

} // namespace layers

/// Sets each unit of each sample to zero with probability `Rate` in training, and divides the others by 1 - Rate;
/// nothing otherwise. The masks follow from the seed, the step, the sample's place in the batch and the layer: the same
/// at any thread count. Srivastava et al. 2014.
template <double Rate> inline constexpr auto dropout = layers::dropout_layer<Rate>{};

/// Sets each channel of each sample to zero as a whole, at all positions of an image or a sequence, with probability
/// `Rate` in training, and divides the others by 1 - Rate; nothing otherwise: PyTorch's Dropout1d and Dropout2d. Of a
/// vector it is `dropout`. Tompson et al. 2015.
template <double Rate> inline constexpr auto channel_dropout = layers::dropout_layer<Rate, layers::dropped::channel>{};

/// As the last layer of a residual body: leaves the body out for a sample with probability `Rate` in training, and
/// divides it by 1 - Rate for the others; nothing otherwise. PyTorch's StochasticDepth in mode "row". Huang et al.
/// 2016.
template <double Rate> inline constexpr auto stochastic_depth = layers::dropout_layer<Rate, layers::dropped::sample>{};

/// Leaky ReLU whose slope for negative numbers is drawn from [Low, High) for each number in training, and is their mean
/// otherwise. Xu et al. 2015.
template <double Low = 1.0 / 8, double High = 1.0 / 3> inline constexpr auto rrelu = layers::rrelu_layer<Low, High>{};

} // namespace fusegrad
