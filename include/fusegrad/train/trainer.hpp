// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/plan/inference.hpp>
#include <fusegrad/train/gradients.hpp>
#include <fusegrad/train/update_rule.hpp>
#include <fusegrad/train/updater.hpp>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace fusegrad {

/// What a trainer is made with.
template <class T = float> struct training_options {
  std::uint64_t seed = 0;         ///< of the initial weights
  std::size_t largest_batch = 0;  ///< 0: taken from the first use; memory is allocated again when a larger one comes
  int threads = 0;                ///< 0: as many as OpenMP offers; results do not depend on it
  double clip_norm = std::numeric_limits<double>::infinity();
  double clip_value = std::numeric_limits<double>::infinity();
};

/// The strongest of the three: weights, gradients and the states of an update rule, and the loop that trains them.
template <any_model Model, any_loss Loss, any_update_rule Rule, class T = float> class trainer {
  using compiled = plan::compiled<Model, Loss, plan::purpose::train, T>;

public:
  using number_type = T;
  using model_type = Model;

  constexpr trainer(Model model, Loss loss, Rule rule, training_options<T> options = {})
      : options_{options}, weights_{model, options.seed}, gradients_{model, loss, options.largest_batch, options.threads}, updater_{rule} {}

  /// One step on the samples named by `indices`: loss and gradient, clipping, update. `rate_factor` multiplies the learning rate.
  /// Throws std::invalid_argument where samples do not fit the model; the model is then as it was.
  template <sample_source Samples>
  constexpr batch_result step(const Samples& samples, std::span<const std::uint32_t> indices, double rate_factor = 1) {
    check(samples, indices);
    if (indices.size() > gradients_.largest_batch())
      gradients_ = gradients<Model, Loss, T>(Model{}, gradients_.loss(), indices.size(), options_.threads);
    if (indices.empty()) return {};
    const batch_result result = gradients_.compute(weights_, samples, indices);
    updater_.apply(weights_.packed(), gradients_.packed(), {options_.clip_norm, options_.clip_value}, rate_factor, gradients_.threads(),
                   [&](std::size_t begin, std::size_t end) { gradients_.reduce(begin, end); });
    return result;
  }

  [[nodiscard]] constexpr const weights<Model, T>& parameters() const noexcept { return weights_; }
  [[nodiscard]] constexpr weights<Model, T>& parameters() noexcept { return weights_; }
  [[nodiscard]] constexpr Rule& rule() noexcept { return updater_.rule(); }

private:
  template <class Samples> static constexpr void check(const Samples& samples, std::span<const std::uint32_t> indices) {
    if (samples.features() != Model::input_size())
      throw std::invalid_argument("fusegrad: the samples have " + std::to_string(samples.features()) + " features, the model takes " +
                                  std::to_string(Model::input_size()) + ".");
    const std::size_t width = Loss::target_shape(Model::output_shape()).size();
    if (!samples.has_labels() && samples.target_width() != width)
      throw std::invalid_argument("fusegrad: the targets have " + std::to_string(samples.target_width()) + " numbers, the loss takes " +
                                  std::to_string(width) + ".");
    const auto classes = static_cast<std::int32_t>(width == 1 ? 2 : width);
    for (std::uint32_t i : indices) {
      if (i >= samples.size())
        throw std::invalid_argument("fusegrad: sample " + std::to_string(i) + " was asked for, there are " + std::to_string(samples.size()) + ".");
      if (samples.has_labels() && (samples.label(i) < 0 || samples.label(i) >= classes))
        throw std::invalid_argument("fusegrad: sample " + std::to_string(i) + " has class " + std::to_string(samples.label(i)) +
                                    ", the model has " + std::to_string(classes) + " classes.");
    }
  }

  training_options<T> options_;
  weights<Model, T> weights_;
  gradients<Model, Loss, T> gradients_;
  train::updater<compiled, Rule, Loss, T> updater_;
};

template <class Model, class Loss, class Rule> trainer(Model, Loss, Rule) -> trainer<Model, Loss, Rule, float>;
template <class Model, class Loss, class Rule, class T> trainer(Model, Loss, Rule, training_options<T>) -> trainer<Model, Loss, Rule, T>;

} // namespace fusegrad
