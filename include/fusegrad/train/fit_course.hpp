// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/base/clock.hpp>
#include <fusegrad/base/config.hpp>
#include <fusegrad/base/finite.hpp>
#include <fusegrad/base/random.hpp>
#include <fusegrad/base/refuse.hpp>
#include <fusegrad/train/best_by.hpp>
#include <fusegrad/train/check_samples.hpp>
#include <fusegrad/train/checkpoint.hpp>
#include <fusegrad/train/fit_place.hpp>
#include <fusegrad/train/fit_reasons.hpp>
#include <fusegrad/train/history.hpp>
#include <fusegrad/train/metric.hpp>
#include <fusegrad/train/named_number.hpp>
#include <fusegrad/train/plateau.hpp>
#include <fusegrad/train/progress.hpp>
#include <fusegrad/train/rule_settings.hpp>
#include <fusegrad/train/schedule.hpp>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace fusegrad::train::inline FUSEGRAD_ABI {

/// What is asked of a fit, without the types of its samples and its trainer. Refers to options of the caller.
struct asked_fit {
  std::size_t samples, epochs, batch_size, patience;
  double least_improvement;
  std::uint64_t seed;
  bool shuffles, drops_last, restores_best, has_validation;
  bool couples_batch, has_learning_rate; ///< of the trainer
  const best_by& better;
  const schedule::plateau& plateau;
  const schedule::function& rate_schedule;
  const std::vector<metric>& metrics;
  const checkpoint_options& checkpoint;
};

/// The course of a fit, whatever it trains: how far it is, what comes next, what was best, and why it ends. It knows no
/// types, so that a unit compiles it once and not with each trainer.
class fit_course {
public:
  fit_course(const asked_fit& asked, progress_style style) : reporter{style}, asked_{asked} {
    if (asked.batch_size == 0) refuse_samples("fit needs a batch size of at least 1.");
    if (asked.samples > std::numeric_limits<std::uint32_t>::max())
      refuse_samples("fit takes at most 4,294,967,295 samples.");
    place.past.better = asked.better;
  }

  fit_place place;
  progress_reporter reporter;

  /// Throws std::invalid_argument for what does not fit together, of samples that have been looked at.
  [[gnu::cold]] void check() {
    const std::size_t all = asked_.samples, batch = asked_.batch_size;
    if (asked_.couples_batch && all % batch == 1 && !asked_.drops_last)
      base::refuse("fusegrad: %zu samples in batches of %zu leave one sample over, and batch normalisation needs at "
                   "least 2; choose another batch size.",
                   all, batch);
    if (has_checkpoint() && (asked_.checkpoint.every_epochs == 0 || asked_.checkpoint.keep == 0))
      refuse_samples("checkpoints are kept 1, 2, ... at a time, and written every 1, 2, ... epochs; not 0.");
    check_plateau(asked_.plateau, asked_.has_learning_rate);
    for (const double least : {asked_.least_improvement, asked_.plateau.least_improvement})
      if (!(least >= 0 && base::is_finite(least)))
        refuse_setting("the least improvement", "0 or more and finite", least);
    if (!asked_.has_validation) check_nothing_needs_validation();
    batches_ = asked_.drops_last ? all / batch : 1 + (all - 1) / batch;
    if (batches_ == 0)
      base::refuse("fusegrad: %zu samples make no full batch of %zu, and the last one is to be left out.", all, batch);
  }
  /// A schedule is a function of the moment: it is looked at before the first step. At all moments, as long as they are
  /// not so many that a person would wait for it.
  [[gnu::cold]] void check_schedule() const {
    if (!asked_.rate_schedule) return;
    constexpr std::size_t most = 1'000'000;
    const std::size_t steps = asked_.epochs * batches_, distance = 1 + steps / most;
    for (std::size_t step = 0; step < steps; step += distance) {
      const std::size_t epoch = step / batches_, batch = step % batches_;
      if (const double factor = scheduled(epoch, batch); !is_rate_factor(factor, asked_.has_learning_rate))
        refuse_rate_factor("the schedule's factor in epoch " + std::to_string(epoch + 1) + ", step " +
                               std::to_string(batch + 1),
                           factor);
    }
  }
  /// Whether more is measured on the validation set than what any model has.
  [[nodiscard]] bool measures_more() const noexcept {
    return asked_.has_validation && (!asked_.metrics.empty() || asked_.better != best_by::loss);
  }

  [[nodiscard]] std::size_t batches() const noexcept { return batches_; }
  [[nodiscard]] bool is_whole_epoch() const noexcept { return place.batch == batches_; }
  [[nodiscard]] bool has_epochs_left() const noexcept { return place.epoch < asked_.epochs; }
  [[nodiscard]] bool watches_best() const noexcept { return asked_.patience > 0; }
  [[nodiscard]] bool ends_with_best() const noexcept {
    return asked_.patience > 0 && asked_.restores_best && place.best_epoch != 0;
  }
  [[nodiscard]] bool has_checkpoint() const noexcept { return !asked_.checkpoint.path.empty(); }
  [[nodiscard]] bool is_checkpoint_due(bool is_over) const noexcept {
    return has_checkpoint() && place.past.end != fit_end::not_finite &&
           (is_over || place.epoch == asked_.epochs || place.epoch % asked_.checkpoint.every_epochs == 0);
  }
  [[nodiscard]] bool is_checkpoint_due_inside() const noexcept {
    const std::size_t every = asked_.checkpoint.every_steps;
    return every != 0 && has_checkpoint() && (place.batch + 1) % every == 0 && place.batch + 1 < batches_;
  }

  void start() { reporter.start(asked_.epochs, batches_, asked_.samples); }
  /// Before the steps of an epoch: the order of the samples, of which the trainer has seen so many epochs.
  void begin_epoch(std::size_t seen, bool has_its_own_order) {
    start_of_epoch_ = base::seconds_now();
    const auto count = static_cast<std::uint32_t>(asked_.samples);
    order_ =
        asked_.shuffles && !has_its_own_order ? base::permutation(count, asked_.seed, seen) : base::numbers_to(count);
    plateau_factor_ = asked_.plateau.factor < 1 ? asked_.plateau.after(place.past.records, asked_.better) : 1;
  }
  /// The samples of a step of this epoch.
  [[nodiscard]] std::span<const std::uint32_t> samples_of(std::size_t batch) const noexcept {
    const std::size_t first = batch * asked_.batch_size, left = order_.size() - first;
    return std::span(order_).subspan(first, asked_.batch_size < left ? asked_.batch_size : left);
  }
  /// The factor on the learning rate in a step of this epoch.
  [[nodiscard]] double rate_factor(std::size_t batch) const { return scheduled(place.epoch, batch) * plateau_factor_; }
  /// What the steps of this epoch came to, as far as they were made.
  [[nodiscard]] epoch_record record_of_training(bool has_accuracy) const {
    const double seconds = seconds_of_epoch();
    epoch_record record{};
    record.epoch = place.epoch + 1;
    record.loss = place.sums.mean_loss();
    if (has_accuracy) record.accuracy = place.sums.accuracy();
    record.learning_rate = place.sums.learning_rate;
    record.samples_per_second = static_cast<double>(place.sums.samples) / (seconds > 1e-9 ? seconds : 1e-9);
    return record;
  }
  [[nodiscard]] double seconds_of_epoch() const { return base::seconds_now() - start_of_epoch_; }
  /// Behind the steps of an epoch that was not broken off.
  void end_epoch() {
    ++place.epoch;
    place.batch = 0;
    place.sums = {};
  }
  /// Notes an epoch that is the best so far, and tells whether it is.
  [[gnu::cold]] bool note_best(const epoch_record& record) {
    const double now = record.watched(asked_.better);
    if (!(now < place.best_loss - (place.best_epoch == 0 ? 0 : asked_.least_improvement))) return false;
    place.best_loss = now;
    place.best_epoch = record.epoch;
    return true;
  }
  [[gnu::cold]] bool patience_is_over() {
    if (asked_.patience == 0 || place.past.records.empty()) return false;
    if (place.past.records.back().epoch - place.best_epoch < asked_.patience) return false;
    return stop(fit_end::patience, "the validation " + asked_.better.name + " has not improved for " +
                                       std::to_string(asked_.patience) + " epochs");
  }

  /// Always true: it is to be the last epoch.
  [[gnu::cold]] bool stop(fit_end end, std::string reason) {
    place.past.end = end;
    place.past.stopped_early = true;
    place.past.stop_reason = std::move(reason);
    return true;
  }
  [[gnu::cold]] bool stop_in_step(std::size_t batch, const char* what) {
    return stop(fit_end::not_finite, reason_in_step(place.epoch, batch, what, ends_with_best()));
  }
  [[gnu::cold]] bool stop_between_steps(std::size_t steps, bool is_remembered) {
    return stop(fit_end::not_finite, reason_between_steps(place.epoch, steps, is_remembered, ends_with_best()));
  }
  [[gnu::cold]] bool stop_interrupted() {
    return stop(fit_end::interrupted,
                has_checkpoint() ? "interrupted; the same program goes on from " + asked_.checkpoint.path.name()
                                 : "interrupted; the weights are those after this epoch, and another fit goes on from "
                                   "them");
  }

  /// The fit as who writes it down has to know it.
  [[gnu::cold]] [[nodiscard]] fit_view view(fit_place& at, void* best_weights) const {
    fit_identity identity{asked_.drops_last ? batches_ * asked_.batch_size : asked_.samples,
                          asked_.batch_size,
                          asked_.epochs,
                          asked_.seed,
                          asked_.shuffles,
                          static_cast<bool>(asked_.rate_schedule),
                          asked_.better};
    for (const metric& m : asked_.metrics) identity.metrics.push_back(m.name());
    if (!is_told_anyway(asked_.better)) add_once(identity.metrics, asked_.better.name);
    return {std::move(identity), &at, best_weights};
  }
  /// Goes on where a run was that has been read.
  [[gnu::cold]] void go_on(const found_run& run, fit_place&& found) {
    place = std::move(found);
    if (!run.note.empty()) reporter.say(run.note);
    if (run.has_fit)
      reporter.say("going on from " + run.file + ", after " + std::to_string(place.epoch) + " of " +
                   std::to_string(asked_.epochs) + " epochs");
  }

private:
  [[gnu::cold]] void check_nothing_needs_validation() const {
    if (asked_.patience > 0) refuse_samples("early stopping needs a validation set.");
    if (asked_.plateau.factor < 1) refuse_samples("a plateau is seen on a validation set, and there is none.");
    if (asked_.better != best_by::loss)
      base::refuse("fusegrad: the %s is measured on a validation set, and there is none.", asked_.better.name.c_str());
    if (!asked_.metrics.empty()) refuse_samples("metrics are measured on a validation set, and there is none.");
  }
  [[nodiscard]] double scheduled(std::size_t epoch, std::size_t batch) const {
    if (!asked_.rate_schedule) return 1;
    const double within = static_cast<double>(batch) / static_cast<double>(batches_);
    return asked_.rate_schedule({epoch * batches_ + batch, asked_.epochs * batches_,
                                 static_cast<double>(epoch) + within, static_cast<double>(asked_.epochs)});
  }

  asked_fit asked_;
  std::vector<std::uint32_t> order_; ///< of the samples in this epoch
  std::size_t batches_ = 0;
  double plateau_factor_ = 1, start_of_epoch_ = 0; ///< in this epoch
};

} // namespace fusegrad::train::inline FUSEGRAD_ABI
