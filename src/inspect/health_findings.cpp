// SPDX-License-Identifier: MIT
#include "advice.hpp"
#include "station.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <utility>

namespace fusegrad::inspect {

namespace {

using detail::short_number;
using detail::station;
using places = std::vector<std::size_t>; // indices into the stations

constexpr double none = std::numeric_limits<double>::quiet_NaN();

/// The median of the numbers among `values[from, to)`; NaN if there are none.
double median(const std::vector<double>& values, std::size_t from, std::size_t to) {
  std::vector<double> numbers;
  for (std::size_t i = from; i < to; ++i)
    if (values[i] == values[i]) numbers.push_back(values[i]);
  if (numbers.empty()) return none;
  const auto middle = numbers.begin() + static_cast<std::ptrdiff_t>(numbers.size() / 2);
  std::nth_element(numbers.begin(), middle, numbers.end());
  return *middle;
}

/// Of part `i` of `parts` of a run.
double median_of_part(const std::vector<double>& values, std::size_t i, std::size_t parts) {
  const std::size_t n = values.size(), from = n * i / parts, to = n * (i + 1) / parts;
  return median(values, from, to > from ? to : std::min(from + 1, n));
}

/// What is wrong with a run; a cause silences what follows from it.
class judge {
public:
  explicit judge(const health_log& log) : log_{log}, stations_{detail::stations_of(log)} {
    for (std::size_t s = 0; s < stations_.size(); ++s) {
      if (stations_[s].has_weights) weighted_.push_back(s);
      if (stations_[s].activation != unknown) activated_.push_back(s);
    }
    for (const std::size_t s : weighted_) is_thrown_about_ = is_thrown_about_ || update_ratio(s, 1, 2) > 1;
  }

  std::vector<finding> findings() {
    numbers_that_are_none();
    if (log_.steps().empty()) return std::move(found_);
    equal_units();
    gradients_over_depth();
    gradients_over_steps();
    large_updates();
    rising_loss();
    dead_units();
    saturated_units();
    signal_over_depth();
    small_updates();
    shifted_means();
    return std::move(found_);
  }

private:
  void add(illness what, const places& where, std::string sentence, std::vector<std::string> remedies) {
    finding f{what, unknown, unknown, {}, std::move(remedies)};
    if (!where.empty()) {
      f.first_layer = stations_[where.front()].head;
      f.last_layer = stations_[where.back()].end - 1;
      f.what = detail::in_words(log_, stations_, where) + ": ";
    }
    f.what += sentence;
    found_.push_back(std::move(f));
  }

  /// A course at the end of the run; at its start where the weights are as good as drawn anew in each step.
  double latest(const std::vector<double>& values) const {
    return is_thrown_about_ ? values.front() : median_of_part(values, 3, 4);
  }

  std::string path(std::size_t station) const { return log_.layers()[stations_[station].head].path; }
  /// "at layer 4 ", where there are several to choose from.
  std::string at(std::size_t station, const places& of) const {
    return of.size() > 1 ? "at layer " + path(station) + ' ' : std::string{};
  }

  /// Those whose value is ill, and the one whose value is worst.
  struct ill {
    places where;
    std::size_t worst = 0;
    double value = none;
  };
  ill those(const places& of, const std::function<double(std::size_t)>& value,
            const std::function<bool(double)>& is_ill, bool large_is_worse) const {
    ill out;
    for (const std::size_t s : of) {
      const double v = value(s);
      if (!is_ill(v)) continue;
      out.where.push_back(s);
      if (out.value == out.value && (large_is_worse ? v <= out.value : v >= out.value)) continue;
      out.worst = s;
      out.value = v;
    }
    return out;
  }

  /// Where to measure the gradient of a station: before the activation, but in a residual block, which it may pass by,
  /// behind it.
  std::size_t gradient_at(std::size_t s) const {
    return stations_[s].is_in_residual ? stations_[s].end - 1 : stations_[s].head;
  }
  double gradient_share(std::size_t s) const {
    return ratio(measure::gradient, gradient_at(s), gradient_at(weighted_.back()));
  }
  double signal_share(std::size_t s) const {
    return ratio(measure::signal, stations_[s].head, stations_[weighted_.front()].head);
  }

  /// A measure of two layers, step by step, one over the other; the median at the end of the run.
  double ratio(measure what, std::size_t of, std::size_t to) const {
    std::vector<double> a = log_.series(what, of);
    const std::vector<double> b = log_.series(what, to);
    for (std::size_t i = 0; i < a.size(); ++i) a[i] = b[i] > 0 ? a[i] / b[i] : none;
    return latest(a);
  }

  bool keeps_width(const places& where) const {
    for (const std::size_t s : where)
      if (s > where.front() &&
          log_.layers()[stations_[s].head].units != log_.layers()[stations_[where.back()].head].units)
        return false;
    return where.size() > 2;
  }

  void numbers_that_are_none() {
    const not_finite& first = log_.first_not_finite();
    if (first.step == 0) return;
    std::string layer;
    places where;
    if (first.layer != unknown) {
      for (std::size_t s = 0; s < stations_.size(); ++s)
        if (stations_[s].head <= first.layer && first.layer < stations_[s].end) where = {s};
      layer = log_.layers()[first.layer].name;
    }
    std::string what = "step " + std::to_string(first.step) + ", ";
    if (first.pass == pass::forward) what += "forward pass: " + (layer.empty() ? "the loss" : "an output of " + layer);
    if (first.pass == pass::backward)
      what += "backward pass: " + (layer.empty() ? "a gradient" : "the gradient at " + layer);
    if (first.pass == pass::update) what += "update: a weight";
    // Norms are summed in the numbers of the model.
    what += first.pass == pass::update ? " is NaN, infinite or too large to be squared" : " is NaN or infinite";
    what += ", before all others";
    if (first.sample != unknown) what += ", for sample " + std::to_string(first.sample);
    if (!first.input.empty()) what += ", whose input " + first.input;
    add(illness::not_finite, where, what + '.', detail::against_not_finite(log_, first));
  }

  void equal_units() {
    places where;
    std::size_t shortest = unknown;
    for (const std::size_t s : weighted_) {
      const std::size_t steps = log_.equal_steps(stations_[s].head);
      if (steps < 2) continue;
      where.push_back(s);
      shortest = std::min(shortest, steps);
    }
    if (where.empty()) return;
    first_blocked_ = where.front();
    add(illness::equal_units, where,
        "all units of a layer have put out the same for " + std::to_string(shortest) +
            " steps; they get the same gradient and stay alike.",
        detail::against_equality(log_, stations_[where.front()]));
  }

  /// Whether some layer passes nothing on, so that gradients and signals say nothing more about the others.
  bool is_blocked() const {
    if (first_blocked_ != unknown) return true;
    return std::any_of(activated_.begin(), activated_.end(), [&](std::size_t s) {
      const std::size_t layer = stations_[s].activation;
      return log_.dead_count(layer) == log_.layers()[layer].units;
    });
  }

  void gradients_over_depth() {
    if (weighted_.size() < 2 || is_blocked()) return;
    const auto share = [&](std::size_t s) { return gradient_share(s); };
    const ill little = those(weighted_, share, [](double r) { return r < threshold::vanishing_gradient; }, false);
    const ill much = those(weighted_, share, [](double r) { return r > threshold::exploding_gradient; }, true);
    if (!little.where.empty()) {
      vanishing_ = little.where;
      const std::string what = little.value > 0
                                   ? "its norm " + at(little.worst, little.where) + "is " + short_number(little.value) +
                                         " of the last layer's"
                                   : "too little to be measured arrives" +
                                         (little.where.size() > 1 ? " at layer " + path(little.worst) : "");
      add(illness::vanishing_gradient, little.where,
          "the gradient vanishes; " + what + share_passed_on(little.where) + '.' + fading_too(),
          detail::against_vanishing(log_, stations_[little.where.back()], keeps_width(little.where), weighted_.size()));
    }
    if (!much.where.empty())
      add(illness::exploding_gradient, much.where,
          "the gradient explodes; its norm " + at(much.worst, much.where) + "is " + short_number(much.value) +
              " times the last layer's." + growing_too(),
          detail::against_exploding(log_, stations_[much.worst]));
  }

  /// What a layer passes on of the gradient, a geometric mean, where there are many.
  std::string share_passed_on(const places& where) const {
    if (where.size() < 4) return {};
    const auto first = std::find_if(where.begin(), where.end(), [&](std::size_t s) { return gradient_share(s) > 0; });
    if (first == where.end()) return {};
    const auto layers = weighted_.end() - std::find(weighted_.begin(), weighted_.end(), *first) - 1;
    return ", each layer passes on about " +
           detail::percentage(std::pow(gradient_share(*first), 1 / static_cast<double>(layers)));
  }

  /// One sentence in the finding about the gradient: both have one cause, and one cure.
  std::string fading_too() {
    const ill faint = faint_signals();
    if (faint.where.empty()) return {};
    fading_is_told_ = true;
    return " Forward, the signal fades, too: " +
           (faint.value > 0 ? "layer " + path(faint.worst) + " varies over the samples by " +
                                  short_number(faint.value) + " of what the first does."
                            : "from layer " + path(first_constant(faint.where)) +
                                  " on outputs agree for all samples, to a thousandth of their size.");
  }

  std::string growing_too() {
    const ill strong = strong_signals();
    if (strong.where.empty()) return {};
    growth_is_told_ = true;
    return " Forward, the signal grows, too: layer " + path(strong.worst) + " varies over the samples by " +
           short_number(strong.value) + " times what the first does.";
  }

  void gradients_over_steps() {
    if (is_thrown_about_) return;
    const std::vector<double> norms(log_.gradient_norms().begin(), log_.gradient_norms().end());
    const double before = median_of_part(norms, 0, 4), after = latest(norms);
    const gradient_jump& jump = log_.largest_jump();
    if (norms.size() >= 16 && after > threshold::gradient_jump * before)
      add(illness::exploding_gradient, {},
          "the gradient grows: its norm was " + short_number(before) + " in the first quarter of the run and is " +
              short_number(after) + " in the last.",
          detail::against_growth(before));
    else if (jump.step != 0 && jump.norm > threshold::gradient_jump * jump.usual)
      add(illness::exploding_gradient, {},
          "the gradient jumped in step " + std::to_string(jump.step) + " to a norm of " + short_number(jump.norm) +
              ", " + short_number(jump.norm / jump.usual) + " times what was usual before.",
          detail::against_growth(jump.usual));
  }

  void rising_loss() {
    constexpr std::size_t parts = 8;
    const std::vector<double> losses(log_.losses().begin(), log_.losses().end());
    if (losses.size() < 4 * parts) return; // medians of fewer say little
    double lowest = std::numeric_limits<double>::infinity();
    std::size_t lowest_part = 0;
    for (std::size_t i = 0; i < parts; ++i)
      if (const double m = median_of_part(losses, i, parts); m < lowest) lowest = m, lowest_part = i;
    const double first = median_of_part(losses, 0, parts), last = median_of_part(losses, parts - 1, parts);
    const bool is_high = last - lowest > (threshold::rising_loss - 1) * std::abs(lowest);
    // Near the bottom a factor means nothing: 1e-4 and 3e-4 are equally good beside a start at 2.3.
    const bool is_large = last - lowest > 0.1 * (first - lowest);
    if (!is_high || !is_large) return;
    const std::size_t step = log_.steps()[(2 * lowest_part + 1) * log_.steps().size() / (2 * parts)];
    add(illness::rising_loss, {},
        "the loss rises: it was " + short_number(lowest) + " around step " + std::to_string(step) + " and is " +
            short_number(last) + " at the end.",
        detail::against_rising_loss());
  }

  void dead_units() {
    places where;
    std::size_t dead = 0, all = 0, worst = 0, since = unknown, came_back = 0;
    double worst_share = 0;
    for (const std::size_t s : activated_) {
      const std::size_t layer = stations_[s].activation;
      const double share =
          static_cast<double>(log_.dead_count(layer)) / static_cast<double>(log_.layers()[layer].units);
      if (share < threshold::dead_share || s >= first_blocked_) continue;
      where.push_back(s);
      dead += log_.dead_count(layer);
      all += log_.layers()[layer].units;
      if (share > worst_share) worst_share = share, worst = s;
      for (const dead_unit& d : log_.dead_units()) {
        if (d.layer != layer) continue;
        if (d.until == 0)
          since = std::min(since, d.since);
        else
          ++came_back;
      }
    }
    if (where.empty()) return;
    std::string what = std::to_string(dead) + " of " + std::to_string(all) +
                       " units are dead, zero for every sample, the first since epoch " + std::to_string(since);
    if (where.size() > 1) {
      const std::size_t layer = stations_[worst].activation;
      what += "; at layer " + path(worst) + ' ' + std::to_string(log_.dead_count(layer)) + " of " +
              std::to_string(log_.layers()[layer].units);
    }
    if (came_back > 0) what += "; " + std::to_string(came_back) + " came back";
    if (worst_share == 1) what += "; nothing passes layer " + path(worst) + " any more";
    add(illness::dead_units, where, what + '.', detail::against_death(log_, stations_[worst], weighted_.size()));
  }

  void saturated_units() {
    const auto share = [&](std::size_t s) {
      const std::size_t layer = stations_[s].activation;
      const bool is_output = layer + 1 == log_.layers().size(); // may well be sure of itself
      return is_output ? none : latest(log_.series(measure::saturated_share, layer));
    };
    const ill flat = those(activated_, share, [](double v) { return v > threshold::saturated_share; }, true);
    if (flat.where.empty()) return;
    saturated_ = flat.where;
    const std::string worst =
        flat.where.size() > 1 ? "up to " + detail::percentage(flat.value) : detail::percentage(flat.value);
    add(illness::saturated_units, flat.where,
        worst + " of the outputs are saturated: they pass on less than " + detail::percentage(blocking_slope) +
            " of the gradient.",
        detail::against_saturation(log_, stations_[flat.worst], flat.worst == activated_.front()));
  }

  ill faint_signals() const {
    return those(
        weighted_, [&](std::size_t s) { return signal_share(s); },
        [](double r) { return r < threshold::fading_signal; }, false);
  }
  ill strong_signals() const {
    return those(
        weighted_, [&](std::size_t s) { return signal_share(s); },
        [](double r) { return r > threshold::growing_signal; }, true);
  }
  std::size_t first_constant(const places& of) const {
    return *std::find_if(of.begin(), of.end(), [&](std::size_t s) { return !(signal_share(s) > 0); });
  }

  void signal_over_depth() {
    if (weighted_.size() < 2 || is_blocked()) return;
    if (const ill faint = faint_signals(); !faint.where.empty()) {
      is_faint_ = true;
      if (!fading_is_told_)
        add(illness::fading_signal, faint.where,
            faint.value > 0 ? "the signal fades; over the samples the output " + at(faint.worst, faint.where) +
                                  "varies by " + short_number(faint.value) + " of what the first layer's does."
                            : "the signal is lost; from layer " + path(first_constant(faint.where)) +
                                  " on outputs agree for all samples, to a thousandth of their size.",
            detail::against_vanishing(log_, stations_[faint.where.front()], keeps_width(faint.where),
                                      weighted_.size()));
    }
    const ill strong = strong_signals();
    if (!strong.where.empty() && !growth_is_told_)
      add(illness::growing_signal, strong.where,
          "the signal grows; over the samples the output " + at(strong.worst, strong.where) + "varies by " +
              short_number(strong.value) + " times what the first layer's does.",
          detail::against_exploding(log_, stations_[strong.worst]));
  }

  double update_ratio(std::size_t s, std::size_t part, std::size_t parts) const {
    return median_of_part(log_.series(measure::update_ratio, stations_[s].head), part, parts);
  }
  std::string of_the_weights(const ill& those) const {
    return "a step changes the weights " + at(those.worst, those.where) + "by " +
           (those.value > 0 ? short_number(those.value) + (those.value < 1 ? " of" : " times") + " their norm"
                            : "nothing") +
           " (Karpathy's rule of thumb: about 0.001).";
  }

  void large_updates() {
    const ill large = those(
        weighted_, [&](std::size_t s) { return update_ratio(s, 1, 2); },
        [](double r) { return r > threshold::large_update; }, true);
    if (large.where.empty()) return;
    add(illness::large_updates, large.where, "updates are large; " + of_the_weights(large),
        detail::against_update_ratio(large.value));
  }

  void small_updates() {
    if (is_blocked()) return;
    places of;
    for (const std::size_t s : weighted_)
      if (std::find(vanishing_.begin(), vanishing_.end(), s) == vanishing_.end()) of.push_back(s);
    const auto largest_part = [&](std::size_t s) { // a run that has settled once learned
      double largest = none;
      for (std::size_t i = 0; i < 4; ++i) largest = std::fmax(largest, update_ratio(s, i, 4));
      return largest;
    };
    const ill small = those(of, largest_part, [](double r) { return r < threshold::small_update; }, false);
    if (small.where.empty()) return;
    add(illness::small_updates, small.where, "updates are small; " + of_the_weights(small),
        small.value > 0 ? detail::against_update_ratio(small.value)
                        : std::vector<std::string>{"a larger learning rate"});
  }

  void shifted_means() {
    if (is_faint_ || is_blocked() || weighted_.size() < 2) return;
    places hidden;
    for (const std::size_t s :
         weighted_) // the last may have to reach targets far from zero, and a normalisation takes means away
      if (s != weighted_.back() && !stations_[s].has_normalisation &&
          std::find(saturated_.begin(), saturated_.end(), s) == saturated_.end())
        hidden.push_back(s);
    const ill far = those(
        hidden, [&](std::size_t s) { return latest(log_.series(measure::shift, stations_[s].head)); },
        [](double r) { return r > threshold::shifted_mean; }, true);
    if (far.where.empty()) return;
    // The log tells no larger ratio.
    if (far.value * threshold::no_deviation > 0.999) {
      add(illness::shifted_mean, far.where,
          at(far.worst, far.where) + "outputs agree for all samples, to a thousandth of their size.",
          detail::against_equal_outputs(log_, stations_[far.worst], far.worst == weighted_.front()));
      return;
    }
    add(illness::shifted_mean, far.where,
        "units vary little; " + at(far.worst, far.where) + "their mean is " + short_number(far.value) +
            " times their deviation over the samples.",
        detail::against_shift(log_, stations_[far.worst], far.worst == weighted_.front()));
  }

  const health_log& log_;
  std::vector<station> stations_;
  places weighted_, activated_;
  places vanishing_, saturated_; // found to be so
  std::size_t first_blocked_ = unknown;
  bool fading_is_told_ = false, growth_is_told_ = false;
  bool is_faint_ = false;
  bool is_thrown_about_ = false;
  std::vector<finding> found_;
};

} // namespace

std::vector<finding> health_log::findings() const { return judge{*this}.findings(); }

std::string finding::to_string() const {
  std::string text = what + '\n';
  for (const std::string& remedy : remedies) text += "  try " + remedy + '\n';
  return text;
}

} // namespace fusegrad::inspect
