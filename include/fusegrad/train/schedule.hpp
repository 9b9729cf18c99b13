// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/any_function.hpp>
#include <fusegrad/base/refuse.hpp>
#include <fusegrad/math/power.hpp>
#include <fusegrad/math/trigonometric.hpp>
#include <limits>
#include <utility>
#include <vector>

/// How the learning rate changes over a fit. A schedule is any function from a moment of the fit to a factor on the
/// update rule's learning rate; wrong arguments throw std::invalid_argument.
namespace fusegrad::schedule::inline FUSEGRAD_ABI {

/// Where a fit stands: before step `step` of `steps`, `epoch` of `epochs` epochs done.
struct moment {
  std::size_t step;  ///< counted from 0 over the whole fit
  std::size_t steps; ///< of the whole fit
  double epoch;      ///< fractional
  double epochs;     ///< of the whole fit
};

/// A factor on the learning rate at a moment of a fit.
using function = base::any_function<double(const moment&)>;

namespace detail {

inline void require(bool fits, const char* what, const char* expected, double found) {
  if (!fits) base::refuse("%s: expected %s, found %f", what, expected, found);
}

inline void require_schedule(const function& f, const char* what) {
  if (!f) base::refuse("%s: expected a schedule, found an empty function", what);
}

inline void require_factor(double factor, const char* what) {
  require(factor > 0 && factor <= std::numeric_limits<double>::max(), what, "a finite factor above 0", factor);
}

/// The moment as a schedule sees it that is asked from `begin` to `end`; afterwards it stays at its end. The times
/// agree in steps and epochs.
inline moment within(const moment& now, double begin, double end) {
  const double steps_per_epoch = now.epochs > 0 ? static_cast<double>(now.steps) / now.epochs : 0;
  const auto step_at = [&](double epoch) { return static_cast<std::size_t>(epoch * steps_per_epoch + 0.5); };
  const std::size_t first = step_at(begin), length = step_at(end) - first;
  const std::size_t step = now.step > first ? now.step - first : 0;
  const double epoch = now.epoch > begin ? now.epoch - begin : 0;
  return {step < length ? step : length, length, epoch < end - begin ? epoch : end - begin, end - begin};
}

} // namespace detail

/// Always 1.
inline function constant() {
  return [](const moment&) { return 1.0; };
}

/// Multiplied by `factor` after every so many epochs. PyTorch's StepLR.
inline function step_decay(std::size_t every_epochs, double factor) {
  detail::require(every_epochs > 0, "schedule::step_decay", "at least 1 epoch between the steps",
                  static_cast<double>(every_epochs));
  detail::require_factor(factor, "schedule::step_decay");
  return [every = static_cast<double>(every_epochs), factor](const moment& now) {
    return math::pow(factor, static_cast<double>(static_cast<std::size_t>(now.epoch / every)));
  };
}

/// factor_per_epoch^epoch, at each step anew; at the start of each epoch it is PyTorch's ExponentialLR.
inline function exponential(double factor_per_epoch) {
  detail::require_factor(factor_per_epoch, "schedule::exponential");
  return [factor_per_epoch](const moment& now) { return math::pow(factor_per_epoch, now.epoch); };
}

/// Half a cosine from 1 at the first step to `floor` after the last. PyTorch's CosineAnnealingLR with T_max the number
/// of steps. Loshchilov and Hutter 2017.
inline function cosine(double floor = 0) {
  detail::require(floor >= 0 && floor <= 1, "schedule::cosine", "a floor from 0 to 1", floor);
  return [floor](const moment& now) {
    if (now.steps == 0) return 1.0;
    const double share = static_cast<double>(now.step) / static_cast<double>(now.steps);
    return floor + (1 - floor) * (1 + math::cos(3.14159265358979323846 * share)) / 2;
  };
}

/// From `start` at the first step to 1 after `steps` steps, then 1. PyTorch's LinearLR with start_factor `start` and
/// total_iters `steps`. No steps: no warm-up. The start is not 0, at which the first step would teach nothing.
inline function linear_warm_up(std::size_t steps, double start = 0.01) {
  detail::require(start > 0 && start <= 1, "schedule::linear_warm_up", "a start above 0 and at most 1", start);
  return [steps, start](const moment& now) {
    return now.step >= steps ? 1.0 : start + (1 - start) * static_cast<double>(now.step) / static_cast<double>(steps);
  };
}

/// Up to `peak` times the rate and down again: half a cosine from 1 to `peak` over the first `rising` of the steps,
/// then one down to `last`. PyTorch's OneCycleLR with initial_lr the rule's rate, div_factor `peak` and pct_start
/// `rising`. Smith and Topin 2018.
inline function one_cycle(double peak = 25, double rising = 0.3, double last = 1e-4) {
  detail::require(peak >= 1 && peak <= std::numeric_limits<double>::max(), "schedule::one_cycle", "a peak of 1 or more",
                  peak);
  detail::require(rising > 0 && rising < 1, "schedule::one_cycle", "a rising share between 0 and 1", rising);
  detail::require(last >= 0 && last <= peak, "schedule::one_cycle", "a last factor from 0 to the peak", last);
  return [peak, rising, last](const moment& now) {
    const double top = rising * static_cast<double>(now.steps) - 1, end = static_cast<double>(now.steps) - 1;
    const double step = static_cast<double>(now.step);
    const auto between = [](double from, double to, double share) {
      return to + (from - to) * (1 + math::cos(3.14159265358979323846 * (share < 1 ? share : 1))) / 2;
    };
    if (step <= top && top > 0) return between(1, peak, step / top);
    return between(peak, last, end > top ? (step - top) / (end - top) : 1);
  };
}

/// One schedule times another.
inline function product(function a, function b) {
  detail::require_schedule(a, "schedule::product");
  detail::require_schedule(b, "schedule::product");
  return [a = std::move(a), b = std::move(b)](const moment& now) { return a(now) * b(now); };
}

/// A schedule and the epoch at which it ends.
struct piece {
  double until_epoch;
  function schedule;
};

/// As the last `until_epoch`: to the end of the fit.
inline constexpr double end_of_fit = std::numeric_limits<double>::infinity();

/// One schedule after the other. Each sees its own piece as the whole of a fit: a cosine reaches its floor at the end
/// of its piece. After the last piece its final value stays.
inline function piecewise(std::vector<piece> pieces) {
  if (pieces.empty()) base::refuse("schedule::piecewise: expected at least one piece, found none");
  double end = 0;
  for (const piece& p : pieces) {
    detail::require_schedule(p.schedule, "schedule::piecewise");
    detail::require(p.until_epoch > end, "schedule::piecewise", "pieces that end one after the other", p.until_epoch);
    end = p.until_epoch;
  }
  return [pieces = std::move(pieces)](const moment& now) {
    std::size_t i = 0;
    while (i + 1 < pieces.size() && now.epoch >= pieces[i].until_epoch) ++i;
    const double begin = i == 0 ? 0 : pieces[i - 1].until_epoch;
    const double until = pieces[i].until_epoch;
    return pieces[i].schedule(
        detail::within(now, begin, until == end_of_fit ? (now.epochs > begin ? now.epochs : begin) : until));
  };
}

/// The first schedule until an epoch, the second over what remains of the fit.
inline function then(function first, double until_epoch, function second) {
  return piecewise({{until_epoch, std::move(first)}, {end_of_fit, std::move(second)}});
}

/// A linear rise over `steps` steps, then another schedule over what remains; the rise ends where that one begins.
inline function warm_up(std::size_t steps, function after, double start = 0.01) {
  detail::require_schedule(after, "schedule::warm_up");
  return [steps, rise = linear_warm_up(steps, start), after = std::move(after)](const moment& now) {
    const std::size_t length = steps < now.steps ? steps : now.steps;
    const double epochs =
        now.steps == 0 ? 0 : now.epochs * static_cast<double>(length) / static_cast<double>(now.steps);
    const bool rising = now.step < steps;
    const moment rest{rising ? 0 : now.step - steps, now.steps - length,
                      rising || now.epoch < epochs ? 0 : now.epoch - epochs, now.epochs - epochs};
    return rise(now) * after(rest);
  };
}

} // namespace fusegrad::schedule::inline FUSEGRAD_ABI
