// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <fusegrad/base/copy_items.hpp>
#include <fusegrad/base/refuse.hpp>
#include <fusegrad/base/whole_samples.hpp>
#include <fusegrad/math/finite.hpp>
#include <fusegrad/math/flush_to_zero.hpp>
#include <fusegrad/model/fold.hpp>
#include <fusegrad/model/inference.hpp>
#include <fusegrad/train/check_samples.hpp>
#include <fusegrad/train/check_terms.hpp>
#include <fusegrad/train/errors.hpp>
#include <fusegrad/train/evaluate_together.hpp>
#include <fusegrad/train/evaluation.hpp>
#include <fusegrad/train/evaluator.hpp>
#include <fusegrad/train/fault_of_trainer.hpp>
#include <fusegrad/train/fit.hpp>
#include <fusegrad/train/gradients.hpp>
#include <fusegrad/train/max_norm.hpp>
#include <fusegrad/train/measure.hpp>
#include <fusegrad/train/minimise.hpp>
#include <fusegrad/train/parameter_list_of.hpp>
#include <fusegrad/train/parts_by_name.hpp>
#include <fusegrad/train/rule_settings.hpp>
#include <fusegrad/train/saved_training.hpp>
#include <fusegrad/train/steps.hpp>
#include <fusegrad/train/training_options.hpp>
#include <fusegrad/train/update_rule.hpp>
#include <fusegrad/train/updater.hpp>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace fusegrad {

namespace train {
/// The model that a trainer is of: with what the loss learns, too.
template <class Model, class Loss> struct trained_model {
  using type = Model;
};
template <any_model Model, any_loss Loss> struct trained_model<Model, Loss> {
  using type = decltype(with_coefficients(Model{}, std::declval<const Loss&>()));
};
} // namespace train

inline namespace FUSEGRAD_ABI {

/// The strongest of the three: weights, gradients and the states of an update rule, and the loop that trains them.
template <class Model, class Loss, class Rule, class T = float>
class trainer : public train::parts_by_name<trainer<Model, Loss, Rule, T>> {
  // Before all errors that follow from it.
  static_assert(sizeof(typename decltype(train::fault_of_trainer<Model, Loss, Rule, T>())::error) > 0);
  using compiled = plan::compiled<Model, typename train::planned_loss<Loss>::type, plan::purpose::train, T>;
  using updater_type = train::updater<compiled, Rule, Loss, T>;

public:
  using number_type = T;
  using model_type = Model;
  /// Whether the samples of a batch depend on each other, as with batch normalisation.
  static constexpr bool couples_batch = gradients<Model, Loss, T>::couples_batch;

  /// Throws std::invalid_argument for an option or a setting of the rule that is out of its range.
  constexpr trainer(Model architecture, Loss loss, Rule rule, training_options<T> options = {})
      : options_{options}, weights_{architecture, options.seed},
        gradients_{architecture, loss, options.largest_batch, options.threads}, updater_{rule} {
    train::check_options(options);
    gradients_.use_random_numbers(options.seed);
  }
  /// The same from a net without what the loss learns.
  template <any_model Net>
    requires(!std::is_same_v<Net, Model> && std::is_same_v<typename train::trained_model<Net, Loss>::type, Model>)
  constexpr trainer(Net, Loss loss, Rule rule, training_options<T> options = {})
      : trainer(Model{}, loss, rule, options) {}

  /// One step on the samples named by `indices`: loss and gradient, clipping, update. `rate_factor` multiplies the
  /// learning rate. Throws std::invalid_argument where samples, the factor or a setting do not fit, and whatever the
  /// samples throw; the model is then as it was. A step whose loss is not finite is not taken: `batch_result::refused`.
  template <sample_source Samples>
  constexpr batch_result step(const Samples& samples, std::span<const std::uint32_t> indices, double rate_factor = 1) {
    static_cast<void>(sizeof(typename decltype(train::fault_of_samples<Loss, Samples>())::error));
    prepare_step(samples, indices, rate_factor, indices.size());
    train::course<trainer> course{*this, rate_factor};
    take_steps(samples, indices, indices.size(), course);
    return course.last;
  }
  /// Many steps in one call: `order` names the samples of all of them one after the other, `batch` for each, and what
  /// is left for the last. The same bits as with `step`, without what surrounds it: for nets whose step takes less than
  /// a microsecond, and where threads share small batches of samples that are read in place, for which they begin once
  /// for some steps. Throws like `step`, before the first of them; but what samples throw that are made as they are
  /// asked for ends it where it is. The first step that is not taken is the last.
  template <sample_source Samples>
  constexpr steps_result steps(const Samples& samples, std::span<const std::uint32_t> order, std::size_t batch,
                               double rate_factor = 1) {
    train::check_steps(order.size(), batch, couples_batch);
    prepare_step(samples, order, rate_factor, batch);
    const math::flush_to_zero mode;
    train::course<trainer> course{*this, rate_factor};
    // A single sample that is left over is computed as a step on it alone is.
    const bool leaves_one = batch > 1 && order.size() > batch && order.size() % batch == 1;
    const std::size_t together = leaves_one ? order.size() - 1 : order.size();
    const std::size_t at_once = train::is_read_in_place<Samples, T> ? together : batch;
    train::each_batch(order, at_once, [&](std::span<const std::uint32_t> part) {
      take_steps(samples, part, batch, course);
      return !course.last.refused;
    });
    return course.mean();
  }

  template <sample_source Samples, class Indices>
    requires(!std::convertible_to<const Indices&, std::span<const std::uint32_t>>)
  constexpr batch_result step(const Samples&, const Indices&, double = 1) {
    static_cast<void>(sizeof(samples_are_named_by_numbers<Indices>));
    return {};
  }

  /// The same, observed: see `inspect::health`. A step whose numbers are not finite is not taken.
  template <sample_source Samples, class Observer>
  batch_result step(const Samples& samples, std::span<const std::uint32_t> indices, double rate_factor,
                    Observer& observer) {
    if (!observer.wants(updater_.steps() + 1)) return step(samples, indices, rate_factor);
    prepare_step(samples, indices, rate_factor, indices.size());
    const std::uint64_t random_step = gradients_.random_step();
    begin_steps(rate_factor);
    updater_.begin_step();
    gradients_.use_random_numbers(options_.seed, random_step + 1);
    try {
      batch_result result = observer.compute(weights_, samples, indices, updater_, options_.seed, random_step);
      result.refused = !observer.took_step();
      finish_step(!result.refused, random_step);
      return result;
    } catch (...) {
      finish_step(false, random_step);
      throw;
    }
  }

  /// Trains for some epochs and tells how it went. Throws std::invalid_argument where samples or options do not fit.
  template <sample_source Samples>
  history fit(const Samples& samples, const std::type_identity_t<fit_options<Samples>>& options) {
    train::no_observer nobody;
    return train::fit_loop<trainer, Samples>(*this, samples, options, nobody).run();
  }
  /// The same, observed: `inspect::health health{trainer}; trainer.fit(samples, options, health);`.
  template <sample_source Samples, class Observer>
  history fit(const Samples& samples, const std::type_identity_t<fit_options<Samples>>& options, Observer& observer) {
    return train::fit_loop<trainer, Samples, Observer>(*this, samples, options, observer).run();
  }

  /// How many numbers are trained: as many as a gradient has.
  [[nodiscard]] static constexpr std::size_t gradient_size() noexcept { return Model::parameter_count(); }
  /// The loss of all samples together, penalties on weights included, and its gradient: gradient_size() numbers, in the
  /// order of the parameters, each row-major. Random numbers are those of the next step. Throws std::invalid_argument
  /// where samples or the size do not fit.
  template <sample_source Samples> double loss_and_gradient(const Samples& samples, std::span<double> gradient) {
    if (gradient.size() != gradient_size())
      base::refuse("fusegrad: a gradient of %zu numbers was given room for %zu.", gradient_size(), gradient.size());
    if (samples.size() > std::numeric_limits<std::uint32_t>::max())
      train::refuse_samples("a gradient is of at most 4,294,967,295 samples.");
    const auto numbers = train::trained_numbers::of<T>(compiled::value.parameters);
    std::vector<double> weights(numbers.size());
    numbers.read(std::span<const T>(weights_.packed()), std::span<double>(weights));
    const std::vector<std::uint32_t> all = base::numbers_to(samples.size());
    checks::batch(samples, all, couples_batch);
    reserve(all.size());
    return loss_at(samples, all, numbers, weights, gradient);
  }

  /// Minimises the loss of all samples together: `trainer.minimise(samples, lbfgs{.evaluations = 1000})`. The best that
  /// was found is kept; the update rule has nothing to do with it, and stays as it was, and so do parts that are frozen
  /// by name. Throws std::invalid_argument where samples or settings do not fit, before anything is changed.
  template <sample_source Samples>
  lbfgs_result minimise(const Samples& samples, const lbfgs& settings,
                        progress_style progress = progress_style::automatic) {
    train::check_lbfgs(settings);
    checks::all(samples, "the samples");
    check_finite();
    const auto numbers = train::trained_numbers::of<T>(compiled::value.parameters, updater_.rates());
    const std::vector<std::uint32_t> all = base::numbers_to(samples.size());
    checks::batch(samples, all, couples_batch);
    reserve(all.size());
    std::vector<double> x(numbers.size());
    numbers.read(std::span<const T>(weights_.packed()), std::span<double>(x));
    return train::minimise_numbers(
        settings, progress, x,
        [&](std::span<const double> at, std::span<double> gradient) {
          return loss_at(samples, all, numbers, at, gradient);
        },
        [&](std::span<const double> best) { numbers.write(best, weights_.packed()); });
  }

  /// Loss and metrics over all samples, those asked for as well; with several losses those of each output, too. Throws
  /// std::invalid_argument where they do not fit the model.
  template <sample_source Samples>
  [[nodiscard]] evaluation evaluate(const Samples& samples, const std::vector<metric>& metrics = {}) const {
    evaluation e = train::evaluate_together(weights_, gradients_, samples, metrics);
    if constexpr (plan::has_terms<Loss>) {
      using terms = train::loss_terms<Model, Loss>;
      const auto losses =
          train::losses_of_terms(weights_, gradients_.loss(), samples, gradients_.threads(samples.size()));
      for (evaluation& output : e.outputs) output.loss = 0;
      for (std::size_t term = 0; term < losses.size(); ++term) e.outputs[terms::output(term)].loss += losses[term];
    }
    return e;
  }

  /// The outputs for samples that stand one after the other, row-major. Throws std::invalid_argument for a part of a
  /// sample.
  [[nodiscard]] std::vector<T> predict(std::span<const T> samples) const {
    std::vector<T> out(base::whole_samples(samples.size(), Model::input_size()) * Model::output_size());
    const auto net = inference();
    typename fusegrad::inference<folded_model<Model>, T>::workspace memory;
    net.predict(samples, out, memory);
    return out;
  }

  /// The model as it stands, for inference alone; batch normalisation behind a dense layer or a convolution is a part
  /// of that layer.
  [[nodiscard]] constexpr fusegrad::inference<folded_model<Model>, T> inference() const {
    return fusegrad::inference<folded_model<Model>, T>{fold(weights_)};
  }

  /// Inference on the weights where they are, without a copy: every step shows at once. For single samples between
  /// steps, as a policy that acts while it learns. Valid as long as the trainer is where it is, and not during a step.
  [[nodiscard]] constexpr auto live() const noexcept {
    return fusegrad::inference<Model, T, multiplying_zeros, weights_of_another>{&weights_};
  }

  /// How many epochs were trained by `fit`, in all: the order of the samples depends on it.
  [[nodiscard]] constexpr std::size_t epochs() const noexcept { return epochs_; }

  /// Whether all weights, and all states of the update rule, are finite.
  [[nodiscard]] bool is_finite() const noexcept {
    const auto packed = weights_.packed();
    return math::all_finite(packed.data(), packed.size()) &&
           math::all_finite(updater_.states().data(), updater_.states().size());
  }
  /// Throws std::invalid_argument naming a parameter that is not finite.
  void check_finite() const {
    if (is_finite()) return;
    for (const std::string& name : parameter_names()) {
      const std::vector<T> numbers = read(name);
      if (!math::all_finite(numbers.data(), numbers.size()))
        base::refuse("fusegrad: parameter \"%s\" is not finite.", name.c_str());
    }
    train::refuse_samples("a state of the update rule is not finite.");
  }

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
  [[nodiscard]] static std::vector<std::size_t> parameter_shape(std::string_view name) {
    return weights<Model, T>::parameter_shape(name);
  }
  [[nodiscard]] std::vector<T> read(std::string_view name) const { return weights_.read(name); }
  void write(std::string_view name, std::span<const T> numbers) { weights_.write(name, numbers); }

  /// How the trainer was made.
  [[nodiscard]] constexpr const training_options<T>& options() const noexcept { return options_; }
  [[nodiscard]] constexpr const Loss& loss() const noexcept { return gradients_.loss(); }

  /// The update rule, whose settings may be changed between steps; the next step throws where one is out of its range.
  [[nodiscard]] constexpr Rule& rule() noexcept { return updater_.rule(); }

  /// All that changes in training, to go back to or to write down; see `io::save_checkpoint`.
  void remember(train::saved_training<T>& memory) const {
    const auto packed = weights_.packed();
    memory.weights.assign(packed.begin(), packed.end());
    memory.states.assign(updater_.states().begin(), updater_.states().end());
    memory.counters = {updater_.steps(), epochs_, gradients_.random_step(), updater_.rates().steps_without()};
  }
  /// Goes on from what was remembered by a trainer of this type.
  void recall(const train::saved_training<T>& memory) noexcept {
    base::copy_items(memory.weights.data(), memory.weights.size(), weights_.packed().data());
    base::copy_items(memory.states.data(), memory.states.size(), updater_.states().data());
    updater_.set_steps(memory.counters.steps);
    updater_.rates().set_steps_without(memory.counters.steps_without);
    epochs_ = memory.counters.epochs;
    gradients_.use_random_numbers(options_.seed, memory.counters.random_step);
  }
  /// What was remembered, for who does not know this type.
  [[nodiscard]] static train::training_view view(train::saved_training<T>& memory) noexcept {
    return {&train::parameter_list_of<compiled, updater_type, T>, memory.weights.data(), memory.states.data(),
            &memory.counters};
  }

private:
  template <class, class, class> friend class train::fit_loop;
  friend class train::parts_by_name<trainer>;
  friend class train::course<trainer>;

  using checks = train::sample_checks<Model, Loss>;
  static constexpr bool has_learning_rate = train::has_setting<Rule>("learning_rate");
  static constexpr bool names_classes = train::names_classes<Model, Loss>;

  /// Of samples that were checked, with memory for all of them.
  template <class Samples>
  double loss_at(const Samples& samples, std::span<const std::uint32_t> all, const train::trained_numbers& numbers,
                 std::span<const double> weights, std::span<double> gradient) {
    numbers.write(weights, weights_.packed());
    const std::uint64_t random_step = gradients_.random_step();
    const batch_result result =
        gradients_.with_rows(samples, all, [&](const auto& rows, std::span<const std::uint32_t> names) {
          return gradients_.compute_only(weights_, rows, names);
        });
    gradients_.use_random_numbers(options_.seed, random_step);
    numbers.read(std::span<const T>(gradients_.packed()), gradient);
    return result.loss + train::add_penalty<Loss>(numbers, weights, gradient);
  }

  constexpr void check_settings() { updater_.check_changes(); }
  constexpr void count_epoch() noexcept { ++epochs_; }
  /// The rate as the rule has it; NaN where it has none.
  [[nodiscard]] constexpr double learning_rate() const {
    if constexpr (has_learning_rate)
      return std::as_const(updater_).rule().setting("learning_rate");
    else
      return epoch_record::none;
  }

  /// All that can be wrong with steps on so many samples at a time, before anything is changed.
  template <class Samples>
  constexpr void prepare_step(const Samples& samples, std::span<const std::uint32_t> indices, double rate_factor,
                              std::size_t batch) {
    checks::batch(samples, indices, couples_batch);
    if (!train::is_rate_factor(rate_factor, has_learning_rate))
      train::refuse_rate_factor("the factor on the learning rate", rate_factor);
    updater_.check_changes();
    reserve(batch < indices.size() ? batch : indices.size());
  }
  template <class Samples>
  constexpr void take_steps(const Samples& samples, std::span<const std::uint32_t> order, std::size_t batch,
                            train::course<trainer>& course) {
    gradients_.with_rows(samples, order, [&](const auto& rows, std::span<const std::uint32_t> names) {
      gradients_.run_steps(weights_, rows, names, batch < names.size() ? batch : names.size(), course);
      return course.last;
    });
  }
  constexpr void begin_steps(double rate_factor) noexcept {
    updater_.begin_steps(rate_factor, {options_.clip_norm, options_.clip_value, options_.clip_norm_of_each});
  }
  constexpr void finish_step(bool taken, std::uint64_t random_step) noexcept {
    if (taken) return limit_norms();
    updater_.take_back_step();
    gradients_.use_random_numbers(options_.seed, random_step);
  }
  constexpr void limit_norms() noexcept {
    if (options_.max_norm < 1e300)
      train::limit_unit_norms<T>(compiled::value.parameters, updater_.rates(), weights_.packed(), options_.max_norm);
  }

  training_options<T> options_;
  weights<Model, T> weights_;
  gradients<Model, Loss, T> gradients_;
  updater_type updater_;
  std::size_t epochs_ = 0;
};

template <class Model, class Loss, class Rule>
trainer(Model, Loss, Rule) -> trainer<typename train::trained_model<Model, Loss>::type, Loss, Rule, float>;
template <class Model, class Loss, class Rule, class T>
trainer(Model, Loss, Rule, training_options<T>)
    -> trainer<typename train::trained_model<Model, Loss>::type, Loss, Rule, T>;

} // namespace FUSEGRAD_ABI

} // namespace fusegrad
