// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/base/copy_items.hpp>
#include <fusegrad/base/interrupt.hpp>
#include <fusegrad/base/refuse.hpp>
#include <fusegrad/math/finite.hpp>
#include <fusegrad/train/check_samples.hpp>
#include <fusegrad/train/checkpoint.hpp>
#include <fusegrad/train/evaluate_together.hpp>
#include <fusegrad/train/evaluation.hpp>
#include <fusegrad/train/fit_course.hpp>
#include <fusegrad/train/fit_options.hpp>
#include <fusegrad/train/fit_place.hpp>
#include <fusegrad/train/gradients.hpp>
#include <fusegrad/train/history.hpp>
#include <fusegrad/train/measure_metrics.hpp>
#include <fusegrad/train/no_observer.hpp>
#include <fusegrad/train/samples.hpp>
#include <fusegrad/train/step_guard.hpp>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace fusegrad::train {

/// The loop over epochs and batches.
template <class Trainer, class Samples, class Observer = no_observer> class fit_loop {
public:
  /// Throws std::invalid_argument for samples, options and weights that do not fit, before anything is changed.
  fit_loop(Trainer& trainer, const Samples& samples, const fit_options<Samples>& options, Observer& observer)
      : trainer_{trainer}, samples_{samples}, options_{options}, observer_{observer},
        course_{asked(samples, options), options.progress}, guard_{trainer} {
    // An observer is there to see what numbers do.
    Trainer::checks::all(samples, "the samples", std::is_same_v<Observer, no_observer>);
    if (options.validation != nullptr) check_validation_set<typename Trainer::checks>(samples, *options.validation);
    course_.check();
    if (course_.measures_more()) static_cast<void>(validate());
    trainer.check_settings();
    trainer.check_finite();
    course_.check_schedule();
  }

  history run() {
    trainer_.reserve(options_.batch_size < samples_.size() ? options_.batch_size : samples_.size());
    course_.start();
    if (course_.has_checkpoint()) resume();
    const base::interrupt_watch watch(course_.reporter.is_on_terminal());
    bool is_over = course_.patience_is_over();
    while (!is_over && course_.has_epochs_left()) {
      is_over = run_epoch(watch);
      if (course_.is_checkpoint_due(is_over)) write_checkpoint();
    }
    if (course_.ends_with_best()) restore_best();
    course_.reporter.finish(place_.past);
    return std::move(place_.past); // a copy of a history would be compiled for nothing else
  }

private:
  using number = typename Trainer::number_type;

  static asked_fit asked(const Samples& samples, const fit_options<Samples>& o) {
    return {.samples = samples.size(),
            .epochs = o.epochs,
            .batch_size = o.batch_size,
            .patience = o.patience,
            .least_improvement = o.least_improvement,
            .seed = o.seed,
            .shuffles = o.shuffle,
            .drops_last = o.drop_last,
            .restores_best = o.restore_best,
            .has_validation = o.validation != nullptr,
            .couples_batch = Trainer::couples_batch,
            .has_learning_rate = Trainer::has_learning_rate,
            .better = o.better,
            .plateau = o.plateau,
            .rate_schedule = o.learning_rate_schedule,
            .metrics = o.metrics,
            .checkpoint = o.checkpoint};
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
    course_.reporter.on_epoch(record);
    if (place_.past.end == fit_end::not_finite) return true;
    course_.end_epoch();
    // First of all: whoever ends a fit in its best epoch wants the weights of that one.
    if (course_.watches_best() && course_.note_best(record)) keep_best();
    if (std::string reason = observer_.reason_to_stop(); !reason.empty())
      return course_.stop(fit_end::observer, std::move(reason));
    if (options_.on_epoch && !options_.on_epoch(record))
      return course_.stop(fit_end::callback, "stopped by the callback");
    if (watch.was_interrupted()) return course_.stop_interrupted();
    return course_.patience_is_over();
  }

  epoch_record train_epoch(const base::interrupt_watch& watch) {
    course_.begin_epoch(trainer_.epochs(), has_its_own_order<Samples>);
    bool is_announced = false;
    for (; !course_.is_whole_epoch(); ++place_.batch) {
      if (!step()) break;
      if (course_.is_checkpoint_due_inside()) write_inside_epoch();
      if (watch.was_interrupted() && !std::exchange(is_announced, true))
        course_.reporter.say("the fit ends after this epoch; Ctrl-C again ends the program");
    }
    if (course_.is_whole_epoch() && options_.stay_finite && !guard_.passes_end()) look_back(course_.batches());
    if (course_.is_whole_epoch()) trainer_.count_epoch();
    epoch_record record = course_.record_of_training(samples_.has_labels() && Trainer::names_classes);
    if (options_.validation != nullptr) {
      evaluation e = validate();
      record.validation_loss = e.loss;
      record.validation_accuracy = e.accuracy;
      record.metrics = std::move(e.metrics);
    }
    record.seconds = course_.seconds_of_epoch();
    return record;
  }

  /// One step, unless something is not finite or the observer has seen enough: then false.
  bool step() {
    if (options_.stay_finite && !guard_.passes(place_.batch, place_.sums)) return look_back(place_.batch);
    const done_step done = step_of(place_.batch, observer_);
    if (done.result.refused && options_.stay_finite) return refuse(place_.batch);
    place_.sums.add(done.result, done.samples, done.rate);
    if (options_.on_step) options_.on_step();
    course_.reporter.on_step(place_.epoch, place_.batch, place_.sums.mean_loss());
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
    const double factor = course_.rate_factor(batch);
    const std::span<const std::uint32_t> indices = course_.samples_of(batch);
    const auto& samples = samples_of_epoch(samples_, trainer_.epochs());
    if constexpr (std::is_same_v<Watcher, no_observer>)
      return {trainer_.step(samples, indices, factor), indices.size(), factor * trainer_.learning_rate()};
    else
      return {trainer_.step(samples, indices, factor, watcher), indices.size(), factor * trainer_.learning_rate()};
  }

  /// A step was not taken: by itself, or because of weights that an earlier one had made?
  [[gnu::cold]] bool refuse(std::size_t batch) {
    if (!trainer_.is_finite()) return look_back(batch);
    if (std::string reason = observer_.reason_to_stop(); !reason.empty())
      return !course_.stop(fit_end::not_finite, std::move(reason));
    return !course_.stop_in_step(batch, "the loss, or the gradient that was to be clipped, is not finite");
  }
  /// Something is not finite before step `end`: ends before the step that made it so, if one did.
  bool look_back(std::size_t end) {
    no_observer nobody;
    place_.batch = guard_.find_culprit(end, place_.sums, [&](std::size_t batch) { return step_of(batch, nobody); });
    if (place_.batch == end) return !course_.stop_between_steps(end, guard_.can_look_back());
    return !course_.stop_in_step(place_.batch,
                                 "its update makes weights, or states of the update rule, that are not finite");
  }

  [[gnu::cold]] void keep_best() {
    const auto packed = std::as_const(trainer_).parameters().packed();
    best_weights_.assign(packed.begin(), packed.end());
  }
  void restore_best() {
    base::copy_items(best_weights_.data(), best_weights_.size(), trainer_.parameters().packed().data());
  }

  /// Goes on from the checkpoint, where there is one that fits. A fit that need not stay finite may have left others.
  [[gnu::cold]] void resume() {
    trainer_.remember(memory_);
    best_weights_.assign(memory_.weights.size(), number{});
    fit_place found;
    const fit_view fit = course_.view(found, best_weights_.data());
    // A name of its type would have it instantiated wherever this header is read.
    const auto run =
        options_.checkpoint.path.files().read(options_.checkpoint.path.name(), Trainer::view(memory_), &fit);
    if (!run) return;
    const auto is_finite = [](const auto& x) { return math::all_finite(x.data(), x.size()); };
    if (options_.stay_finite && !(is_finite(memory_.weights) && is_finite(memory_.states)))
      base::refuse("fusegrad: %s has weights, or states of the update rule, that are not finite.", run->file.c_str());
    trainer_.recall(memory_);
    course_.go_on(*run, std::move(found));
  }
  [[gnu::cold]] void write_checkpoint() {
    trainer_.remember(memory_);
    const fit_view fit = course_.view(place_, best_weights_.data());
    options_.checkpoint.path.files().write(options_.checkpoint.path.name(), options_.checkpoint.keep,
                                           Trainer::view(memory_), &fit);
  }
  /// The next step is the one behind this.
  [[gnu::cold]] void write_inside_epoch() {
    ++place_.batch;
    write_checkpoint();
    --place_.batch;
  }

  Trainer& trainer_;
  const Samples& samples_;
  const fit_options<Samples>& options_;
  Observer& observer_;
  fit_course course_;
  fit_place& place_ = course_.place;
  step_guard<Trainer> guard_;
  std::vector<number> best_weights_; ///< packed; of early stopping
  saved_training<number> memory_;    ///< of checkpoints
};

} // namespace fusegrad::train
