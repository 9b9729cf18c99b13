// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/train/errors.hpp>

#include <cstddef>
#include <cstdint>
#include <fusegrad/base/finite.hpp>
#include <fusegrad/base/text.hpp>
#include <fusegrad/train/loss.hpp>
#include <fusegrad/train/samples.hpp>
#include <fusegrad/train/several_targets.hpp>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace fusegrad {

/// A loss that counts each sample as often as its weight says: the sum of weight times loss over the sum of weights.
template <any_loss Loss> struct loss_by_sample_weight : Loss {
  static constexpr bool weighs_samples = true;
  constexpr explicit loss_by_sample_weight(const Loss& plain) : Loss{plain} {}

  // They would give back the loss without its weights: set them first.
  void label_smoothing(double) const = delete;
  template <class Weights> void class_weights(const Weights&) const = delete;
};

/// Any loss, for samples that have weights: `weighted_by_sample(binary_cross_entropy)` on `with_weights(samples,
/// weights)`. Metrics count every sample once.
template <any_loss Loss> constexpr auto weighted_by_sample(const Loss& loss) {
  return loss_by_sample_weight<Loss>(loss);
}

/// A view of samples that count differently. Making one throws std::invalid_argument where there are not as many
/// weights as samples, or one is below 0 or not finite.
template <class View, class T> class weighted_view : public View {
public:
  constexpr weighted_view(const View& samples, std::span<const T> weights) : View(samples), weights_{weights} {
    if (weights.size() != samples.size())
      throw std::invalid_argument("fusegrad: there are " + std::to_string(samples.size()) + " samples, but " +
                                  std::to_string(weights.size()) + " weights.");
    for (std::size_t i = 0; i < weights.size(); ++i)
      if (!(weights[i] >= 0 && base::is_finite(weights[i])))
        throw std::invalid_argument("fusegrad: the weight of a sample is 0 or more and finite; that of sample " +
                                    std::to_string(i) + " is " + base::brief(static_cast<double>(weights[i])) + ".");
  }
  [[nodiscard]] constexpr T weight(std::size_t i) const noexcept { return weights_[i]; }
  [[nodiscard]] constexpr std::span<const T> weights() const noexcept { return weights_; }

private:
  std::span<const T> weights_;
};

namespace train {

/// A view that knows what its inputs are called.
template <class T> class named_view : public sample_view<T> {
public:
  named_view(const sample_view<T>& samples, const std::vector<std::string>& names, std::uint64_t hash)
      : sample_view<T>(samples), names_{&names}, hash_{hash} {}
  [[nodiscard]] const std::vector<std::string>& feature_names() const noexcept { return *names_; }
  [[nodiscard]] std::uint64_t feature_names_hash() const noexcept { return hash_; }

private:
  const std::vector<std::string>* names_;
  std::uint64_t hash_;
};

} // namespace train

/// Samples in memory (a view, or a data set that stays where it is) with a weight for each.
template <class T, train::numbers_of_a_kind Weights>
constexpr auto with_weights(const sample_view<T>& samples, Weights&& weights) {
  train::refuse_temporary<Weights>();
  return weighted_view<sample_view<T>, train::number_of<Weights>>(samples,
                                                                  std::span<const train::number_of<Weights>>(weights));
}
template <class T, train::numbers_of_a_kind Weights>
constexpr auto with_weights(const several_targets_view<T>& samples, Weights&& weights) {
  train::refuse_temporary<Weights>();
  return weighted_view<several_targets_view<T>, train::number_of<Weights>>(
      samples, std::span<const train::number_of<Weights>>(weights));
}
template <sample_source Set, train::numbers_of_a_kind Weights>
  requires requires(const Set& set) {
    set.inputs().data();
    set.labels().data();
    set.targets().data();
  }
constexpr auto with_weights(const Set& set, Weights&& weights) {
  using T = std::remove_cvref_t<decltype(set.inputs()[0])>;
  using W = train::number_of<Weights>;
  const auto view = set.has_labels() ? sample_view<T>(set.inputs(), set.features(), set.labels())
                                     : sample_view<T>(set.inputs(), set.features(), set.targets(), set.target_width());
  if constexpr (requires { set.feature_names_hash(); }) {
    train::refuse_temporary<Weights>();
    return weighted_view<train::named_view<T>, W>({view, set.feature_names(), set.feature_names_hash()},
                                                  std::span<const W>(weights));
  } else {
    return with_weights(view, weights);
  }
}

} // namespace fusegrad
