// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <fusegrad/layer/softmax.hpp>
#include <fusegrad/train/loss.hpp>
#include <stdexcept>
#include <string>

namespace fusegrad {

namespace loss_functions {
// Declared here because the activations `abs`, `square` and `softplus` have the same names.
using expr::abs, expr::square, expr::softplus, expr::max, expr::select;
struct mean_squared {
  template <class P, class Y> constexpr auto operator()(P prediction, Y target) const { return square(prediction - target); }
};
struct mean_absolute {
  template <class P, class Y> constexpr auto operator()(P prediction, Y target) const { return abs(prediction - target); }
};
struct huber {
  template <class P, class Y> constexpr auto operator()(P prediction, Y target) const {
    auto e = abs(prediction - target);
    return select(e < 1, 0.5 * square(e), e - 0.5);
  }
};
struct binary_cross_entropy {
  template <class P, class Y> constexpr auto operator()(P logit, Y target) const { return (1 - target) * logit + softplus(-logit); }
};
struct hinge {
  template <class P, class Y> constexpr auto operator()(P prediction, Y target) const { return max(1 - target * prediction, 0); }
};
} // namespace loss_functions

/// Mean of (prediction - target)^2.
inline constexpr auto mean_squared_error = loss(loss_functions::mean_squared{});
/// Mean of |prediction - target|.
inline constexpr auto mean_absolute_error = loss(loss_functions::mean_absolute{});
/// Quadratic up to an error of 1, linear beyond. Huber 1964.
inline constexpr auto huber = loss(loss_functions::huber{});

/// Cross-entropy of independent yes/no answers, from logits: targets in [0, 1]; finite for every finite logit.
struct binary_cross_entropy_loss : elementwise_loss<expr::source_of<loss_functions::binary_cross_entropy>> {
  static constexpr double decision_threshold = 0;
};
inline constexpr binary_cross_entropy_loss binary_cross_entropy{};

/// max(0, 1 - target prediction) with targets -1 and 1; labels 0 and 1 (or one-hot) are turned into those.
struct hinge_loss : elementwise_loss<expr::source_of<loss_functions::hinge>> {
  static constexpr double decision_threshold = 0;
  template <class T> static constexpr void encode(std::int32_t label, T* target, std::size_t width) {
    loss_base::encode(label, target, width);
    for (std::size_t i = 0; i < width; ++i) target[i] = 2 * target[i] - 1;
  }
};
inline constexpr hinge_loss hinge{};

/// Softmax and cross-entropy as one operation, from logits; the mean over samples. Targets are class labels, or rows of soft
/// labels. With class weights it is the weighted mean, as in PyTorch.
template <std::size_t Classes = 0> struct softmax_cross_entropy_loss : loss_base {
  double smoothing = 0;
  std::array<double, Classes> weights{};

  /// The target of each sample becomes (1 - share) one-hot + share / classes. Szegedy et al. 2016.
  [[nodiscard]] constexpr softmax_cross_entropy_loss label_smoothing(double share) const {
    if (!(share >= 0 && share < 1)) throw std::invalid_argument("fusegrad: label smoothing is a share in [0, 1).");
    softmax_cross_entropy_loss out = *this;
    out.smoothing = share;
    return out;
  }
  /// Weights the classes; one weight each, none negative.
  template <std::size_t Count> [[nodiscard]] constexpr auto class_weights(const std::array<double, Count>& w) const {
    for (double weight : w)
      if (!(weight >= 0)) throw std::invalid_argument("fusegrad: class weights must not be negative.");
    softmax_cross_entropy_loss<Count> out;
    out.smoothing = smoothing;
    out.weights = w;
    return out;
  }

  static constexpr void emit(graph::emitter& e, const graph::row& prediction, const graph::row& target) {
    e.add_to_loss(e.softmax_cross_entropy(prediction, target), graph::uniform::loss_scale);
  }

  template <class T> constexpr void encode(std::int32_t label, T* target, std::size_t width) const {
    for (std::size_t i = 0; i < width; ++i) {
      const double hot = static_cast<std::int32_t>(i) == label ? 1 - smoothing : 0;
      target[i] = static_cast<T>((hot + smoothing / static_cast<double>(width)) * weight_of(i));
    }
  }

  template <class Samples, class Indices>
  constexpr double normaliser(const Samples& samples, const Indices& indices, std::size_t) const {
    if constexpr (Classes == 0) return static_cast<double>(indices.size());
    if (!samples.has_labels()) return static_cast<double>(indices.size());
    double total = 0;
    for (auto i : indices) total += weight_of(static_cast<std::size_t>(samples.label(i)));
    return total > 0 ? total : 1;
  }

private:
  constexpr double weight_of([[maybe_unused]] std::size_t c) const {
    if constexpr (Classes == 0) return 1;
    else return c < Classes ? weights[c] : 0;
  }
};
inline constexpr softmax_cross_entropy_loss<> softmax_cross_entropy{};

template <class Got, class Needs, class Fix> struct loss_does_not_fit_output {
  static_assert(fits<loss_does_not_fit_output>,
                "fusegrad: softmax_cross_entropy compares logits of two or more classes; for one output use binary_cross_entropy.");
};
template <class Model, class Fix> struct loss_wants_logits {
  static_assert(fits<loss_wants_logits>, "fusegrad: softmax_cross_entropy contains the softmax: end the model in the layer before it.");
};
struct use_binary_cross_entropy_or_more_outputs;
struct remove_the_last_layer;
template <class Got> struct class_weights_do_not_match_outputs {
  static_assert(fits<class_weights_do_not_match_outputs>, "fusegrad: softmax_cross_entropy needs one class weight for each output.");
};

namespace detail {
template <class Loss, class Model> struct loss_check {};
template <std::size_t Classes, class In, class Out, class... Layers>
struct loss_check<softmax_cross_entropy_loss<Classes>, model<In, Out, Layers...>> {
  static constexpr std::size_t width = model<In, Out, Layers...>::output_size();
  static constexpr bool ends_in_softmax = [] {
    bool last = false;
    ((last = std::is_same_v<Layers, layers::softmax_layer> || std::is_same_v<Layers, layers::log_softmax_layer>), ...);
    return last;
  }();
  static constexpr bool check() {
    if constexpr (width < 2) {
      static_cast<void>(sizeof(loss_does_not_fit_output<diagnostics::got<width>, diagnostics::needs<2>,
                                                        diagnostics::fix<use_binary_cross_entropy_or_more_outputs>>));
    } else if constexpr (ends_in_softmax) {
      static_cast<void>(sizeof(loss_wants_logits<model<In, Out, Layers...>, diagnostics::fix<remove_the_last_layer>>));
    } else if constexpr (Classes != 0 && Classes != width) {
      static_cast<void>(sizeof(class_weights_do_not_match_outputs<diagnostics::got<Classes, width>>));
    }
    return true;
  }
  static constexpr bool ok = check();
};
} // namespace detail

/// Checks, in words, that a loss fits what a model puts out.
template <class Loss, class Model> constexpr void check_loss() { static_cast<void>(sizeof(detail::loss_check<Loss, Model>)); }

} // namespace fusegrad
