// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/train/errors.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <fusegrad/base/finite.hpp>
#include <fusegrad/base/text.hpp>
#include <fusegrad/layer/activations.hpp>
#include <fusegrad/layer/model.hpp>
#include <fusegrad/layer/softmax.hpp>
#include <fusegrad/train/loss.hpp>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

namespace fusegrad {

namespace loss_functions {
// Declared here because the activations `abs`, `square` and `softplus` have the same names.
using expr::abs, expr::square, expr::softplus, expr::max, expr::select;
struct mean_squared {
  template <class P, class Y> constexpr auto operator()(P prediction, Y target) const {
    return square(prediction - target);
  }
};
struct mean_absolute {
  template <class P, class Y> constexpr auto operator()(P prediction, Y target) const {
    return abs(prediction - target);
  }
};
struct huber {
  template <class P, class Y> constexpr auto operator()(P prediction, Y target) const {
    auto e = abs(prediction - target);
    return select(e < 1, 0.5 * square(e), e - 0.5);
  }
};
/// -(t log sigmoid(z) + (1 - t) log sigmoid(-z)), in terms of -|z|: no term cancels another, so that value and slope
/// keep all their digits however sure the answer is. By `select`, since `abs` has no slope at 0.
struct binary_cross_entropy {
  template <class P, class Y> constexpr auto operator()(P logit, Y target) const {
    const auto is_positive = logit > 0;
    return select(is_positive, (1 - target) * logit, -(target * logit)) + softplus(select(is_positive, -logit, logit));
  }
};
/// The same where a yes counts `Weight` times.
template <double Weight> struct weighted_binary_cross_entropy {
  template <class P, class Y> constexpr auto operator()(P logit, Y target) const {
    const auto is_positive = logit > 0;
    const auto rest = softplus(select(is_positive, -logit, logit)); // of the answer that the logit gives
    return (1 - target) * (select(is_positive, logit, 0) + rest) +
           Weight * target * (select(is_positive, 0, -logit) + rest);
  }
};
/// Whose derivative by the output is the target.
struct given_gradient {
  template <class P, class G> constexpr auto operator()(P output, G gradient) const { return output * gradient; }
};
struct hinge {
  template <class P, class Y> constexpr auto operator()(P prediction, Y target) const {
    return max(1 - target * prediction, 0);
  }
};
} // namespace loss_functions

namespace detail {
// Not made by `loss`: what that refuses is not here, and to look for it would mean to trace all of these in each file.
template <class F> inline constexpr elementwise_loss<expr::recipe_of<F>> known_loss{};
} // namespace detail

/// Mean of (prediction - target)^2.
inline constexpr auto mean_squared_error = detail::known_loss<loss_functions::mean_squared>;
/// Mean of |prediction - target|.
inline constexpr auto mean_absolute_error = detail::known_loss<loss_functions::mean_absolute>;
/// Quadratic up to an error of 1, linear beyond. Huber 1964.
inline constexpr auto huber = detail::known_loss<loss_functions::huber>;

namespace detail {
/// The layers that a loss has inside.
template <class... Layers> struct layer_set {
  template <class Layer> static constexpr bool has = (std::is_same_v<Layer, Layers> || ...);
};
} // namespace detail

/// Cross-entropy of independent yes/no answers, from logits: targets in [0, 1]; finite for every finite logit.
struct binary_cross_entropy_loss : elementwise_loss<expr::recipe_of<loss_functions::binary_cross_entropy>> {
  using contains = detail::layer_set<std::remove_cvref_t<decltype(sigmoid)>>;
  static constexpr outputs_are meaning = outputs_are::answers;
  static constexpr double decision_threshold = 0;
};
/// Cross-entropy of independent yes/no answers, from logits.
inline constexpr binary_cross_entropy_loss binary_cross_entropy{};

/// Cross-entropy of answers of which a yes counts `Weight` times.
template <double Weight>
struct weighted_binary_cross_entropy_loss
    : elementwise_loss<expr::recipe_of<loss_functions::weighted_binary_cross_entropy<Weight>>> {
  static_assert(Weight > 0, "fusegrad: what a yes counts is above 0.");
  using contains = binary_cross_entropy_loss::contains;
  static constexpr outputs_are meaning = outputs_are::answers;
  static constexpr double decision_threshold = 0;
};
/// Binary cross-entropy in which a yes counts `PositiveWeight` times, for answers that are rarely yes. PyTorch's
/// BCEWithLogitsLoss with pos_weight.
template <double PositiveWeight>
inline constexpr weighted_binary_cross_entropy_loss<PositiveWeight> weighted_binary_cross_entropy{};

/// The outputs times what is given as targets, summed over outputs and averaged over samples: a step goes along the
/// gradient that somebody else has worked out for the outputs, as a critic does for an actor.
struct output_gradient_loss : elementwise_loss<expr::recipe_of<loss_functions::given_gradient>> {
  static constexpr outputs_are meaning = outputs_are::unknown;
  template <class Samples, class Indices>
  static constexpr double normaliser(const Samples&, const Indices& indices, std::size_t) {
    return static_cast<double>(indices.size());
  }
};
/// A step along the gradient by the outputs that is given as targets.
inline constexpr output_gradient_loss output_gradient{};

/// max(0, 1 - target prediction) with targets -1 and 1; labels 0 and 1 (or one-hot) are turned into those.
struct hinge_loss : elementwise_loss<expr::recipe_of<loss_functions::hinge>> {
  static constexpr outputs_are meaning = outputs_are::answers;
  static constexpr double decision_threshold = 0, target_threshold = 0;
  template <class T> static constexpr void encode(std::int32_t label, T* target, std::size_t width) {
    loss_base::encode(label, target, width);
    for (std::size_t i = 0; i < width; ++i) target[i] = 2 * target[i] - 1;
  }
};
/// max(1 - target prediction, 0), of scores.
inline constexpr hinge_loss hinge{};

/// Softmax and cross-entropy as one operation, from logits; the mean over samples. Targets are class labels, or rows of
/// soft labels. With class weights it is the weighted mean, as in PyTorch.
template <std::size_t Classes = 0> struct softmax_cross_entropy_loss : loss_base {
  using contains = detail::layer_set<layers::softmax_layer, layers::log_softmax_layer>;
  static constexpr outputs_are meaning = outputs_are::class_scores;
  static constexpr std::size_t class_count = Classes; ///< how many class weights there are
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
      if (!(weight >= 0 && base::is_finite(weight)))
        throw std::invalid_argument("fusegrad: a class weight is 0 or more and finite, not " + base::brief(weight) +
                                    ".");
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

  /// Soft labels are smoothed and weighted like those made from a class.
  template <class T> constexpr void adjust(T* target, std::size_t width) const {
    if (Classes == 0 && smoothing == 0) return;
    for (std::size_t i = 0; i < width; ++i) {
      const double smooth = static_cast<double>(target[i]) * (1 - smoothing) + smoothing / static_cast<double>(width);
      target[i] = static_cast<T>(smooth * weight_of(i));
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
    if constexpr (Classes == 0)
      return 1;
    else
      return c < Classes ? weights[c] : 0;
  }
};
/// Softmax and cross-entropy as one operation, from logits.
inline constexpr softmax_cross_entropy_loss<> softmax_cross_entropy{};

} // namespace fusegrad
