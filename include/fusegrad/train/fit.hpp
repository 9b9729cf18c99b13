// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <fusegrad/base/random.hpp>
#include <fusegrad/train/evaluation.hpp>
#include <fusegrad/train/gradients.hpp>
#include <fusegrad/train/history.hpp>
#include <fusegrad/train/progress.hpp>
#include <fusegrad/train/schedule.hpp>
#include <limits>
#include <numeric>
#include <span>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace fusegrad {

/// How `trainer::fit` goes over the data.
template <class Samples> struct fit_options {
  std::size_t epochs = 10;
  std::size_t batch_size = 32;
  const Samples* validation = nullptr;       ///< evaluated after each epoch
  schedule::function learning_rate_schedule{}; ///< a factor on the rule's learning rate; empty: 1
  std::size_t patience = 0;                  ///< stop after so many epochs without a better validation loss; 0: never
  bool restore_best = true;                  ///< with patience: end with the weights of the best epoch
  bool shuffle = true;                       ///< a new order in each epoch
  std::uint64_t seed = 0;                    ///< of the order
  progress_style progress = progress_style::automatic;
  std::function<bool(const epoch_record&)> on_epoch{}; ///< called after each epoch; false stops
};

namespace train {

/// Looks at nothing. An observer that does is given to `trainer::fit`; `inspect::health` is one. It has
///   `compute(weights, samples, indices, updater, random_seed, random_step)`  the step itself, gradients and update, observed
///   `wants(step)`                                              whether to observe a step, counted from 1
///   `took_step()`                                              whether the weights were updated in the step observed last
///   `end_epoch(epoch)`                                         called after each epoch, counted from 1
///   `reason_to_stop()`                                         why to stop, in words; empty: go on
struct no_observer {
  static void end_epoch(std::size_t) noexcept {}
  static std::string reason_to_stop() { return {}; }
};

/// The loop over epochs and batches.
template <class Trainer, class Samples, class Observer = no_observer> class fit_loop {
public:
  fit_loop(Trainer& trainer, const Samples& samples, const fit_options<Samples>& options, Observer& observer)
      : trainer_{trainer}, samples_{samples}, options_{options}, observer_{observer}, reporter_{options.progress} {
    if (options.batch_size == 0) throw std::invalid_argument("fusegrad: fit needs a batch size of at least 1.");
    if (samples.size() == 0) throw std::invalid_argument("fusegrad: fit needs at least one sample.");
    if (samples.size() > std::numeric_limits<std::uint32_t>::max())
      throw std::invalid_argument("fusegrad: fit takes at most 4,294,967,295 samples.");
    if (Trainer::couples_batch && samples.size() % options.batch_size == 1)
      throw std::invalid_argument("fusegrad: " + std::to_string(samples.size()) + " samples in batches of " + std::to_string(options.batch_size) +
                                  " leave one sample over, and batch normalisation needs at least 2; choose another batch size.");
    if (options.patience > 0 && options.validation == nullptr)
      throw std::invalid_argument("fusegrad: early stopping needs a validation set.");
  }

  history run() {
    const std::size_t batches = (samples_.size() + options_.batch_size - 1) / options_.batch_size;
    trainer_.reserve(std::min(options_.batch_size, samples_.size()));
    reporter_.start(options_.epochs, batches, samples_.size());
    for (std::size_t epoch = 0; epoch < options_.epochs; ++epoch) {
      const epoch_record record = run_epoch(epoch, batches);
      observer_.end_epoch(epoch + 1);
      history_.records.push_back(record);
      reporter_.on_epoch(record);
      if (std::string reason = observer_.reason_to_stop(); !reason.empty()) {
        stop(std::move(reason));
        break;
      }
      if (options_.on_epoch && !options_.on_epoch(record)) {
        stop("stopped by the callback");
        break;
      }
      if (options_.patience > 0 && patience_is_over(record)) {
        stop("the validation loss has not improved for " + std::to_string(options_.patience) + " epochs");
        break;
      }
    }
    if (options_.patience > 0 && options_.restore_best && !best_weights_.empty()) restore_best();
    reporter_.finish(history_);
    return history_;
  }

private:
  using clock = std::chrono::steady_clock;

  epoch_record run_epoch(std::size_t epoch, std::size_t batches) {
    const auto start = clock::now();
    const std::vector<std::uint32_t> order = order_of(epoch);
    double loss = 0, rate = 0;
    std::size_t correct = 0;
    for (std::size_t batch = 0; batch < batches; ++batch) {
      const std::size_t first = batch * options_.batch_size;
      const std::size_t count = std::min(options_.batch_size, order.size() - first);
      const double factor = rate_factor(epoch, batch, batches);
      const auto result = step(std::span(order).subspan(first, count), factor);
      loss += result.loss * static_cast<double>(count);
      correct += result.correct;
      rate = factor * trainer_.rule().setting("learning_rate");
      reporter_.on_step(epoch, batch, loss / static_cast<double>(first + count));
      if (!observer_.reason_to_stop().empty()) break;
    }
    const double training_seconds = std::chrono::duration<double>(clock::now() - start).count();
    const auto total = static_cast<double>(samples_.size());
    epoch_record record{};
    record.epoch = epoch + 1;
    record.loss = loss / total;
    record.accuracy = samples_.has_labels() ? static_cast<double>(correct) / total : std::numeric_limits<double>::quiet_NaN();
    record.validation_loss = record.validation_accuracy = std::numeric_limits<double>::quiet_NaN();
    record.learning_rate = rate;
    record.samples_per_second = total / std::max(training_seconds, 1e-9);
    if (options_.validation != nullptr) {
      const evaluation e = trainer_.evaluate(*options_.validation);
      record.validation_loss = e.loss;
      record.validation_accuracy = e.accuracy;
    }
    record.seconds = std::chrono::duration<double>(clock::now() - start).count();
    return record;
  }

  batch_result step(std::span<const std::uint32_t> indices, double factor) {
    if constexpr (std::is_same_v<Observer, no_observer>) return trainer_.step(samples_, indices, factor);
    else return trainer_.step(samples_, indices, factor, observer_);
  }

  std::vector<std::uint32_t> order_of(std::size_t epoch) const {
    const auto count = static_cast<std::uint32_t>(samples_.size());
    if (options_.shuffle) return base::permutation(count, options_.seed, epoch);
    std::vector<std::uint32_t> order(count);
    std::iota(order.begin(), order.end(), 0u);
    return order;
  }

  double rate_factor(std::size_t epoch, std::size_t batch, std::size_t batches) const {
    if (!options_.learning_rate_schedule) return 1;
    const double within = static_cast<double>(batch) / static_cast<double>(batches);
    return options_.learning_rate_schedule({epoch * batches + batch, options_.epochs * batches, static_cast<double>(epoch) + within,
                                            static_cast<double>(options_.epochs)});
  }

  bool patience_is_over(const epoch_record& record) {
    if (record.validation_loss < best_loss_) {
      best_loss_ = record.validation_loss;
      best_epoch_ = record.epoch;
      const auto packed = std::as_const(trainer_).parameters().packed();
      best_weights_.assign(packed.begin(), packed.end());
    }
    return record.epoch - best_epoch_ >= options_.patience;
  }

  void restore_best() { std::copy(best_weights_.begin(), best_weights_.end(), trainer_.parameters().packed().begin()); }

  void stop(std::string reason) {
    history_.stopped_early = true;
    history_.stop_reason = std::move(reason);
  }

  Trainer& trainer_;
  const Samples& samples_;
  const fit_options<Samples>& options_;
  Observer& observer_;
  progress_reporter reporter_;
  history history_;
  double best_loss_ = std::numeric_limits<double>::infinity();
  std::size_t best_epoch_ = 0;
  std::vector<typename Trainer::number_type> best_weights_;
};

} // namespace train

} // namespace fusegrad
