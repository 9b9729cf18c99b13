// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <initializer_list>
#include <span>
#include <string_view>

namespace benchmarks {

/// Stands after every layer but the last, which is linear.
enum class activation { tanh, relu, sigmoid };
inline constexpr std::string_view activation_names[]{"tanh", "relu", "sigmoid"};

/// Both are means: cross-entropy over the batch, squared error over batch and outputs.
enum class loss { squared_error, cross_entropy };
inline constexpr std::string_view loss_names[]{"squared_error", "cross_entropy"};

enum class phase { train, infer };

/// A model that is compared: dense layers, by their widths.
struct model_case {
  static constexpr std::size_t most_layers = 64;
  static constexpr std::size_t most_batches = 4;

  std::string_view name;
  activation after;
  loss trained_on;

  constexpr model_case(std::string_view its_name, std::initializer_list<std::size_t> widths, activation a, loss l,
                       std::initializer_list<std::size_t> batches)
      : name{its_name}, after{a}, trained_on{l}, width_count_{widths.size()}, batch_count_{batches.size()} {
    std::copy(widths.begin(), widths.end(), widths_.begin());
    std::copy(batches.begin(), batches.end(), batches_.begin());
  }
  /// Equal layers.
  constexpr model_case(std::string_view its_name, std::size_t layers, std::size_t width, activation a, loss l,
                       std::size_t batch)
      : name{its_name}, after{a}, trained_on{l}, width_count_{layers + 1}, batch_count_{1} {
    std::fill_n(widths_.begin(), layers + 1, width);
    batches_[0] = batch;
  }

  /// Inputs first, outputs last.
  constexpr std::span<const std::size_t> widths() const { return {widths_.data(), width_count_}; }
  constexpr std::span<const std::size_t> batches() const { return {batches_.data(), batch_count_}; }
  constexpr std::size_t layers() const { return width_count_ - 1; }
  constexpr std::size_t in(std::size_t layer) const { return widths_[layer]; }
  constexpr std::size_t out(std::size_t layer) const { return widths_[layer + 1]; }
  constexpr std::size_t features() const { return widths_[0]; }
  constexpr std::size_t outputs() const { return widths_[width_count_ - 1]; }

  /// Of all weight matrices.
  constexpr std::size_t weights() const {
    std::size_t total = 0;
    for (std::size_t l = 0; l < layers(); ++l) total += in(l)*out(l);
    return total;
  }
  constexpr std::size_t parameters() const {
    std::size_t total = weights();
    for (std::size_t l = 0; l < layers(); ++l) total += out(l);
    return total;
  }
  /// Of the matrix products alone. The first layer needs no gradient of its inputs.
  constexpr double operations(phase p, std::size_t batch) const {
    const auto products = static_cast<double>(p == phase::infer ? weights() : 3 * weights() - in(0) * out(0));
    return 2 * products * static_cast<double>(batch);
  }
  /// What the initial weights of a layer are scaled by; see `weight`.
  constexpr double gain(std::size_t layer) const {
    if (layer + 1 == layers()) return 1;
    if (after == activation::tanh) return 1;
    return after == activation::relu ? 1.4142135623730951 : 1.6;
  }

private:
  std::array<std::size_t, most_layers + 1> widths_{};
  std::array<std::size_t, most_batches> batches_{};
  std::size_t width_count_;
  std::size_t batch_count_;
};

/// All that is compared, in the order in which it is shown.
inline constexpr auto all_cases = std::to_array<model_case>({
    {"A", {2, 16, 16, 1}, activation::tanh, loss::squared_error, {1, 32, 256}},
    {"B", {64, 64, 64, 64, 1}, activation::relu, loss::squared_error, {256, 4096}},
    {"C", {784, 128, 10}, activation::relu, loss::cross_entropy, {64}},
    {"D", {784, 512, 512, 10}, activation::relu, loss::cross_entropy, {128}},
    {"E", 20, 64, activation::sigmoid, loss::squared_error, 128},
    {"trigger", {16, 64, 32, 32, 5}, activation::relu, loss::cross_entropy, {1, 16, 64, 1024}},
    {"deep5", {7, 100, 100, 100, 100, 100, 2}, activation::relu, loss::cross_entropy, {1, 16, 64, 1024}},
    {"deep9", {100, 50, 50, 50, 50, 50, 50, 50, 50, 50, 10}, activation::relu, loss::cross_entropy, {1, 16, 64, 1024}},
    {"mnist", {784, 500, 250, 10}, activation::sigmoid, loss::cross_entropy, {100}},
    {"policy", {17, 64, 64, 6}, activation::tanh, loss::squared_error, {1, 256}},
    {"width4", 3, 4, activation::relu, loss::squared_error, 64},
    {"width8", 3, 8, activation::relu, loss::squared_error, 64},
    {"width16", 3, 16, activation::relu, loss::squared_error, 64},
    {"width32", 3, 32, activation::relu, loss::squared_error, 64},
    {"width64", 3, 64, activation::relu, loss::squared_error, 64},
    {"width128", 3, 128, activation::relu, loss::squared_error, 64},
    {"width256", 3, 256, activation::relu, loss::squared_error, 64},
    {"width512", 3, 512, activation::relu, loss::squared_error, 64},
    {"width1024", 3, 1024, activation::relu, loss::squared_error, 64},
    {"depth1", 1, 32, activation::tanh, loss::squared_error, 64},
    {"depth2", 2, 32, activation::tanh, loss::squared_error, 64},
    {"depth4", 4, 32, activation::tanh, loss::squared_error, 64},
    {"depth8", 8, 32, activation::tanh, loss::squared_error, 64},
    {"depth16", 16, 32, activation::tanh, loss::squared_error, 64},
    {"depth32", 32, 32, activation::tanh, loss::squared_error, 64},
    {"depth64", 64, 32, activation::tanh, loss::squared_error, 64},
});

/// The case of a name, or nullptr.
constexpr const model_case* find_case(std::string_view name) {
  const auto found =
      std::find_if(all_cases.begin(), all_cases.end(), [&](const model_case& c) { return c.name == name; });
  return found == all_cases.end() ? nullptr : &*found;
}

} // namespace benchmarks
