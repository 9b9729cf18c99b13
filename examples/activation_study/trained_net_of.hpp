// SPDX-License-Identifier: MIT
#pragma once

#include "trained_net.hpp"

#include <cmath>
#include <fusegrad/training.hpp>
#include <memory>
#include <utility>

namespace study {

template <class Model> class trained_net_of final : public trained_net {
public:
  explicit trained_net_of(const net_recipe& how)
      : net_{Model{}, fusegrad::softmax_cross_entropy, rule_of(how), options_of(how)} {}

  double step(const samples& all, std::span<const std::uint32_t> indices) override {
    return net_.step(all, indices).loss;
  }
  std::vector<std::string> names() const override { return net_.parameter_names(); }
  std::vector<float> read(std::string_view name) const override { return net_.read(name); }
  void write(std::string_view name, std::span<const float> numbers) override { net_.write(name, numbers); }

private:
  // One type for three rules: Adam that divides by a huge constant instead of by the deviation of the gradient is
  // descent along the mean of the last gradients, and without memory plain descent.
  static constexpr double huge = 1e9;
  static fusegrad::adam rule_of(const net_recipe& how) {
    if (how.rule == rule::adam) return {.learning_rate = how.learning_rate};
    return {
        .learning_rate = how.learning_rate * huge, .beta1 = how.rule == rule::momentum ? 0.9 : 0.0, .epsilon = huge};
  }
  static fusegrad::training_options<float> options_of(const net_recipe& how) {
    return {.seed = how.seed, .largest_batch = 32, .threads = 1, .clip_norm = how.clip_norm};
  }

  fusegrad::trainer<Model, std::remove_const_t<decltype(fusegrad::softmax_cross_entropy)>, fusegrad::adam, float> net_;
};

template <class Hidden, std::size_t... I> constexpr auto repeated(Hidden hidden, std::index_sequence<I...>) {
  return (fusegrad::input<64> | ... | (static_cast<void>(I), hidden)) | fusegrad::dense<10>;
}

/// `hidden`: a block that comes so many times.
template <const auto& Hidden, std::size_t Depth> std::unique_ptr<trained_net> make_net(const net_recipe& how) {
  using model = decltype(repeated(Hidden, std::make_index_sequence<Depth>{}));
  return std::make_unique<trained_net_of<model>>(how);
}

} // namespace study
