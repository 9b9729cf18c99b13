// SPDX-License-Identifier: MIT
#include "claims.hpp"
#include "digits_nets.hpp"
#include "known_activations.hpp"
#include "runs.hpp"
#include "wording.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <string_view>
#include <vector>

namespace study {

namespace {

/// The step at which the training loss first is below a threshold, between two looks along a line in the logarithm of
/// the loss.
double steps_to(const digits_curve& curve, double threshold) {
  for (std::size_t i = 1; i < curve.loss.size(); ++i) {
    if (!(curve.loss[i] < threshold)) continue;
    const double share = std::log(curve.loss[i - 1] / threshold) / std::log(curve.loss[i - 1] / curve.loss[i]);
    return curve.steps[i - 1] + share * (curve.steps[i] - curve.steps[i - 1]);
  }
  return HUGE_VAL;
}

/// One activation with one update rule: its learning rate, and a run for each seed.
struct entry {
  const digits_net* net;
  update rule;
  double rate = 0;
  double microseconds = 0; ///< a step
  std::vector<digits_curve> runs;

  template <class Of> spread over_runs(Of&& of) const {
    std::vector<double> numbers;
    for (const digits_curve& run : runs) numbers.push_back(of(run));
    return spread_of(numbers);
  }
  spread steps(double threshold) const {
    return over_runs([threshold](const digits_curve& run) { return steps_to(run, threshold); });
  }
  spread test_accuracy() const {
    return over_runs([](const digits_curve& run) { return run.test_accuracy; });
  }
  spread least_validation_loss() const {
    return over_runs([](const digits_curve& run) {
      return *std::min_element(run.validation_loss.begin(), run.validation_loss.end());
    });
  }
};

struct plan_of_runs {
  std::array<std::vector<double>, 2> rates; ///< by update rule
  std::size_t steps, trials, seeds;
  std::array<double, 2> thresholds; ///< of the training loss
};

const entry& find(const std::vector<entry>& all, update rule, std::string_view name) {
  return *std::find_if(all.begin(), all.end(), [&](const entry& e) { return e.rule == rule && e.net->name == name; });
}

/// Chooses the rates, then trains.
std::vector<entry> train_all(std::span<const digits_net> nets, std::span<const update> rules,
                             const digits_samples& samples, const plan_of_runs& plan, int threads,
                             const std::function<void(double)>& progress) {
  std::vector<entry> all;
  for (update rule : rules)
    for (const digits_net& net : nets) all.push_back({&net, rule, 0, 0, std::vector<digits_curve>(plan.seeds)});
  for_each_run(
      all.size(), threads,
      [&](std::size_t i) {
        const auto& rates = plan.rates[static_cast<std::size_t>(all[i].rule)];
        all[i].rate = best_rate(*all[i].net, samples, {all[i].rule, 0, plan.steps, 0}, rates, plan.trials);
      },
      [&](double share) { progress(0.7 * share); });
  for_each_run(
      all.size() * plan.seeds, threads,
      [&](std::size_t i) {
        entry& e = all[i / plan.seeds];
        e.runs[i % plan.seeds] = e.net->train(samples, {e.rule, e.rate, plan.steps, i % plan.seeds});
      },
      [&](double share) { progress(0.7 + 0.3 * share); });
  return all;
}

/// The least of several rounds, the nets taking turns: what else the machine does comes and goes.
void measure_steps(std::vector<entry>& all, std::span<const digits_net> nets, const images& samples, int steps,
                   int rounds) {
  for (const digits_net& net : nets)
    for (entry& e : all)
      if (e.net == &net) e.microseconds = HUGE_VAL;
  for (int round = 0; round < rounds; ++round)
    for (const digits_net& net : nets) {
      const double taken = net.microseconds(samples, steps);
      for (entry& e : all)
        if (e.net == &net) e.microseconds = std::min(e.microseconds, taken);
    }
}

/// What another activation needs for what ReLU needs: run by run, the geometric mean over the thresholds, then the
/// median. Infinite where the other does not get there.
struct comparison {
  double steps, seconds;
};
comparison compare(const entry& other, const entry& relu, const std::array<double, 2>& thresholds) {
  std::vector<double> ratios;
  for (std::size_t seed = 0; seed < relu.runs.size(); ++seed) {
    double ratio = 1;
    for (double threshold : thresholds)
      ratio *= steps_to(other.runs[seed], threshold) / steps_to(relu.runs[seed], threshold);
    ratios.push_back(std::sqrt(ratio));
  }
  const double steps = median(ratios);
  return {steps, steps * other.microseconds / relu.microseconds};
}

/// Comparisons that the claim asserts, and how many of them hold: slower by a tenth for sigmoid and tanh, not faster by
/// a tenth for softplus.
struct tally {
  int held = 0, asserted = 0;

  void add(std::string_view name, const comparison& c) {
    for (double ratio : {c.steps, c.seconds}) {
      ++asserted;
      held += name == "softplus" ? !(ratio < 0.9) : ratio > 1.1;
    }
  }
};

std::string names_of(std::span<const digits_net> nets) {
  std::string names;
  for (const digits_net& net : nets)
    names += (names.empty() ? "" : &net == &nets.back() ? " and " : ", ") + std::string(net.name);
  return names;
}

constexpr std::string_view others[] = {"sigmoid", "tanh", "softplus"};
constexpr update both_rules[] = {update::adam, update::momentum};
const char* name_of(update rule) { return rule == update::adam ? "Adam" : "momentum"; }

std::string in_words(const std::vector<entry>& all, update rule, const std::array<double, 2>& thresholds) {
  std::string words = std::string("with ") + name_of(rule);
  const entry& relu = find(all, rule, "relu");
  for (std::string_view other : others) {
    const comparison c = compare(find(all, rule, other), relu, thresholds);
    words += (other == others[0] ? " " : ", ") + std::string(other);
    words += !std::isfinite(c.steps) ? " does not get as far"
                                     : " takes " + times(c.steps) + " ReLU's steps (" + times(c.seconds) + " its time)";
  }
  return words;
}

void add_table(page& page, const std::string& data, update rule, std::vector<entry> all,
               const std::array<double, 2>& thresholds) {
  std::erase_if(all, [rule](const entry& e) { return e.rule != rule; });
  const auto effort = [&](const entry& e) { return e.steps(thresholds[0]).median * e.steps(thresholds[1]).median; };
  std::sort(all.begin(), all.end(), [&](const entry& a, const entry& b) {
    return effort(a) != effort(b) ? effort(a) < effort(b) : a.net->name < b.net->name;
  });
  std::vector<std::string> head{"activation", "rate"};
  for (const char* what : {"steps to ", "ms to "})
    for (double threshold : thresholds) head.push_back(what + plain(threshold));
  head.insert(head.end(), {"µs a step", "validation loss", "test accuracy"});
  std::vector<std::vector<std::string>> rows;
  for (const entry& e : all) {
    std::vector<std::string> row{std::string(e.net->name), plain(e.rate)};
    for (double threshold : thresholds) row.push_back(brief(e.steps(threshold)));
    for (double threshold : thresholds) row.push_back(brief(e.steps(threshold).median * e.microseconds / 1000));
    row.insert(row.end(), {fusegrad::base::fixed(e.microseconds, 1), brief(e.least_validation_loss().median),
                           fusegrad::base::fixed(100 * e.test_accuracy().median, 1) + " %"});
    rows.push_back(std::move(row));
  }
  page.table(data + ", " + name_of(rule), head, rows);
}

void add_charts(page& page, const std::vector<entry>& all, const std::string& data) {
  using fusegrad::inspect::line_chart;
  line_chart by_step{.title = data + ": training loss against steps",
                     .note = "Median and quartiles, Adam, each at its own learning rate.",
                     .x = {.title = "steps", .scale = fusegrad::inspect::scale::logarithmic},
                     .y = {.title = "cross-entropy"}};
  line_chart by_time{.title = data + ": training loss against time",
                     .note = "The same runs.",
                     .x = {.title = "time of one thread", .unit = "ms", .scale = fusegrad::inspect::scale::logarithmic},
                     .y = {.title = "cross-entropy"}};
  line_chart held_back{.title = data + ": validation loss",
                       .note = "The same runs; images that were not trained on.",
                       .x = {.title = "steps", .scale = fusegrad::inspect::scale::logarithmic},
                       .y = {.title = "cross-entropy"}};
  line_chart accuracy{.title = data + ": validation accuracy",
                      .note = "The same runs.",
                      .x = {.title = "steps", .scale = fusegrad::inspect::scale::logarithmic},
                      .y = {.title = "share of images", .scale = fusegrad::inspect::scale::linear, .high = 1}};
  for (std::string_view name : {"relu", "sigmoid", "tanh", "softplus"}) {
    const entry& e = find(all, update::adam, name);
    const auto line = [&](auto member) {
      series made{.name = std::string(name)};
      for (std::size_t i = 1; i < e.runs[0].steps.size(); ++i) { // without the look before the first step
        made.x.push_back(e.runs[0].steps[i]);
        const spread s = e.over_runs([&](const digits_curve& run) { return (run.*member)[i]; });
        made.y.push_back(s.median), made.low.push_back(s.low), made.high.push_back(s.high);
      }
      return made;
    };
    by_step.lines.push_back(line(&digits_curve::loss));
    by_time.lines.push_back(by_step.lines.back());
    for (double& x : by_time.lines.back().x) x *= e.microseconds / 1000;
    held_back.lines.push_back(line(&digits_curve::validation_loss));
    accuracy.lines.push_back(line(&digits_curve::validation_accuracy));
  }
  page.add(by_step).add(by_time).add(held_back).add(accuracy);
}

/// Everybody with the default rate of Adam, as comparisons are often made.
void add_one_rate_for_all(page& page, const digits_samples& samples, const plan_of_runs& plan, int threads) {
  plan_of_runs one = plan;
  one.rates = {std::vector{1e-3}, std::vector{1e-3}};
  one.trials = 1;
  const update adam[] = {update::adam};
  std::vector<digits_net> nets{net_named(digits_nets(), "relu")};
  for (std::string_view other : others) nets.push_back(net_named(digits_nets(), other));
  const std::vector<entry> all = train_all(nets, adam, samples, one, threads, [](double) {});
  std::vector<std::vector<std::string>> rows;
  for (const entry& e : all)
    rows.push_back({std::string(e.net->name), brief(e.steps(plan.thresholds[0])), brief(e.steps(plan.thresholds[1])),
                    brief(e.least_validation_loss())});
  page.table("The same with one learning rate for all, 0.001, as comparisons are often made",
             {"activation", "steps to " + plain(plan.thresholds[0]), "steps to " + plain(plan.thresholds[1]),
              "validation loss"},
             rows);
}

std::string on_mnist(page& page, const settings& asked, tally& count) {
  const digits_samples samples = with_validation(asked.more_mnist->train, asked.more_mnist->test);
  plan_of_runs plan{
      {std::vector{5e-3, 1e-2, 2e-2, 4e-2}, {}}, 3000, 2, static_cast<std::size_t>(asked.seeds), {0.3, 0.2}};
  if (asked.quick) plan = {{std::vector{1e-2, 3e-2}, {}}, 500, 1, static_cast<std::size_t>(asked.seeds), {0.6, 0.4}};
  const update adam[] = {update::adam};
  std::vector<entry> all = train_all(digits_nets(), adam, samples, plan, asked.threads, [](double) {});
  measure_steps(all, digits_nets(), samples.train, 100, asked.quick ? 15 : 80);
  add_table(page,
            "MNIST reduced to 8 x 8 pixels, " + fusegrad::base::grouped(samples.train.size()) + " images to learn from",
            update::adam, all, plan.thresholds);
  add_charts(page, all, "MNIST");
  for (std::string_view other : others)
    count.add(other, compare(find(all, update::adam, other), find(all, update::adam, "relu"), plan.thresholds));
  return "\nOn MNIST (reduced to 8 x 8 pixels) " + in_words(all, update::adam, plan.thresholds) + ".";
}

} // namespace

claim_result digits_speed(const settings& asked) {
  const auto progress = [&](double share) {
    if (asked.progress) asked.progress(share);
  };
  const digits_samples samples = with_validation(asked.images->train, asked.images->test);
  plan_of_runs plan{{std::vector{5e-3, 1e-2, 2e-2, 4e-2, 8e-2}, std::vector{0.2, 0.5, 1.0, 2.0, 4.0}},
                    1400,
                    2,
                    static_cast<std::size_t>(asked.seeds),
                    {0.1, 0.01}};
  if (asked.quick)
    plan = {{std::vector{1e-2, 2e-2, 5e-2}, std::vector{0.2, 0.6, 2.0}},
            500,
            1,
            static_cast<std::size_t>(asked.seeds),
            {0.1, 0.02}};
  std::vector<entry> all = train_all(digits_nets(), both_rules, samples, plan, asked.threads, progress);
  measure_steps(all, digits_nets(), samples.train, 100, asked.quick ? 15 : 80);

  claim_result result{
      .number = 4,
      .claim =
          "ReLU trains faster than sigmoid and tanh on digits, in steps and in seconds, and softplus does not beat it"};
  result.details.paragraph(
      "Nets 64 | dense 32 | f | dense 32 | f | dense 10 on " + fusegrad::base::grouped(samples.train.size()) +
      " images of 8 x 8, batches of 32, " + fusegrad::base::grouped(plan.steps) +
      " steps, variance-preserving start. Each activation has the learning rate of its own that makes the validation "
      "loss smallest (the mean over the run, in the median over other seeds; "
      "five rates for each rule, three in the quick run). Speed is the step at which the loss over all training images "
      "first is below " +
      plain(plan.thresholds[0]) + " and " + plain(plan.thresholds[1]) +
      "; seconds are steps times the least time of a step over short rounds in which all activations "
      "take turns, one thread. " +
      std::to_string(plan.seeds) +
      " seeds: median (quartiles). Compared with ReLU run by run, in geometric mean of the two thresholds. " +
      std::to_string(digits_nets().size()) + " of the catalogue's " + std::to_string(known_activations().size()) +
      " activations are trained, " + names_of(digits_nets()) +
      ", because each is one more net to compile, some three seconds of the compiler's time.");
  result.criterion =
      "Supported: sigmoid and tanh need more than 1.1 times and softplus at least 0.9 times what ReLU needs, in steps "
      "and in seconds, with Adam and with momentum. "
      "Not supported: fewer than half of these twelve comparisons hold (eighteen with MNIST). Else it depends.";
  tally count;
  for (update rule : both_rules)
    for (std::string_view other : others)
      count.add(other, compare(find(all, rule, other), find(all, rule, "relu"), plan.thresholds));
  add_charts(result.details, all, "Digits");
  for (update rule : both_rules) add_table(result.details, "Digits", rule, all, plan.thresholds);
  add_one_rate_for_all(result.details, samples, plan, asked.threads);
  result.because = "To come to the same two losses, " + in_words(all, update::adam, plan.thresholds) + "; " +
                   in_words(all, update::momentum, plan.thresholds) + ".";
  if (asked.more_mnist != nullptr) result.because += on_mnist(result.details, asked, count);
  result.because +=
      " " + std::to_string(count.held) + " of " + std::to_string(count.asserted) + " comparisons come out as claimed.";
  result.decision = count.held == count.asserted      ? verdict::supported
                    : 2 * count.held < count.asserted ? verdict::not_supported
                                                      : verdict::depends;
  return result;
}

} // namespace study
