// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <fusegrad/base/any_function.hpp>
#include <fusegrad/base/clock.hpp>
#include <fusegrad/base/copy_items.hpp>
#include <fusegrad/base/finite.hpp>
#include <fusegrad/base/interrupt.hpp>
#include <fusegrad/base/random.hpp>
#include <fusegrad/math/finite.hpp>
#include <fusegrad/train/best_by.hpp>
#include <fusegrad/train/check_samples.hpp>
#include <fusegrad/train/checkpoint.hpp>
#include <fusegrad/train/evaluate_together.hpp>
#include <fusegrad/train/evaluation.hpp>
#include <fusegrad/train/fit_place.hpp>
#include <fusegrad/train/fit_reasons.hpp>
#include <fusegrad/train/gradients.hpp>
#include <fusegrad/train/history.hpp>
#include <fusegrad/train/measure_metrics.hpp>
#include <fusegrad/train/metric.hpp>
#include <fusegrad/train/plateau.hpp>
#include <fusegrad/train/progress.hpp>
#include <fusegrad/train/rule_settings.hpp>
#include <fusegrad/train/samples.hpp>
#include <fusegrad/train/schedule.hpp>
#include <fusegrad/train/step_guard.hpp>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace fusegrad {

namespace train {

/// The address of a validation set. Whatever else is given is refused in words.
template <class Samples> class address_of_samples {
public:
  constexpr address_of_samples(const Samples* at = nullptr) noexcept : at_{at} {}
  template <class Other>
    requires(!std::convertible_to<const Other*, const Samples*>)
  constexpr address_of_samples(const Other*) noexcept {
    static_cast<void>(sizeof(validation_of_another_type<Other>));
  }
  template <class Other>
    requires(!std::is_pointer_v<Other> && !std::convertible_to<const Other&, const Samples*>)
  constexpr address_of_samples(const Other&) noexcept {
    static_cast<void>(sizeof(validation_is_an_address<Other>));
  }
  constexpr operator const Samples*() const noexcept { return at_; }

private:
  const Samples* at_ = nullptr;
};

} // namespace train

/// How `trainer::fit` goes over the data.
template <class Samples> struct fit_options {
  std::size_t epochs = 10;
  std::size_t batch_size = 32;
  train::address_of_samples<typename train::evaluated_with<Samples>::type> validation{}; ///< evaluated after each epoch
  std::vector<metric> metrics{};               ///< measured on it, beside loss and accuracy
  schedule::function learning_rate_schedule{}; ///< a factor on the rule's learning rate; empty: 1
  schedule::plateau plateau{};                 ///< lowers the learning rate when validation no longer gets better
  std::size_t patience = 0;                    ///< stop after so many epochs without a better one; 0: never
  best_by better = best_by::loss;              ///< what "better" is decided by, on the validation set
  double least_improvement = 0;                ///< by how much it has to be better
  bool restore_best = true;                    ///< with patience: end with the weights of the best epoch
  bool shuffle = true;                         ///< a new order in each epoch; samples may have one of their own
  bool drop_last = false;                      ///< leave out the last batch of an epoch where it is not full
  std::uint64_t seed = 0;                      ///< of the order
  bool stay_finite = true;                     ///< stop before a step that would leave weights that are not finite
  checkpoint_options checkpoint{};             ///< go on from a file where it is there, and write it now and then
  progress_style progress = progress_style::automatic;
  base::any_function<void()> on_step{};                     ///< called after each step
  base::any_function<bool(const epoch_record&)> on_epoch{}; ///< called after each epoch; false stops
};

namespace train {

/// Looks at nothing. An observer that does is given to `trainer::fit`; `inspect::health` is one. It has
/// - `compute(weights, samples, indices, updater, random_seed, random_step)`: the step itself, gradients and update,
///   observed
/// - `wants(step)`: whether to observe a step, counted from 1
/// - `took_step()`: whether the weights were updated in the step observed last
/// - `end_epoch(epoch)`: called after each epoch, counted from 1
/// - `reason_to_stop()`: why to stop, in words; empty: go on
struct no_observer {
  static void end_epoch(std::size_t) noexcept {}
  static std::string reason_to_stop() { return {}; }
};

/// The loop over epochs and batches.
template <class Trainer, class Samples, class Observer = no_observer> class fit_loop {
public:
  /// Throws std::invalid_argument for samples, options and weights that do not fit, before anything is changed.
  fit_loop(Trainer& trainer, const Samples& samples, const fit_options<Samples>& options, Observer& observer)
      : trainer_{trainer}, samples_{samples}, options_{options}, observer_{observer}, reporter_{options.progress},
        guard_{trainer} {
    const std::size_t all = samples.size(), batch = options.batch_size;
    if (batch == 0) refuse_samples("fit needs a batch size of at least 1.");
    if (all > std::numeric_limits<std::uint32_t>::max()) refuse_samples("fit takes at most 4,294,967,295 samples.");
    // An observer is there to see what numbers do.
    Trainer::checks::all(samples, "the samples", std::is_same_v<Observer, no_observer>);
    if (options.validation != nullptr) Trainer::checks::all(*options.validation, "the validation samples");
    if (Trainer::couples_batch && all % batch == 1 && !options.drop_last)
      base::refuse("fusegrad: %zu samples in batches of %zu leave one sample over, and batch normalisation needs at "
                   "least 2; choose another batch size.",
                   all, batch);
    if (!options.checkpoint.path.empty() && (options.checkpoint.every_epochs == 0 || options.checkpoint.keep == 0))
      refuse_samples("checkpoints are kept 1, 2, ... at a time, and written every 1, 2, ... epochs; not 0.");
    place_.past.better = options.better;
    check_validation();
    batches_ = options.drop_last ? all / batch : 1 + (all - 1) / batch;
    if (batches_ == 0)
      base::refuse("fusegrad: %zu samples make no full batch of %zu, and the last one is to be left out.", all, batch);
    trainer.check_settings();
    trainer.check_finite();
    check_schedule();
  }

  history run() {
    trainer_.reserve(options_.batch_size < samples_.size() ? options_.batch_size : samples_.size());
    reporter_.start(options_.epochs, batches_, samples_.size());
    if (!options_.checkpoint.path.empty()) resume();
    const base::interrupt_watch watch(reporter_.is_on_terminal());
    bool is_over = !place_.past.records.empty() && options_.patience > 0 && patience_is_over();
    while (!is_over && place_.epoch < options_.epochs) {
      is_over = run_epoch(watch);
      if (place_.past.end != fit_end::not_finite &&
          (is_over || place_.epoch == options_.epochs || place_.epoch % options_.checkpoint.every_epochs == 0))
        write_checkpoint();
    }
    if (ends_with_best()) restore_best();
    reporter_.finish(place_.past);
    return std::move(place_.past); // a copy of a history would be compiled for nothing else
  }

private:
  using number = typename Trainer::number_type;

  void check_validation() const {
    const schedule::plateau& plateau = options_.plateau;
    check_plateau(plateau, Trainer::has_learning_rate);
    for (const double least : {options_.least_improvement, plateau.least_improvement})
      if (!(least >= 0 && base::is_finite(least)))
        refuse_setting("the least improvement", "0 or more and finite", least);
    if (options_.validation == nullptr) {
      const char* const better = options_.better.name.c_str();
      if (options_.patience > 0) refuse_samples("early stopping needs a validation set.");
      if (plateau.factor < 1) refuse_samples("a plateau is seen on a validation set, and there is none.");
      if (options_.better != best_by::loss)
        base::refuse("fusegrad: the %s is measured on a validation set, and there is none.", better);
      if (!options_.metrics.empty()) refuse_samples("metrics are measured on a validation set, and there is none.");
    } else if (!options_.metrics.empty() || options_.better != best_by::loss) {
      static_cast<void>(validate());
    }
  }
  evaluation validate() const {
    evaluation e = evaluate_together(trainer_.weights_, trainer_.gradients_, *options_.validation, options_.metrics);
    add_what_is_best(e, options_.better);
    return e;
  }

  /// Trains for an epoch, and tells whether it is to be the last.
  bool run_epoch(const base::interrupt_watch& watch) {
    place_.past.records.push_back(train_epoch(watch));
    const epoch_record& record = place_.past.records.back();
    observer_.end_epoch(place_.epoch + 1);
    reporter_.on_epoch(record);
    if (place_.past.end == fit_end::not_finite) return true;
    ++place_.epoch;
    place_.batch = 0;
    place_.sums = {};
    // First of all: whoever ends a fit in its best epoch wants the weights of that one.
    if (options_.patience > 0) note_best(record);
    if (std::string reason = observer_.reason_to_stop(); !reason.empty())
      return stop(fit_end::observer, std::move(reason));
    if (options_.on_epoch && !options_.on_epoch(record)) return stop(fit_end::callback, "stopped by the callback");
    if (watch.was_interrupted()) return stop(fit_end::interrupted, how_to_go_on());
    return options_.patience > 0 && patience_is_over();
  }

  epoch_record train_epoch(const base::interrupt_watch& watch) {
    const double start = base::seconds_now();
    order_ = order_of(trainer_.epochs());
    plateau_factor_ = options_.plateau.factor < 1 ? options_.plateau.after(place_.past.records, options_.better) : 1;
    bool is_announced = false;
    for (; place_.batch < batches_; ++place_.batch) {
      if (!step()) break;
      if (const std::size_t every = options_.checkpoint.every_steps;
          every != 0 && (place_.batch + 1) % every == 0 && place_.batch + 1 < batches_)
        write_inside_epoch();
      if (watch.was_interrupted() && !std::exchange(is_announced, true))
        reporter_.say("the fit ends after this epoch; Ctrl-C again ends the program");
    }
    if (place_.batch == batches_ && options_.stay_finite && !guard_.passes_end()) look_back(batches_);
    if (place_.batch == batches_) trainer_.count_epoch();
    const double training_seconds = base::seconds_now() - start;
    epoch_record record{};
    record.epoch = place_.epoch + 1;
    record.loss = place_.sums.mean_loss();
    if (samples_.has_labels() && Trainer::names_classes) record.accuracy = place_.sums.accuracy();
    record.learning_rate = place_.sums.learning_rate;
    record.samples_per_second =
        static_cast<double>(place_.sums.samples) / (training_seconds > 1e-9 ? training_seconds : 1e-9);
    if (options_.validation != nullptr) {
      evaluation e = validate();
      record.validation_loss = e.loss;
      record.validation_accuracy = e.accuracy;
      record.metrics = std::move(e.metrics);
    }
    record.seconds = base::seconds_now() - start;
    return record;
  }

  /// One step, unless something is not finite or the observer has seen enough: then false.
  bool step() {
    if (options_.stay_finite && !guard_.passes(place_.batch, place_.sums)) return look_back(place_.batch);
    const done_step done = step_of(place_.batch, observer_);
    if (done.result.refused && options_.stay_finite) return refuse(place_.batch);
    place_.sums.add(done.result, done.samples, done.rate);
    if (options_.on_step) options_.on_step();
    reporter_.on_step(place_.epoch, place_.batch, place_.sums.mean_loss());
    if (observer_.reason_to_stop().empty()) return true;
    ++place_.batch;
    return false;
  }

  struct done_step {
    batch_result result;
    std::size_t samples;
    double rate;
  };
  template <class Watcher> done_step step_of(std::size_t batch, Watcher& watcher) {
    const std::size_t first = batch * options_.batch_size;
    const std::size_t left = order_.size() - first;
    const std::size_t count = options_.batch_size < left ? options_.batch_size : left;
    const double factor = rate_factor(place_.epoch, batch) * plateau_factor_;
    const std::span<const std::uint32_t> indices = std::span(order_).subspan(first, count);
    const auto& samples = samples_of_epoch(samples_, trainer_.epochs());
    if constexpr (std::is_same_v<Watcher, no_observer>)
      return {trainer_.step(samples, indices, factor), count, factor * trainer_.learning_rate()};
    else
      return {trainer_.step(samples, indices, factor, watcher), count, factor * trainer_.learning_rate()};
  }

  /// A step was not taken: by itself, or because of weights that an earlier one had made?
  [[gnu::cold]] bool refuse(std::size_t batch) {
    if (!trainer_.is_finite()) return look_back(batch);
    if (std::string reason = observer_.reason_to_stop(); !reason.empty())
      return !stop(fit_end::not_finite, std::move(reason));
    return stop_at(batch, "the loss, or the gradient that was to be clipped, is not finite");
  }
  /// Something is not finite before step `end`: ends before the step that made it so, if one did.
  bool look_back(std::size_t end) {
    no_observer nobody;
    place_.batch = guard_.find_culprit(end, place_.sums, [&](std::size_t batch) { return step_of(batch, nobody); });
    if (place_.batch == end)
      return !stop(fit_end::not_finite,
                   reason_between_steps(place_.epoch, end, guard_.can_look_back(), ends_with_best()));
    return stop_at(place_.batch, "its update makes weights, or states of the update rule, that are not finite");
  }
  [[gnu::cold]] bool stop_at(std::size_t batch, const char* what) {
    return !stop(fit_end::not_finite, reason_in_step(place_.epoch, batch, what, ends_with_best()));
  }

  std::vector<std::uint32_t> order_of(std::size_t epoch) const {
    const auto count = static_cast<std::uint32_t>(samples_.size());
    if (options_.shuffle && !has_its_own_order<Samples>) return base::permutation(count, options_.seed, epoch);
    return base::numbers_to(count);
  }

  double rate_factor(std::size_t epoch, std::size_t batch) const {
    if (!options_.learning_rate_schedule) return 1;
    const double within = static_cast<double>(batch) / static_cast<double>(batches_);
    return options_.learning_rate_schedule({epoch * batches_ + batch, options_.epochs * batches_,
                                            static_cast<double>(epoch) + within, static_cast<double>(options_.epochs)});
  }
  /// A schedule is a function of the moment: it is looked at before the first step. At all moments, as long as they are
  /// not so many that a person would wait for it.
  void check_schedule() const {
    if (!options_.learning_rate_schedule) return;
    constexpr std::size_t most = 1'000'000;
    const std::size_t steps = options_.epochs * batches_, distance = 1 + steps / most;
    for (std::size_t step = 0; step < steps; step += distance) {
      const std::size_t epoch = step / batches_, batch = step % batches_;
      if (const double factor = rate_factor(epoch, batch); !is_rate_factor(factor, Trainer::has_learning_rate))
        refuse_rate_factor("the schedule's factor in epoch " + std::to_string(epoch + 1) + ", step " +
                               std::to_string(batch + 1),
                           factor);
    }
  }

  void note_best(const epoch_record& record) {
    const double now = record.watched(options_.better);
    if (!(now < place_.best_loss - (place_.best_epoch == 0 ? 0 : options_.least_improvement))) return;
    place_.best_loss = now;
    place_.best_epoch = record.epoch;
    const auto packed = std::as_const(trainer_).parameters().packed();
    best_weights_.assign(packed.begin(), packed.end());
  }
  [[gnu::cold]] bool patience_is_over() {
    if (place_.past.records.back().epoch - place_.best_epoch < options_.patience) return false;
    return stop(fit_end::patience, "the validation " + options_.better.name + " has not improved for " +
                                       std::to_string(options_.patience) + " epochs");
  }

  [[gnu::cold]] fit_view view_of_fit(fit_place& place) {
    fit_identity identity{options_.drop_last ? batches_ * options_.batch_size : samples_.size(),
                          options_.batch_size,
                          options_.epochs,
                          options_.seed,
                          options_.shuffle,
                          static_cast<bool>(options_.learning_rate_schedule),
                          options_.better};
    for (const metric& m : options_.metrics) identity.metrics.push_back(m.name());
    if (!is_told_anyway(options_.better)) add_once(identity.metrics, options_.better.name);
    return {std::move(identity), &place, best_weights_.data()};
  }

  /// Goes on from the checkpoint, where there is one that fits. A fit that need not stay finite may have left others.
  [[gnu::cold]] void resume() {
    trainer_.remember(memory_);
    best_weights_.assign(memory_.weights.size(), number{});
    fit_place found;
    const fit_view fit = view_of_fit(found);
    // A name of its type would have it instantiated wherever this header is read.
    const auto run =
        options_.checkpoint.path.files().read(options_.checkpoint.path.name(), Trainer::view(memory_), &fit);
    if (!run) return;
    const auto is_finite = [](const auto& x) { return math::all_finite(x.data(), x.size()); };
    if (options_.stay_finite && !(is_finite(memory_.weights) && is_finite(memory_.states)))
      base::refuse("fusegrad: %s has weights, or states of the update rule, that are not finite.", run->file.c_str());
    trainer_.recall(memory_);
    place_ = std::move(found);
    if (!run->note.empty()) reporter_.say(run->note);
    if (run->has_fit)
      reporter_.say("going on from " + run->file + ", after " + std::to_string(place_.epoch) + " of " +
                    std::to_string(options_.epochs) + " epochs");
  }
  [[gnu::cold]] void write_checkpoint() {
    if (options_.checkpoint.path.empty()) return;
    trainer_.remember(memory_);
    const fit_view fit = view_of_fit(place_);
    options_.checkpoint.path.files().write(options_.checkpoint.path.name(), options_.checkpoint.keep,
                                           Trainer::view(memory_), &fit);
  }
  /// The next step is the one behind this.
  [[gnu::cold]] void write_inside_epoch() {
    ++place_.batch;
    write_checkpoint();
    --place_.batch;
  }
  [[gnu::cold]] std::string how_to_go_on() const {
    if (options_.checkpoint.path.empty())
      return "interrupted; the weights are those after this epoch, and another fit goes on from them";
    return "interrupted; the same program goes on from " + options_.checkpoint.path.name();
  }

  bool ends_with_best() const { return options_.patience > 0 && options_.restore_best && place_.best_epoch != 0; }
  void restore_best() {
    base::copy_items(best_weights_.data(), best_weights_.size(), trainer_.parameters().packed().data());
  }

  /// Always true: it is to be the last epoch.
  [[gnu::cold]] bool stop(fit_end end, std::string reason) {
    place_.past.end = end;
    place_.past.stopped_early = true;
    place_.past.stop_reason = std::move(reason);
    return true;
  }

  Trainer& trainer_;
  const Samples& samples_;
  const fit_options<Samples>& options_;
  Observer& observer_;
  progress_reporter reporter_;
  step_guard<Trainer> guard_;
  fit_place place_;
  std::vector<number> best_weights_; ///< packed; of early stopping
  saved_training<number> memory_;    ///< of checkpoints
  std::vector<std::uint32_t> order_;
  std::size_t batches_ = 0;
  double plateau_factor_ = 1; ///< in this epoch
};

} // namespace train

} // namespace fusegrad
