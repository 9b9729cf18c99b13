// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/train/epoch_sums.hpp>
#include <fusegrad/train/saved_training.hpp>

namespace fusegrad::train {

/// Keeps weights finite over the steps of an epoch. A step whose loss is not finite is not taken anyway; one that makes
/// weights or states that are not finite shows only afterwards, and looking at all of them after each step would cost
/// too much. So they are looked at and remembered every `distance` steps, and where something is wrong the steps since
/// then are made again, one by one, up to the one before the culprit: the same numbers come out, since a step depends
/// on weights, samples and counters alone.
template <class Trainer> class step_guard {
public:
  /// Costs below 1 % of the steps between, whatever the model: both grow with its weights.
  static constexpr std::size_t distance = 64;

  explicit step_guard(Trainer& trainer) noexcept : trainer_{trainer} {}

  /// Before step `batch`: remembers where it is time to. False where something is not finite already.
  bool passes(std::size_t batch, const epoch_sums& sums) {
    if (has_memory_ && batch - batch_ < distance) return true;
    if (!trainer_.is_finite()) return false;
    remember(batch, sums);
    return true;
  }
  /// The end of an epoch: whether all is finite.
  bool passes_end() {
    const bool is_finite = trainer_.is_finite();
    if (is_finite) has_memory_ = false;
    return is_finite;
  }
  /// Whether something of this epoch is remembered. Nothing is before its first step.
  [[nodiscard]] bool can_look_back() const noexcept { return has_memory_; }

  /// Goes back, and makes the steps up to `end` again with `step(batch)`, which gives back the result, how many samples
  /// there were, and the rate. Ends before the one after which something is not finite, and gives back its number;
  /// `end` if there is none, or nothing to go back to.
  template <class Step> std::size_t find_culprit(std::size_t end, epoch_sums& sums, Step&& step) {
    if (!has_memory_) return end;
    recall(sums);
    for (std::size_t batch = batch_; batch < end; ++batch) {
      remember(batch, sums);
      const auto done = step(batch);
      if (done.result.refused || !trainer_.is_finite()) {
        recall(sums);
        return batch;
      }
      sums.add(done.result, done.samples, done.rate);
    }
    return end;
  }

private:
  void remember(std::size_t batch, const epoch_sums& sums) {
    trainer_.remember(memory_);
    batch_ = batch;
    sums_ = sums;
    has_memory_ = true;
  }
  void recall(epoch_sums& sums) noexcept {
    trainer_.recall(memory_);
    sums = sums_;
  }

  Trainer& trainer_;
  saved_training<typename Trainer::number_type> memory_;
  epoch_sums sums_;
  std::size_t batch_ = 0;
  bool has_memory_ = false;
};

} // namespace fusegrad::train
