// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/run/team.hpp>
#include <fusegrad/train/batch_result.hpp>
#include <fusegrad/train/check_samples.hpp>
#include <span>
#include <string>

namespace fusegrad {

/// What many steps came to.
struct steps_result {
  double loss = 0;         ///< the mean over the samples of all steps that were taken; 0 of none
  std::size_t correct = 0; ///< how many of their classes were predicted
  std::size_t samples = 0; ///< in all steps that were taken
  std::size_t steps = 0;   ///< that were taken
  bool refused = false;    ///< the step behind them was not taken, as `batch_result::refused` says, nor any further
};

namespace train::inline FUSEGRAD_ABI {

/// Throws std::invalid_argument where so many samples are no steps of `batch` each.
constexpr void check_steps(std::size_t samples, std::size_t batch, bool couples_batch) {
  if (batch == 0) refuse_samples("steps need a batch of at least 1 sample; 0 was given.");
  if (couples_batch && batch > 1 && samples % batch == 1)
    refuse_samples(std::to_string(samples) + " samples in batches of " + std::to_string(batch) +
                   " leave one sample over, and batch normalisation needs at least 2; choose another batch.");
}

/// Calls `step(indices)` for `batch` numbers of `order` after the other, until it says false; the last has what is
/// left.
template <class Step> constexpr void each_batch(std::span<const std::uint32_t> order, std::size_t batch, Step&& step) {
  for (std::size_t first = 0; first < order.size(); first += batch)
    if (!step(order.subspan(first, batch < order.size() - first ? batch : order.size() - first))) return;
}

/// Takes steps that threads share, on `batch` numbers of `order` each and what is left on the last: all call
/// `take(member, indices)`, one of them `begin(indices)` before and `end(indices)` behind it, which says whether it
/// goes on. They are begun once for all steps: who is the last to have done its part of one begins the next. Gives back
/// what `end` said of the last.
template <class Begin, class End, class Take>
constexpr bool share_steps(const execution::team& team, std::span<const std::uint32_t> order, std::size_t batch,
                           const Begin& begin, const End& end, const Take& take) {
  const std::size_t last = (order.size() - 1) / batch * batch;
  const auto from = [&](std::size_t first) {
    return order.subspan(first, first == last ? order.size() - last : batch);
  };
  bool goes_on = true;
  begin(from(0));
  team.run([&](const execution::member& who) {
    for (std::size_t first = 0; goes_on; first += batch) {
      take(who, from(first));
      if (first == last) return;
      who.wait_for_all([&] {
        goes_on = end(from(first));
        if (goes_on) begin(from(first + batch));
      });
    }
  });
  return goes_on && end(from(last));
}

/// What a trainer does before and behind each of several steps, and what they came to.
template <class Trainer> class course {
public:
  batch_result last{};

  constexpr course(Trainer& of, double rate_factor) noexcept : trainer_{of} { of.begin_steps(rate_factor); }

  FUSEGRAD_INLINE constexpr void begin() noexcept {
    random_step_ = trainer_.gradients_.random_step();
    trainer_.updater_.begin_step();
  }
  /// What uses the gradients of the step that was begun.
  FUSEGRAD_INLINE constexpr auto update() const noexcept {
    using application = typename Trainer::updater_type::template application<>;
    return application{trainer_.updater_, trainer_.weights_.packed(), trainer_.gradients_.packed()};
  }
  /// Whether there is another: not behind one that was not taken.
  FUSEGRAD_INLINE constexpr bool end(const batch_result& result, std::size_t samples) noexcept {
    // Member by member: a copy reads in one piece what was just written in several, and waits for it (decision 11).
    last.loss = result.loss;
    last.correct = result.correct;
    last.refused = result.refused;
    trainer_.finish_step(!result.refused, random_step_);
    if (result.refused) return false;
    sum_.loss += result.loss * static_cast<double>(samples);
    sum_.correct += result.correct;
    sum_.samples += samples;
    ++sum_.steps;
    return true;
  }
  [[nodiscard]] constexpr steps_result mean() const noexcept {
    steps_result mean = sum_;
    if (mean.samples != 0) mean.loss /= static_cast<double>(mean.samples);
    mean.refused = last.refused;
    return mean;
  }

private:
  Trainer& trainer_;
  std::uint64_t random_step_ = 0;
  steps_result sum_{};
};

/// A single step with an update that somebody else has: see `gradients::run_steps`.
template <class Update> struct one_step {
  Update& of_somebody;
  batch_result result{};

  constexpr void begin() const noexcept {}
  constexpr Update& update() const noexcept { return of_somebody; }
  constexpr bool end(const batch_result& of_step, std::size_t) noexcept {
    result = of_step;
    return true;
  }
};

} // namespace train::inline FUSEGRAD_ABI

} // namespace fusegrad
