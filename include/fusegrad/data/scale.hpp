// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/layer/errors.hpp>

#include <cstddef>
#include <cstdint>
#include <fusegrad/data/dataset.hpp>
#include <fusegrad/data/normalisation.hpp>
#include <fusegrad/model/normalised.hpp>
#include <fusegrad/model/weights.hpp>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace fusegrad {

namespace data {

/// How inputs and real targets become numbers of moderate size, and back.
///
/// Fit it on the training samples, train on what `apply` gives, and join it with the weights by `normalised`: the model
/// then takes and gives raw units.
template <std::floating_point T = float> struct scale {
  normalisation<T> inputs;
  /// Of the targets of the first output; empty where these are labels.
  normalisation<T> targets;

  /// The samples with inputs and targets normalised; throws as normalisation::apply.
  dataset<T> apply(const dataset<T>& samples) const {
    dataset<T> result = inputs.apply(samples);
    if (samples.has_labels()) return result;
    std::vector<T> numbers(samples.targets().begin(), samples.targets().end());
    for (std::size_t i = 0; i < samples.size(); ++i)
      targets.apply(std::span(numbers).subspan(i * samples.target_width(), samples.target_width()));
    return result.with_targets(std::move(numbers));
  }
};

/// Mean 0 and standard deviation 1 for every feature and every real target; throws as fit_standardisation.
template <class T> scale<T> fit_scale(const dataset<T>& samples) {
  scale<T> result{fit_standardisation(samples), {}};
  if (!samples.has_labels()) result.targets = fit_target_standardisation(samples);
  return result;
}

} // namespace data

/// Sets the normalisations of a model that `normalised` has made, in its weights or its trainer's. Throws
/// std::invalid_argument where they are for other numbers of inputs or outputs; nothing is then changed.
template <class T> void write_scale(auto& weights, const data::scale<T>& scale) {
  const auto check = [&](const data::normalisation<T>& of, const char* what) {
    const std::size_t needed = weights.parameter_shape(std::string(what) + ".shift").at(0);
    if (of.shift.size() != needed || of.divisor.size() != needed)
      throw std::invalid_argument("scale: expected shifts and divisors for " + std::to_string(needed) + ' ' + what +
                                  ", found " + std::to_string(of.shift.size()) + " and " +
                                  std::to_string(of.divisor.size()));
  };
  const bool has_targets = !scale.targets.shift.empty();
  check(scale.inputs, "inputs");
  if (has_targets) check(scale.targets, "outputs");
  weights.write("inputs.shift", std::span<const T>(scale.inputs.shift));
  weights.write("inputs.divisor", std::span<const T>(scale.inputs.divisor));
  if (!has_targets) return;
  weights.write("outputs.shift", std::span<const T>(scale.targets.shift));
  weights.write("outputs.divisor", std::span<const T>(scale.targets.divisor));
}

/// Weights that were trained on what `scale` has made of samples, as those of a model that takes and gives raw units.
/// Throws std::invalid_argument as write_scale.
template <class Model, class T>
weights<normalised_model<Model>, T> normalised(const weights<Model, T>& trained, const data::scale<T>& scale) {
  weights<normalised_model<Model>, T> result;
  for (const std::string& name : trained.parameter_names()) result.write("net." + name, trained.read(name));
  if (scale.targets.shift.empty()) {
    const std::vector<T> ones(Model::output_size(), T{1});
    result.write("outputs.divisor", ones);
  }
  write_scale(result, scale);
  return result;
}

/// The same with weights that are drawn by the seed.
template <any_model Model, class T>
weights<normalised_model<Model>, T> normalised(const Model& model, const data::scale<T>& scale,
                                               std::uint64_t seed = 0) {
  return normalised(weights<Model, T>{model, seed}, scale);
}

} // namespace fusegrad
