// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/any_callback.hpp>
#include <fusegrad/base/finite.hpp>
#include <fusegrad/base/text.hpp>
#include <fusegrad/math/elementary.hpp>
#include <fusegrad/train/training_options.hpp>
#include <limits>
#include <span>
#include <string>
#include <vector>

namespace fusegrad {

struct lbfgs_result;

/// Limited-memory BFGS on all samples at once, with a line search for the strong Wolfe conditions. It wants exact
/// gradients: double, and a loss without random numbers (which are held fixed). Nocedal and Wright, "Numerical
/// Optimization", algorithms 7.4, 3.5 and 3.6.
struct lbfgs {
  std::size_t evaluations = 1000;  ///< of loss and gradient, at most
  std::size_t history = 30;        ///< pairs of steps and changes of the gradient that are kept
  double gradient_tolerance = 0;   ///< ends where the largest entry of the gradient is at most this
  double change_tolerance = 1e-12; ///< ends where a step changes the loss by less than this share of it
  double sufficient_decrease = 1e-4, curvature = 0.9; ///< of the Wolfe conditions
  /// Called after each iteration, when the trainer's weights are those that were found; false ends it.
  base::any_callback<const lbfgs_result&> on_iteration{};
};

/// Why a minimisation ended.
enum class lbfgs_end { evaluations, gradient, change, no_descent, not_finite, interrupted, callback };

/// How a minimisation went.
struct lbfgs_result {
  double loss = std::numeric_limits<double>::quiet_NaN();
  double largest_gradient = 0; ///< its largest entry at the end
  std::size_t iterations = 0, evaluations = 0;
  lbfgs_end end = lbfgs_end::evaluations;
  /// In words.
  [[nodiscard]] std::string reason() const {
    switch (end) {
    case lbfgs_end::evaluations: return "all evaluations were made";
    case lbfgs_end::gradient: return "the gradient is as small as was asked for";
    case lbfgs_end::change: return "the loss changes no more";
    case lbfgs_end::no_descent: return "the loss cannot be lowered along the gradient: rounding is all that is left";
    case lbfgs_end::not_finite: return "the loss is not finite";
    case lbfgs_end::interrupted: return "it was interrupted";
    case lbfgs_end::callback: return "it was ended by the callback";
    }
    return {};
  }
};

namespace train {

/// Throws std::invalid_argument naming a setting that is out of its range.
inline void check_lbfgs(const lbfgs& s) {
  if (s.evaluations < 2) refuse_option("lbfgs: evaluations", "2 or more", static_cast<double>(s.evaluations));
  if (s.history == 0) refuse_option("lbfgs: history", "1 or more", 0);
  if (!(s.gradient_tolerance >= 0)) refuse_option("lbfgs: gradient_tolerance", "0 or more", s.gradient_tolerance);
  if (!(s.change_tolerance >= 0)) refuse_option("lbfgs: change_tolerance", "0 or more", s.change_tolerance);
  if (!(s.sufficient_decrease > 0 && s.sufficient_decrease < s.curvature))
    refuse_option("lbfgs: sufficient_decrease", "above 0 and below curvature", s.sufficient_decrease);
  if (!(s.curvature < 1)) refuse_option("lbfgs: curvature", "below 1", s.curvature);
}

/// The minimisation itself, of any function of some numbers: `evaluate(x, gradient)` gives its value and writes its
/// gradient. `each(result)` is called after each iteration; false ends it. Sums are always cut into the same parts.
template <class Function, class Observer> class lbfgs_minimiser {
public:
  lbfgs_minimiser(lbfgs settings, Function evaluate, Observer each)
      : settings_{std::move(settings)}, evaluate_{std::move(evaluate)}, each_{std::move(each)} {
    check_lbfgs(settings_);
  }

  /// Starts at `x`, and leaves there the best that was found.
  lbfgs_result run(std::vector<double>& x) {
    x_ = &x;
    point here{x, std::vector<double>(x.size()), 0};
    here.value = value_at(here.x, here.gradient);
    result_.loss = here.value;
    if (!base::is_finite(here.value)) return ended(lbfgs_end::not_finite, here);
    while (true) {
      if (largest(here.gradient) <= settings_.gradient_tolerance) return ended(lbfgs_end::gradient, here);
      if (result_.evaluations >= settings_.evaluations) return ended(lbfgs_end::evaluations, here);
      std::vector<double> direction = direction_at(here);
      double slope = dot(here.gradient, direction);
      if (!(slope < 0)) { // what is remembered no longer fits: the gradient itself
        pairs_.clear();
        direction = direction_at(here);
        slope = dot(here.gradient, direction);
      }
      const double first = pairs_.empty() ? smaller(1.0, 1 / larger(norm(here.gradient), 1e-300)) : 1;
      point next;
      if (!search(here, direction, slope, first, next)) {
        if (result_.evaluations >= settings_.evaluations) return ended(lbfgs_end::evaluations, here);
        if (pairs_.empty()) return ended(lbfgs_end::no_descent, here);
        pairs_.clear();
        continue;
      }
      remember(here, next);
      const double change = here.value - next.value;
      here = std::move(next);
      result_.loss = here.value;
      result_.largest_gradient = largest(here.gradient);
      ++result_.iterations;
      if (!each_(result_)) return ended(lbfgs_end::interrupted, here);
      if (settings_.on_iteration && !settings_.on_iteration(result_)) return ended(lbfgs_end::callback, here);
      if (change < settings_.change_tolerance * math::abs(here.value)) return ended(lbfgs_end::change, here);
    }
  }

private:
  struct point {
    std::vector<double> x, gradient;
    double value = 0;
  };
  struct pair {
    std::vector<double> step, change;
    double product = 0;
  };
  /// A place along a direction.
  struct trial {
    double length = 0, value = 0, slope = 0;
  };

  double value_at(const std::vector<double>& x, std::vector<double>& gradient) {
    ++result_.evaluations;
    return evaluate_(x, gradient);
  }
  lbfgs_result ended(lbfgs_end how, const point& here) {
    *x_ = here.x;
    result_.loss = here.value;
    result_.largest_gradient = largest(here.gradient);
    result_.end = how;
    return result_;
  }

  /// In eight sums, so that no addition waits for the one before: with a long history most of what this file takes.
  static double dot(const std::vector<double>& a, const std::vector<double>& b) {
    constexpr std::size_t lanes = 8;
    double sum[lanes] = {};
    const std::size_t whole = a.size() / lanes * lanes;
    for (std::size_t i = 0; i < whole; i += lanes)
      for (std::size_t lane = 0; lane < lanes; ++lane) sum[lane] += a[i + lane] * b[i + lane];
    for (std::size_t i = whole; i < a.size(); ++i) sum[i - whole] += a[i] * b[i];
    return ((sum[0] + sum[4]) + (sum[2] + sum[6])) + ((sum[1] + sum[5]) + (sum[3] + sum[7]));
  }
  static double smaller(double a, double b) { return b < a ? b : a; }
  static double larger(double a, double b) { return a < b ? b : a; }
  static double norm(const std::vector<double>& a) { return math::sqrt(dot(a, a)); }
  static double largest(const std::vector<double>& a) {
    double most = 0;
    for (double x : a) most = larger(most, math::abs(x));
    return most;
  }

  /// Minus the gradient times the approximate inverse Hessian: the recursion of two loops.
  std::vector<double> direction_at(const point& here) const {
    std::vector<double> d = here.gradient, shares(pairs_.size());
    for (std::size_t k = pairs_.size(); k-- > 0;) {
      const pair& p = pairs_[k];
      shares[k] = dot(p.step, d) / p.product;
      for (std::size_t i = 0; i < d.size(); ++i) d[i] -= shares[k] * p.change[i];
    }
    if (!pairs_.empty()) {
      const pair& last = pairs_.back();
      const double scale = last.product / dot(last.change, last.change);
      for (double& x : d) x *= scale;
    }
    for (std::size_t k = 0; k < pairs_.size(); ++k) {
      const pair& p = pairs_[k];
      const double back = dot(p.change, d) / p.product;
      for (std::size_t i = 0; i < d.size(); ++i) d[i] += (shares[k] - back) * p.step[i];
    }
    for (double& x : d) x = -x;
    return d;
  }

  void remember(const point& from, const point& to) {
    pair p{std::vector<double>(from.x.size()), std::vector<double>(from.x.size()), 0};
    for (std::size_t i = 0; i < from.x.size(); ++i) {
      p.step[i] = to.x[i] - from.x[i];
      p.change[i] = to.gradient[i] - from.gradient[i];
    }
    p.product = dot(p.step, p.change);
    if (!(p.product > 1e-14 * dot(p.change, p.change))) return; // no curvature to learn from
    pairs_.push_back(std::move(p));
    if (pairs_.size() > settings_.history) pairs_.erase(pairs_.begin());
  }

  /// A step that keeps both Wolfe conditions, or at least lowers the loss; false where none was found.
  bool search(const point& here, const std::vector<double>& direction, double slope, double first, point& next) {
    const trial start{0, here.value, slope};
    trial before = start;
    double length = first;
    constexpr int most_doublings = 20;
    for (int i = 0; i < most_doublings && result_.evaluations < settings_.evaluations; ++i) {
      const trial now = try_length(here, direction, length, next);
      if (!decreases(start, now) || (i > 0 && now.value >= before.value))
        return zoom(here, direction, start, before, now, next);
      if (math::abs(now.slope) <= -settings_.curvature * slope) return true;
      if (now.slope >= 0) return zoom(here, direction, start, now, before, next);
      before = now;
      length *= 2;
    }
    return false;
  }
  /// Between a place that decreases enough, `low`, and another one.
  bool zoom(const point& here, const std::vector<double>& direction, const trial& start, trial low, trial high,
            point& next) {
    constexpr int most_cuts = 25;
    for (int i = 0; i < most_cuts && result_.evaluations < settings_.evaluations; ++i) {
      const trial now = try_length(here, direction, between(low, high), next);
      if (!decreases(start, now) || now.value >= low.value) {
        high = now;
      } else {
        if (math::abs(now.slope) <= -settings_.curvature * start.slope) return true;
        if (now.slope * (high.length - low.length) >= 0) high = low;
        low = now;
      }
      if (math::abs(high.length - low.length) <= 1e-16 * larger(1.0, low.length)) break;
    }
    if (low.length == 0) return false;
    try_length(here, direction, low.length, next);
    return next.value < here.value;
  }
  bool decreases(const trial& start, const trial& now) const {
    return now.value <= start.value + settings_.sufficient_decrease * now.length * start.slope; // false for NaN
  }
  trial try_length(const point& here, const std::vector<double>& direction, double length, point& next) {
    next.x.resize(here.x.size());
    next.gradient.resize(here.x.size());
    for (std::size_t i = 0; i < here.x.size(); ++i) next.x[i] = here.x[i] + length * direction[i];
    next.value = value_at(next.x, next.gradient);
    return {length, next.value, dot(next.gradient, direction)};
  }
  /// The minimum of the cubic through both, kept away from the ends; the middle where there is none.
  static double between(const trial& a, const trial& b) {
    const double middle = (a.length + b.length) / 2, width = b.length - a.length;
    if (!base::is_finite(b.value) || !base::is_finite(b.slope)) return a.length + 0.1 * width;
    const double d1 = a.slope + b.slope - 3 * (a.value - b.value) / (a.length - b.length);
    const double square = d1 * d1 - a.slope * b.slope;
    if (!(square >= 0)) return middle;
    const double d2 = math::copysign(math::sqrt(square), width);
    const double found = b.length - width * (b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2);
    const double low = smaller(a.length + 0.1 * width, b.length - 0.1 * width),
                 high = larger(a.length + 0.1 * width, b.length - 0.1 * width);
    return found >= low && found <= high ? found : middle;
  }

  lbfgs settings_;
  Function evaluate_;
  Observer each_;
  std::vector<double>* x_ = nullptr;
  std::vector<pair> pairs_;
  lbfgs_result result_;
};

} // namespace train

} // namespace fusegrad
