// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/layer/errors.hpp>

#include <fusegrad/layer/layer.hpp>
#include <string_view>

namespace fusegrad {

namespace layers {

namespace batch_norm_functions {
struct squared_distance {
  // The sum of the distances from their own mean is zero, so that what the mean contributes to the slope is zero too.
  template <class X, class Mean> constexpr auto operator()(X x, Mean mean) const {
    return square(x - stop_gradient(mean));
  }
};
template <double Epsilon> struct scale {
  template <class Variance> constexpr auto operator()(Variance variance) const { return rsqrt(variance + Epsilon); }
  template <class Variance, class Gain> constexpr auto operator()(Variance variance, Gain gain) const {
    return rsqrt(variance + Epsilon) * gain;
  }
};
/// What the mean contributes to the slope stands here and not in `normalise`, so that the gradients of mean and shift
/// are one sum over the rows.
struct shift_by_mean {
  template <class Mean, class Scale> constexpr auto operator()(Mean mean, Scale scale) const {
    return surrogate(0, -(mean * stop_gradient(scale)));
  }
  template <class Mean, class Scale, class Shift> constexpr auto operator()(Mean mean, Scale scale, Shift shift) const {
    return surrogate(shift, shift - mean * stop_gradient(scale));
  }
};
struct normalise {
  template <class X, class Mean, class Scale, class Shift>
  constexpr auto operator()(X x, Mean mean, Scale scale, Shift shift) const {
    return (x - stop_gradient(mean)) * scale + shift;
  }
};
template <double Epsilon> struct normalise_by_state {
  template <class X, class Mean, class Variance> constexpr auto operator()(X x, Mean mean, Variance variance) const {
    return (x - mean) * rsqrt(variance + Epsilon);
  }
  template <class X, class Mean, class Variance, class Gain, class Shift>
  constexpr auto operator()(X x, Mean mean, Variance variance, Gain gain, Shift shift) const {
    return (x - mean) * (rsqrt(variance + Epsilon) * gain) + shift;
  }
};
template <double Momentum> struct next_mean {
  template <class Old, class New> constexpr auto operator()(Old old, New now) const {
    return old + Momentum * (now - old);
  }
};
template <double Momentum> struct next_variance {
  template <class Old, class New, class Unbiased> constexpr auto operator()(Old old, New now, Unbiased unbiased) const {
    return old + Momentum * (now * unbiased - old);
  }
};
/// Of an image: `share` is one position's of all.
template <double Momentum> struct next_variance_of_positions {
  template <class Old, class New, class Share> constexpr auto operator()(Old old, New now, Share share) const {
    return old + Momentum * (now / (1 - share) - old);
  }
};
} // namespace batch_norm_functions

/// Each unit less its mean over the batch, divided by its deviation, times a gain, plus a shift: `batch_norm`.
template <double Momentum, double Epsilon, bool Affine> struct batch_norm_layer : layer {
  static constexpr std::string_view name = "batch_norm";
  static constexpr double epsilon = Epsilon;
  static constexpr bool is_affine = Affine;
  static_assert(Momentum >= 0 && Momentum <= 1,
                "fusegrad: the momentum of batch_norm is the share of the new batch, from 0 to 1");
  static_assert(Epsilon > 0, "fusegrad: the epsilon of batch_norm is above 0");

  /// The same layer with another share of the new batch in the running statistics.
  template <double New> static constexpr auto with_momentum() { return batch_norm_layer<New, Epsilon, Affine>{}; }
  /// The same layer with another number added to the variance.
  template <double New> static constexpr auto with_epsilon() { return batch_norm_layer<Momentum, New, Affine>{}; }
  /// The same layer without gain and shift.
  static constexpr auto without_gain_and_shift() { return batch_norm_layer<Momentum, Epsilon, false>{}; }

  static constexpr tensor::extents output_shape(tensor::extents in) { return in; }

  static constexpr row emit(emitter& e, const row& x) {
    using namespace batch_norm_functions;
    const std::size_t positions = x.shape.positions();
    const tensor::extents units = tensor::vector_of(x.shape.columns());
    [[maybe_unused]] graph::parameter_id gain, shift;
    if constexpr (Affine) {
      gain = e.parameter("weight", units, init::ones);
      shift = e.parameter("bias", units, init::zeros);
    }
    const auto running_mean = e.state("running_mean", units, 0), running_variance = e.state("running_var", units, 1);
    const auto shaped = [&](row y) {
      y.shape = x.shape;
      return y;
    };
    if (!e.is_training()) {
      if constexpr (Affine)
        return shaped(e.map(normalise_by_state<Epsilon>{}, x, running_mean, running_variance, gain, shift));
      else
        return shaped(e.map(normalise_by_state<Epsilon>{}, x, running_mean, running_variance));
    }
    const row mean = e.batch_mean(x);
    const row variance = e.batch_mean(e.map(squared_distance{}, x, mean));
    e.set_next(running_mean, e.map(next_mean<Momentum>{}, e.latest(running_mean), mean));
    const auto before = e.latest(running_variance);
    if (positions == 1)
      e.set_next(running_variance, e.map(next_variance<Momentum>{}, before, variance, graph::uniform::unbiased));
    else
      e.set_next(running_variance, e.map(next_variance_of_positions<Momentum>{}, before, variance,
                                         e.scaled(graph::uniform::one_over_batch, 1 / static_cast<double>(positions))));
    row factor{}, moved{};
    if constexpr (Affine) {
      factor = e.map(scale<Epsilon>{}, variance, gain);
      moved = e.map(shift_by_mean{}, mean, factor, shift);
    } else {
      factor = e.map(scale<Epsilon>{}, variance);
      moved = e.map(shift_by_mean{}, mean, factor);
    }
    return shaped(e.map(normalise{}, x, mean, factor, moved));
  }
};

} // namespace layers

/// Batch normalisation: in training each unit (of an image: each channel, over all positions, too) less the mean of the
/// batch, divided by the batch's deviation, times a learned gain, plus a learned shift; otherwise by running
/// statistics. Parameters `weight` and `bias`, states `running_mean` and `running_var` (with the unbiased variance),
/// momentum 0.1 and epsilon 1e-5 as in PyTorch. It couples the samples of a batch, which then is one block. Backward
/// keeps the input. Ioffe and Szegedy 2015.
inline constexpr auto batch_norm = layers::batch_norm_layer<0.1, 1e-5, true>{};

} // namespace fusegrad
