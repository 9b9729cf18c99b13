// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <fusegrad/base/clock.hpp>
#include <fusegrad/base/interrupt.hpp>
#include <fusegrad/base/terminal.hpp>
#include <fusegrad/base/text.hpp>
#include <fusegrad/expr/calculus.hpp>
#include <fusegrad/run/parameter_place.hpp>
#include <fusegrad/train/lbfgs.hpp>
#include <fusegrad/train/parameter_rates.hpp>
#include <fusegrad/train/progress.hpp>
#include <span>
#include <string>
#include <vector>

namespace fusegrad::train {

/// The numbers of all trained parameters in a row, without padding, in the order of the parameters; without those that
/// are frozen by name.
class trained_numbers {
public:
  template <class T, class Places> static trained_numbers of(const Places& places, const parameter_rates& rates = {}) {
    trained_numbers out;
    std::size_t parameter = 0;
    for (const execution::parameter_place& p : places) {
      if (const bool is_frozen = rates.is_frozen(parameter++); is_frozen || !p.is_trained) continue;
      for (std::size_t o = 0; o < p.out; ++o)
        for (std::size_t i = 0; i < p.in; ++i) {
          out.places_.push_back(static_cast<std::uint32_t>(execution::packed_index<T>(p, o, i)));
          out.is_matrix_.push_back(p.is_matrix ? 1 : 0);
        }
    }
    return out;
  }
  [[nodiscard]] std::size_t size() const noexcept { return places_.size(); }
  [[nodiscard]] bool is_of_matrix(std::size_t i) const noexcept { return is_matrix_[i] != 0; }
  template <class T> void read(std::span<const T> packed, std::span<double> to) const noexcept {
    for (std::size_t i = 0; i < to.size(); ++i) to[i] = static_cast<double>(packed[places_[i]]);
  }
  template <class T> void write(std::span<const double> from, std::span<T> packed) const noexcept {
    for (std::size_t i = 0; i < from.size(); ++i) packed[places_[i]] = static_cast<T>(from[i]);
  }

private:
  std::vector<std::uint32_t> places_;
  std::vector<char> is_matrix_;
};

/// Adds a loss's penalty on the weights to its value and gradient.
template <class Loss>
double add_penalty([[maybe_unused]] const trained_numbers& numbers, [[maybe_unused]] std::span<const double> weights,
                   [[maybe_unused]] std::span<double> gradient) {
  double sum = 0;
  if constexpr (requires { typename Loss::penalty; }) {
    constexpr typename Loss::penalty penalty{};
    constexpr auto slope = derivative(penalty);
    for (std::size_t i = 0; i < weights.size(); ++i) {
      if (!numbers.is_of_matrix(i)) continue;
      sum += penalty(weights[i]);
      gradient[i] += slope(weights[i]);
    }
  }
  return sum;
}

/// Tells how a minimisation goes, now and then.
class minimisation_reporter {
public:
  minimisation_reporter(progress_style style, std::size_t evaluations)
      : is_silent_{style == progress_style::silent}, evaluations_{evaluations} {}

  void on_iteration(const lbfgs_result& now) {
    const double seconds = base::seconds_now() - begin_;
    if (is_silent_ || seconds < next_) return;
    next_ = seconds + (seconds < 10 ? 1 : seconds / 10);
    const double left =
        seconds / static_cast<double>(now.evaluations) * static_cast<double>(evaluations_ - now.evaluations);
    say(state(now) + "  " + base::time_left(now.evaluations < evaluations_ ? left : 0));
  }
  void finish(const lbfgs_result& end) {
    if (is_silent_) return;
    const double seconds = base::seconds_now() - begin_;
    say(state(end) + "  in " + base::duration(seconds) + ": " + end.reason());
  }

private:
  std::string state(const lbfgs_result& r) const {
    return "evaluation " + base::grouped(r.evaluations) + " of " + base::grouped(evaluations_) + "  loss " +
           base::readable(r.loss) + "  largest slope " + base::readable(r.largest_gradient);
  }
  static void say(const std::string& words) {
    std::fprintf(stderr, "%s\n", words.c_str());
    std::fflush(stderr);
  }

  bool is_silent_;
  std::size_t evaluations_;
  double next_ = 1;
  double begin_ = base::seconds_now();
};

/// Minimises `loss(at, gradient)` from `x` on and hands the best to `keep`; where it throws, `x`.
template <class Loss, class Keep>
lbfgs_result minimise_numbers(const lbfgs& settings, progress_style progress, std::vector<double>& x, const Loss& loss,
                              const Keep& keep) {
  minimisation_reporter reporter(progress, settings.evaluations);
  const base::interrupt_watch watch(progress == progress_style::automatic && base::is_terminal(stderr));
  lbfgs_minimiser minimiser(settings, loss, [&](const lbfgs_result& now) {
    reporter.on_iteration(now);
    return !watch.was_interrupted();
  });
  const std::vector<double> start = x;
  try {
    const lbfgs_result result = minimiser.run(x);
    keep(std::span<const double>(x));
    reporter.finish(result);
    return result;
  } catch (...) {
    keep(std::span<const double>(start));
    throw;
  }
}

} // namespace fusegrad::train
