// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/base/refuse.hpp>
#include <fusegrad/run/team.hpp>
#include <fusegrad/train/batch_result.hpp>
#include <fusegrad/train/check_samples.hpp>
#include <span>

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
    base::refuse("fusegrad: %zu samples in batches of %zu leave one sample over, and batch normalisation needs at "
                 "least 2; choose another batch.",
                 samples, batch);
}

/// The `batch` numbers of `order` from `first` on, or what is left there.
constexpr std::span<const std::uint32_t> batch_at(std::span<const std::uint32_t> order, std::size_t first,
                                                  std::size_t batch) {
  return order.subspan(first, batch < order.size() - first ? batch : order.size() - first);
}

/// Calls `step(indices)` for `batch` numbers of `order` after the other, until it says false; the last has what is
/// left.
template <class Step> constexpr void each_batch(std::span<const std::uint32_t> order, std::size_t batch, Step&& step) {
  for (std::size_t first = 0; first < order.size(); first += batch)
    if (!step(batch_at(order, first, batch))) return;
}

/// Takes steps that threads share, on `batch` numbers of `order` each and what is left on the last: all threads call
/// `take(member, indices)`, one of them `begin(indices)` before and `end(indices)` behind it, which says whether there
/// is another. Threads begin once for `most` steps: who is the last to have done its part of one begins the next. They
/// end sooner behind a step in which one of them may have lost its core. Gives back what is left of `order`: nothing
/// where `end` said that there is no other.
template <class Begin, class End, class Take>
constexpr std::span<const std::uint32_t> share_steps(const execution::team& team, std::span<const std::uint32_t> order,
                                                     std::size_t batch, std::size_t most, const Begin& begin,
                                                     const End& end, const Take& take) {
  const std::size_t steps = (order.size() - 1) / batch, last = (steps < most ? steps : most - 1) * batch;
  const auto indices_at = [&](std::size_t first) { return batch_at(order, first, batch); };
  std::size_t behind = last + indices_at(last).size();
  bool goes_on = true, is_ended = false;
  begin(indices_at(0));
  team.run([&](const execution::member& who) {
    for (std::size_t first = 0; !is_ended; first += batch) {
      who.begin_step();
      take(who, indices_at(first));
      if (first == last) return;
      who.wait_for_all([&] {
        goes_on = end(indices_at(first));
        if (goes_on && who.was_short_step()) return begin(indices_at(first + batch));
        behind = first + batch;
        is_ended = true;
      });
    }
  });
  if (!is_ended) goes_on = end(indices_at(last));
  return order.subspan(goes_on ? behind : order.size());
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

/// A single step with an update that is given: see `gradients::run_steps`.
template <class Update> struct one_step {
  Update& given;
  batch_result result{};

  constexpr void begin() const noexcept {}
  constexpr Update& update() const noexcept { return given; }
  constexpr bool end(const batch_result& of_step, std::size_t) noexcept {
    result = of_step;
    return true;
  }
};

} // namespace train::inline FUSEGRAD_ABI

} // namespace fusegrad
