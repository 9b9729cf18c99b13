// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <fusegrad/graph/operand.hpp>
#include <fusegrad/train/samples.hpp>
#include <span>
#include <stdexcept>
#include <string>

namespace fusegrad {

/// Samples in memory that somebody else owns, of which several outputs are asked for, each with labels or rows of
/// targets: `labelled(x, 64, digits).and_targets(angles, 1)`. Throws std::invalid_argument where there are not as many
/// of one as of the other.
template <class T> class several_targets_view {
public:
  constexpr explicit several_targets_view(const sample_view<T>& first)
      : inputs_{first.inputs()}, features_{first.features()} {
    asked_[0] = first;
  }

  [[nodiscard]] constexpr several_targets_view and_labels(std::span<const std::int32_t> labels) const {
    return with(sample_view<T>(inputs_, features_, labels));
  }
  [[nodiscard]] constexpr several_targets_view and_targets(std::span<const T> targets, std::size_t target_width) const {
    return with(sample_view<T>(inputs_, features_, targets, target_width));
  }

  [[nodiscard]] constexpr std::size_t size() const noexcept { return inputs_.size() / features_; }
  [[nodiscard]] constexpr std::size_t features() const noexcept { return features_; }
  [[nodiscard]] constexpr std::span<const T> input(std::size_t i) const noexcept {
    return inputs_.subspan(i * features_, features_);
  }
  [[nodiscard]] constexpr std::span<const T> inputs() const noexcept { return inputs_; }

  [[nodiscard]] constexpr std::size_t output_count() const noexcept { return count_; }
  [[nodiscard]] constexpr bool has_labels(std::size_t output = 0) const noexcept { return asked_[output].has_labels; }
  [[nodiscard]] constexpr std::int32_t label(std::size_t i, std::size_t output = 0) const noexcept {
    return asked_[output].labels[i];
  }
  [[nodiscard]] constexpr std::span<const T> target(std::size_t i, std::size_t output = 0) const noexcept {
    return asked_[output].targets.subspan(i * asked_[output].width, asked_[output].width);
  }
  [[nodiscard]] constexpr std::span<const T> targets(std::size_t output = 0) const noexcept {
    return asked_[output].targets;
  }
  [[nodiscard]] constexpr std::size_t target_width(std::size_t output = 0) const noexcept {
    return asked_[output].width;
  }

private:
  /// What is asked of one output.
  struct asked {
    std::span<const std::int32_t> labels{};
    std::span<const T> targets{};
    std::size_t width = 0;
    bool has_labels = false;

    constexpr asked() = default;
    constexpr asked(const sample_view<T>& of)
        : labels{of.labels()}, targets{of.targets()}, width{of.target_width()}, has_labels{of.has_labels()} {}
  };

  constexpr several_targets_view with(const sample_view<T>& further) const {
    if (count_ == graph::most_loss_terms)
      throw std::invalid_argument("fusegrad: samples ask for at most " + std::to_string(graph::most_loss_terms) +
                                  " outputs.");
    several_targets_view more = *this;
    more.asked_[more.count_++] = further;
    return more;
  }

  std::span<const T> inputs_;
  std::size_t features_;
  std::size_t count_ = 1;
  std::array<asked, graph::most_loss_terms> asked_{};
};

template <class T>
constexpr several_targets_view<T> sample_view<T>::and_labels(std::span<const std::int32_t> labels) const {
  return several_targets_view<T>(*this).and_labels(labels);
}
template <class T>
constexpr several_targets_view<T> sample_view<T>::and_targets(std::span<const T> targets,
                                                              std::size_t target_width) const {
  return several_targets_view<T>(*this).and_targets(targets, target_width);
}

} // namespace fusegrad
