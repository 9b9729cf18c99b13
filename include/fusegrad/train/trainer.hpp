// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/plan/fold.hpp>
#include <fusegrad/plan/inference.hpp>
#include <fusegrad/train/errors.hpp>
#include <fusegrad/train/evaluation.hpp>
#include <fusegrad/train/evaluator.hpp>
#include <fusegrad/train/fit.hpp>
#include <fusegrad/train/gradients.hpp>
#include <fusegrad/train/max_norm.hpp>
#include <fusegrad/train/training_options.hpp>
#include <fusegrad/train/update_rule.hpp>
#include <fusegrad/train/updater.hpp>
#include <limits>
#include <numeric>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace fusegrad {

namespace train {
/// Names what is not what a trainer needs. A base class, so that it stands before all errors that follow from it.
template <class Model, class Loss, class Rule> struct checked_arguments {
  static constexpr bool check() {
    if constexpr (!any_model<Model>) static_cast<void>(sizeof(trainer_needs_a_model<Model>));
    else if constexpr (!any_loss<Loss>) static_cast<void>(sizeof(trainer_needs_a_loss<Loss>));
    else if constexpr (!any_update_rule<Rule>) static_cast<void>(sizeof(trainer_needs_an_update_rule<Rule>));
    return true;
  }
  static_assert(check());
};
} // namespace train

/// The strongest of the three: weights, gradients and the states of an update rule, and the loop that trains them.
template <class Model, class Loss, class Rule, class T = float> class trainer : train::checked_arguments<Model, Loss, Rule> {
  using compiled = plan::compiled<Model, Loss, plan::purpose::train, T>;

public:
  using number_type = T;
  using model_type = Model;
  /// Whether the samples of a batch depend on each other, as with batch normalisation.
  static constexpr bool couples_batch = gradients<Model, Loss, T>::couples_batch;

  /// Throws std::invalid_argument for an option or a setting of the rule that is out of its range.
  constexpr trainer(Model architecture, Loss loss, Rule rule, training_options<T> options = {})
      : options_{options}, weights_{architecture, options.seed}, gradients_{architecture, loss, options.largest_batch, options.threads}, updater_{rule} {
    train::check_options(options);
    train::check_rule(rule);
    gradients_.use_random_numbers(options.seed);
  }

  /// One step on the samples named by `indices`: loss and gradient, clipping, update. `rate_factor` multiplies the learning rate.
  /// Throws std::invalid_argument where samples do not fit the model; the model is then as it was.
  template <sample_source Samples>
  constexpr batch_result step(const Samples& samples, std::span<const std::uint32_t> indices, double rate_factor = 1) {
    check_batch(samples, indices);
    reserve(indices.size());
    if (indices.empty()) return {};
    updater_.begin_step(rate_factor, {options_.clip_norm, options_.clip_value, options_.clip_norm_of_each});
    using application = typename train::updater<compiled, Rule, Loss, T>::template application<>;
    const batch_result result = gradients_.compute(weights_, samples, indices, application{updater_, weights_.packed(), gradients_.packed()});
    limit_norms();
    return result;
  }

  /// The same, observed: see `inspect::health`. A step whose numbers are not finite is not taken.
  template <sample_source Samples, class Observer>
  batch_result step(const Samples& samples, std::span<const std::uint32_t> indices, double rate_factor, Observer& observer) {
    if (!observer.wants(updater_.steps() + 1)) return step(samples, indices, rate_factor);
    check_batch(samples, indices);
    if (indices.empty()) return {};
    updater_.begin_step(rate_factor, {options_.clip_norm, options_.clip_value, options_.clip_norm_of_each});
    const std::uint64_t random_step = gradients_.random_step();
    gradients_.use_random_numbers(options_.seed, random_step + 1);
    const batch_result result = observer.compute(weights_, samples, indices, updater_, options_.seed, random_step);
    if (observer.took_step()) {
      limit_norms();
    } else {
      updater_.take_back_step();
      gradients_.use_random_numbers(options_.seed, random_step);
    }
    return result;
  }

  /// Trains for some epochs and tells how it went. Throws std::invalid_argument where samples or options do not fit.
  template <sample_source Samples> history fit(const Samples& samples, const std::type_identity_t<fit_options<Samples>>& options) {
    train::no_observer nobody;
    return train::fit_loop<trainer, Samples>(*this, samples, options, nobody).run();
  }
  /// The same, observed: `inspect::health health{trainer}; trainer.fit(samples, options, health);`.
  template <sample_source Samples, class Observer>
  history fit(const Samples& samples, const std::type_identity_t<fit_options<Samples>>& options, Observer& observer) {
    return train::fit_loop<trainer, Samples, Observer>(*this, samples, options, observer).run();
  }

  /// Loss and metrics over all samples. Throws std::invalid_argument where they do not fit the model.
  template <sample_source Samples> [[nodiscard]] evaluation evaluate(const Samples& samples) const {
    if (samples.size() == 0) throw std::invalid_argument("fusegrad: evaluate needs at least one sample.");
    std::vector<std::uint32_t> all(samples.size());
    std::iota(all.begin(), all.end(), 0u);
    check(samples, all);
    const auto result = train::evaluate_all(weights_, gradients_.loss(), samples, gradients_.threads(samples.size()));
    evaluation e = samples.has_labels() ? classify_all(samples, result.outputs) : regress_all(samples, result.outputs);
    e.loss = result.loss;
    return e;
  }

  /// The outputs for samples that stand one after the other, row-major. Throws std::invalid_argument for a part of a sample.
  [[nodiscard]] std::vector<T> predict(std::span<const T> samples) const {
    if (samples.size() % Model::input_size() != 0)
      throw std::invalid_argument("fusegrad: " + std::to_string(samples.size()) + " numbers are not whole samples of " +
                                  std::to_string(Model::input_size()) + ".");
    std::vector<T> out(samples.size() / Model::input_size() * Model::output_size());
    const auto net = inference();
    typename fusegrad::inference<folded_model<Model>, T>::workspace memory;
    net.predict(samples, out, memory);
    return out;
  }

  /// The model as it stands, for inference alone; batch normalisation behind a dense layer has become a part of that layer.
  [[nodiscard]] constexpr fusegrad::inference<folded_model<Model>, T> inference() const { return fusegrad::inference<folded_model<Model>, T>{fold(weights_)}; }

  /// Takes memory for batches of this size now, so that no later step has to.
  constexpr void reserve(std::size_t batch) {
    if (batch <= gradients_.largest_batch()) return;
    const std::uint64_t step = gradients_.random_step();
    gradients_ = gradients<Model, Loss, T>(Model{}, gradients_.loss(), batch, options_.threads);
    gradients_.use_random_numbers(options_.seed, step);
  }

  [[nodiscard]] constexpr const weights<Model, T>& parameters() const noexcept { return weights_; }
  [[nodiscard]] constexpr weights<Model, T>& parameters() noexcept { return weights_; }

  // A trainer is read and written by name like its weights.
  [[nodiscard]] static std::vector<std::string> parameter_names() { return weights<Model, T>::parameter_names(); }
  [[nodiscard]] static std::vector<std::size_t> parameter_shape(std::string_view name) { return weights<Model, T>::parameter_shape(name); }
  [[nodiscard]] std::vector<T> read(std::string_view name) const { return weights_.read(name); }
  void write(std::string_view name, std::span<const T> numbers) { weights_.write(name, numbers); }

  /// Throws std::invalid_argument where samples do not fit the model.
  template <sample_source Samples> static constexpr void check_samples(const Samples& samples, std::span<const std::uint32_t> indices) { check(samples, indices); }

  /// How the trainer was made.
  [[nodiscard]] constexpr const training_options<T>& options() const noexcept { return options_; }
  [[nodiscard]] constexpr const Loss& loss() const noexcept { return gradients_.loss(); }

  /// The update rule, whose settings may be changed between steps.
  [[nodiscard]] constexpr Rule& rule() noexcept { return updater_.rule(); }

private:
  constexpr void limit_norms() noexcept {
    if (options_.max_norm < 1e300) train::limit_unit_norms<T>(compiled::value.parameters, weights_.packed(), options_.max_norm);
  }

  template <class Samples> static evaluation classify_all(const Samples& samples, const std::vector<T>& outputs) {
    std::vector<std::int32_t> labels(samples.size());
    for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = samples.label(i);
    return classify(std::span<const T>(outputs), Model::output_size(), labels, Loss::decision_threshold);
  }
  template <class Samples> static evaluation regress_all(const Samples& samples, const std::vector<T>& outputs) {
    std::vector<T> targets;
    targets.reserve(outputs.size());
    for (std::size_t i = 0; i < samples.size(); ++i)
      for (std::size_t k = 0; k < samples.target_width(); ++k) targets.push_back(static_cast<T>(samples.target(i)[k]));
    return regress(std::span<const T>(outputs), std::span<const T>(targets), Model::output_size());
  }

  template <class Samples> static constexpr void check_batch(const Samples& samples, std::span<const std::uint32_t> indices) {
    check(samples, indices);
    if (couples_batch && indices.size() == 1)
      throw std::invalid_argument("fusegrad: statistics of a batch, as batch_norm takes them, need at least 2 samples; 1 was given.");
  }

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
