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
#include <type_traits>

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

/// A set of samples that stays where it is, with all that it asks of each output and what its inputs are called.
template <class Set> class set_view {
public:
  constexpr explicit set_view(const Set& set) noexcept : set_{&set} {}

  [[nodiscard]] constexpr std::size_t size() const noexcept { return set_->size(); }
  [[nodiscard]] constexpr std::size_t features() const noexcept { return set_->features(); }
  [[nodiscard]] constexpr auto input(std::size_t i) const noexcept { return std::span(set_->input(i)); }
  [[nodiscard]] constexpr auto inputs() const noexcept { return std::span(set_->inputs()); }
  [[nodiscard]] constexpr bool has_labels() const noexcept { return set_->has_labels(); }
  [[nodiscard]] constexpr std::int32_t label(std::size_t i) const noexcept { return set_->label(i); }
  [[nodiscard]] constexpr auto target(std::size_t i) const noexcept { return std::span(set_->target(i)); }
  [[nodiscard]] constexpr auto targets() const noexcept { return std::span(set_->targets()); }
  [[nodiscard]] constexpr std::size_t target_width() const noexcept { return set_->target_width(); }

  [[nodiscard]] constexpr std::size_t output_count() const noexcept
    requires source_of_several<Set>
  {
    return set_->output_count();
  }
  [[nodiscard]] constexpr bool has_labels(std::size_t output) const noexcept
    requires source_of_several<Set>
  {
    return set_->has_labels(output);
  }
  [[nodiscard]] constexpr std::int32_t label(std::size_t i, std::size_t output) const noexcept
    requires source_of_several<Set>
  {
    return set_->label(i, output);
  }
  [[nodiscard]] constexpr auto target(std::size_t i, std::size_t output) const noexcept
    requires source_of_several<Set>
  {
    return std::span(set_->target(i, output));
  }
  [[nodiscard]] constexpr std::size_t target_width(std::size_t output) const noexcept
    requires source_of_several<Set>
  {
    return set_->target_width(output);
  }

  [[nodiscard]] constexpr decltype(auto) feature_names() const noexcept
    requires requires(const Set& set) { set.feature_names(); }
  {
    return set_->feature_names();
  }
  [[nodiscard]] constexpr std::uint64_t feature_names_hash() const noexcept
    requires requires(const Set& set) { set.feature_names_hash(); }
  {
    return set_->feature_names_hash();
  }

private:
  const Set* set_;
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
constexpr auto with_weights(Set&& set, Weights&& weights) {
  using source = std::remove_cvref_t<Set>;
  using W = train::number_of<Weights>;
  train::refuse_temporary<Weights>();
  // A view is copied; what owns its numbers has to have a name.
  if constexpr (std::is_trivially_copyable_v<source>) {
    return weighted_view<source, W>(set, std::span<const W>(weights));
  } else {
    if constexpr (!std::is_lvalue_reference_v<Set>) static_cast<void>(sizeof(view_of_a_temporary<Set>));
    return weighted_view<train::set_view<source>, W>(train::set_view<source>(set), std::span<const W>(weights));
  }
}

} // namespace fusegrad
