// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <fusegrad/base/config.hpp>
#include <span>

namespace fusegrad {

/// Samples to learn from: inputs of one size, and for each either a class label or real targets.
/// `fusegrad::data::dataset` is one; `labelled` and `with_targets` view memory that the user has.
template <class S>
concept sample_source = requires(const S& s, std::size_t i) {
  { s.size() } -> std::convertible_to<std::size_t>;
  { s.features() } -> std::convertible_to<std::size_t>;
  s.input(i).data();
  { s.has_labels() } -> std::convertible_to<bool>;
  { s.label(i) } -> std::convertible_to<std::int32_t>;
  s.target(i).data();
  { s.target_width() } -> std::convertible_to<std::size_t>;
};

/// Samples in memory that somebody else owns; row-major inputs, and labels or row-major targets.
template <class T> class sample_view {
public:
  constexpr sample_view(std::span<const T> inputs, std::size_t features, std::span<const std::int32_t> labels) noexcept
      : inputs_{inputs}, features_{features}, labels_{labels}, has_labels_{true} {}
  constexpr sample_view(std::span<const T> inputs, std::size_t features, std::span<const T> targets, std::size_t target_width) noexcept
      : inputs_{inputs}, features_{features}, targets_{targets}, target_width_{target_width} {}

  [[nodiscard]] constexpr std::size_t size() const noexcept { return features_ == 0 ? 0 : inputs_.size() / features_; }
  [[nodiscard]] constexpr std::size_t features() const noexcept { return features_; }
  [[nodiscard]] constexpr std::span<const T> input(std::size_t i) const noexcept { return inputs_.subspan(i * features_, features_); }
  [[nodiscard]] constexpr bool has_labels() const noexcept { return has_labels_; }
  [[nodiscard]] constexpr std::int32_t label(std::size_t i) const noexcept { return labels_[i]; }
  [[nodiscard]] constexpr std::span<const T> target(std::size_t i) const noexcept {
    return targets_.subspan(i * target_width_, target_width_);
  }
  [[nodiscard]] constexpr std::size_t target_width() const noexcept { return target_width_; }

private:
  std::span<const T> inputs_;
  std::size_t features_;
  std::span<const std::int32_t> labels_{};
  std::span<const T> targets_{};
  std::size_t target_width_ = 0;
  bool has_labels_ = false;
};

/// Views samples with class labels.
template <class T>
constexpr sample_view<T> labelled(std::span<const T> inputs, std::size_t features, std::span<const std::int32_t> labels) noexcept {
  return {inputs, features, labels};
}
/// Views samples with real targets.
template <class T>
constexpr sample_view<T> with_targets(std::span<const T> inputs, std::size_t features, std::span<const T> targets,
                                      std::size_t target_width) noexcept {
  return {inputs, features, targets, target_width};
}

} // namespace fusegrad
