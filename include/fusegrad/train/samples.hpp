// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/train/errors.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <fusegrad/base/refuse.hpp>
#include <fusegrad/base/whole_samples.hpp>
#include <span>
#include <stdexcept>
#include <string>
#include <type_traits>

namespace fusegrad {

/// Samples to learn from: inputs of one size, and for each either a class label or real targets. Rows are anything with
/// numbers one after the other; `input(i)` has features() of them, `target(i)` target_width().
///
/// `fusegrad::data::dataset` is one; `labelled` and `with_targets` view memory that the user has. Rows are read where
/// they lie, by several threads at once, if they are views or references of the trainer's number type and the functions
/// are noexcept; else each batch is copied and converted first, and what is thrown meanwhile reaches the caller with
/// the model as it was.
template <class S>
concept sample_source = requires(const S& s, std::size_t i) {
  { s.size() } -> std::convertible_to<std::size_t>;
  { s.features() } -> std::convertible_to<std::size_t>;
  { *s.input(i).data() } -> std::convertible_to<double>;
  { s.has_labels() } -> std::convertible_to<bool>;
  { s.label(i) } -> std::convertible_to<std::int32_t>;
  { *s.target(i).data() } -> std::convertible_to<double>;
  { s.target_width() } -> std::convertible_to<std::size_t>;
};

/// Samples of which several outputs are asked for: the same with the number of the output behind, from 0 to
/// output_count(); without it, of the first.
template <class S>
concept source_of_several = sample_source<S> && requires(const S& s, std::size_t i, std::size_t output) {
  { s.output_count() } -> std::convertible_to<std::size_t>;
  { s.has_labels(output) } -> std::convertible_to<bool>;
  { s.label(i, output) } -> std::convertible_to<std::int32_t>;
  { *s.target(i, output).data() } -> std::convertible_to<double>;
  { s.target_width(output) } -> std::convertible_to<std::size_t>;
};

/// Samples that count differently: `weight(i)` times, 0 or more.
template <class S>
concept weighted_source = sample_source<S> && requires(const S& s, std::size_t i) {
  { s.weight(i) } -> std::convertible_to<double>;
};

template <class T> class several_targets_view;

namespace train {

/// Samples that are other ones in each epoch, as augmented images are: `at_epoch(epoch)` gives those of one, counted
/// from 0.
template <class S>
concept changes_with_epoch = requires(const S& s, std::size_t epoch) {
  { s.at_epoch(epoch) } -> sample_source;
};

/// The samples of an epoch: the source itself where it is always the same.
template <sample_source S> decltype(auto) samples_of_epoch(const S& samples, [[maybe_unused]] std::size_t epoch) {
  if constexpr (changes_with_epoch<S>)
    return samples.at_epoch(epoch);
  else
    return (samples);
}

/// Whether samples are asked for one after the other, since they come in an order of their own, as those do that are
/// read from a file in parts.
template <class S> inline constexpr bool has_its_own_order = requires { requires S::has_order; };

/// What a fit on samples of a type is evaluated on: samples of that type, or those that a changing source is made of.
template <class S> struct evaluated_with {
  using type = S;
};
template <class S>
  requires requires { typename S::unchanged_samples; }
struct evaluated_with<S> {
  using type = typename S::unchanged_samples;
};

} // namespace train

/// Samples in memory that somebody else owns; row-major inputs, and labels, row-major targets, or neither. Making one
/// throws std::invalid_argument where the inputs are no whole samples, or their number is not that of labels or rows of
/// targets.
template <class T> class sample_view {
public:
  constexpr sample_view(std::span<const T> inputs, std::size_t features, std::span<const std::int32_t> labels)
      : inputs_{inputs}, features_{features}, labels_{labels}, has_labels_{true} {
    check_rows(labels.size(), "labels");
  }
  constexpr sample_view(std::span<const T> inputs, std::size_t features) : inputs_{inputs}, features_{features} {
    if (features_ == 0) base::refuse("fusegrad: a sample needs at least one feature.");
    check_rows(inputs.size() / features_, "");
  }
  constexpr sample_view(std::span<const T> inputs, std::size_t features, std::span<const T> targets,
                        std::size_t target_width)
      : inputs_{inputs}, features_{features}, targets_{targets}, target_width_{target_width} {
    if (target_width == 0) base::refuse("fusegrad: a sample needs at least one target.");
    if (targets.size() % target_width != 0)
      base::refuse("fusegrad: %zu targets are not whole rows of %zu.", targets.size(), target_width);
    check_rows(targets.size() / target_width, "rows of targets");
  }

  [[nodiscard]] constexpr std::size_t size() const noexcept { return inputs_.size() / features_; }
  [[nodiscard]] constexpr std::size_t features() const noexcept { return features_; }
  [[nodiscard]] constexpr std::span<const T> input(std::size_t i) const noexcept {
    return {inputs_.data() + i * features_, features_};
  }
  [[nodiscard]] constexpr std::span<const T> inputs() const noexcept { return inputs_; }
  [[nodiscard]] constexpr bool has_labels() const noexcept { return has_labels_; }
  [[nodiscard]] constexpr std::int32_t label(std::size_t i) const noexcept { return labels_[i]; }
  [[nodiscard]] constexpr std::span<const std::int32_t> labels() const noexcept { return labels_; }
  [[nodiscard]] constexpr std::span<const T> target(std::size_t i) const noexcept {
    return {targets_.data() + i * target_width_, target_width_};
  }
  [[nodiscard]] constexpr std::span<const T> targets() const noexcept { return targets_; }
  [[nodiscard]] constexpr std::size_t target_width() const noexcept { return target_width_; }

  /// The same samples, of which a further output is asked for; see several_targets_view.
  [[nodiscard]] constexpr several_targets_view<T> and_labels(std::span<const std::int32_t> labels) const;
  [[nodiscard]] constexpr several_targets_view<T> and_targets(std::span<const T> targets,
                                                              std::size_t target_width) const;

private:
  constexpr void check_rows(std::size_t rows, const char* what) const {
    if (features_ == 0) base::refuse("fusegrad: a sample needs at least one feature.");
    const std::size_t samples = base::whole_samples(inputs_.size(), features_);
    if (samples == rows) return;
    base::refuse("fusegrad: there are %zu samples, but %zu %s.", samples, rows, what);
  }

  std::span<const T> inputs_;
  std::size_t features_;
  std::span<const std::int32_t> labels_{};
  std::span<const T> targets_{};
  std::size_t target_width_ = 0;
  bool has_labels_ = false;
};

namespace train {

/// Numbers one after the other that somebody else owns: a vector, an array, a span.
template <class R>
concept numbers_of_a_kind = std::ranges::contiguous_range<R> && std::ranges::sized_range<R> &&
                            std::is_arithmetic_v<std::ranges::range_value_t<R>>;
template <class R> using number_of = std::ranges::range_value_t<R>;

template <class R> constexpr void refuse_temporary() {
  if constexpr (!std::ranges::borrowed_range<R>) static_cast<void>(sizeof(view_of_a_temporary<R>));
}

} // namespace train

/// Views samples with class labels; throws as `sample_view` does.
template <class T>
constexpr sample_view<T> labelled(std::span<const T> inputs, std::size_t features,
                                  std::span<const std::int32_t> labels) {
  return {inputs, features, labels};
}
template <train::numbers_of_a_kind Inputs, train::numbers_of_a_kind Labels>
constexpr auto labelled(Inputs&& inputs, std::size_t features, Labels&& labels) {
  using T = train::number_of<Inputs>;
  train::refuse_temporary<Inputs>();
  train::refuse_temporary<Labels>();
  if constexpr (std::is_same_v<train::number_of<Labels>, std::int32_t>)
    return sample_view<T>(std::span<const T>(inputs), features, std::span<const std::int32_t>(labels));
  else
    static_cast<void>(sizeof(labels_are_integers_of_32_bits<train::number_of<Labels>>));
}
/// Views points without targets, for a loss that asks for none, as an equation; throws as `sample_view` does.
template <class T> constexpr sample_view<T> points(std::span<const T> inputs, std::size_t features) {
  return {inputs, features};
}
template <train::numbers_of_a_kind Inputs> constexpr auto points(Inputs&& inputs, std::size_t features) {
  using T = train::number_of<Inputs>;
  train::refuse_temporary<Inputs>();
  return sample_view<T>(std::span<const T>(inputs), features);
}
/// Views samples with real targets; throws as `sample_view` does.
template <class T>
constexpr sample_view<T> with_targets(std::span<const T> inputs, std::size_t features, std::span<const T> targets,
                                      std::size_t target_width) {
  return {inputs, features, targets, target_width};
}
template <train::numbers_of_a_kind Inputs, train::numbers_of_a_kind Targets>
constexpr auto with_targets(Inputs&& inputs, std::size_t features, Targets&& targets, std::size_t target_width) {
  using T = train::number_of<Inputs>;
  train::refuse_temporary<Inputs>();
  train::refuse_temporary<Targets>();
  if constexpr (std::is_same_v<train::number_of<Targets>, T>)
    return sample_view<T>(std::span<const T>(inputs), features, std::span<const T>(targets), target_width);
  else
    static_cast<void>(sizeof(inputs_and_targets_of_two_types<T, train::number_of<Targets>>));
}

} // namespace fusegrad
