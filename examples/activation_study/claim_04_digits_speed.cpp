// SPDX-License-Identifier: MIT
#include "claims.hpp"
#include "digits_nets.hpp"
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

constexpr double thresholds[] = {0.1, 0.01};

/// The step at which the training loss first is below a threshold, between two looks along a line in the logarithm of the loss.
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
    return over_runs([](const digits_curve& run) { return *std::min_element(run.validation_loss.begin(), run.validation_loss.end()); });
  }
};

struct plan_of_runs {
  std::array<std::vector<double>, 2> rates; ///< by update rule
  std::size_t steps, trials, seeds;
};

const entry& find(const std::vector<entry>& all, update rule, std::string_view name) {
  return *std::find_if(all.begin(), all.end(), [&](const entry& e) { return e.rule == rule && e.net->name == name; });
}

/// Chooses the rates, then trains.
std::vector<entry> train_all(std::span<const digits_net> nets, std::span<const update> rules, const digits_samples& samples,
                             const plan_of_runs& plan, int threads, const std::function<void(double)>& progress) {
  std::vector<entry> all;
  for (update rule : rules)
    for (const digits_net& net : nets) all.push_back({&net, rule, 0, 0, std::vector<digits_curve>(plan.seeds)});
  for_each_run(all.size(), threads, [&](std::size_t i) {
    const auto& rates = plan.rates[static_cast<std::size_t>(all[i].rule)];
    all[i].rate = best_rate(*all[i].net, samples, {all[i].rule, 0, plan.steps, 0}, rates, plan.trials);
  }, [&](double share) { progress(0.7 * share); });
  for_each_run(all.size() * plan.seeds, threads, [&](std::size_t i) {
    entry& e = all[i / plan.seeds];
    e.runs[i % plan.seeds] = e.net->train(samples, {e.rule, e.rate, plan.steps, i % plan.seeds});
  }, [&](double share) { progress(0.7 + 0.3 * share); });
  return all;
}

/// The least of several rounds, the nets taking turns: what else the machine does comes and goes.
void measure_steps(std::vector<entry>& all, std::span<const digits_net> nets, const images& samples, int steps, int rounds) {
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

/// What another activation needs for what ReLU needs: run by run, the geometric mean over the thresholds, then the median.
struct comparison {
  double steps, seconds;
};
comparison compare(const entry& other, const entry& relu) {
  std::vector<double> ratios;
  for (std::size_t seed = 0; seed < relu.runs.size(); ++seed) {
    double ratio = 1;
    for (double threshold : thresholds) ratio *= steps_to(other.runs[seed], threshold) / steps_to(relu.runs[seed], threshold);
    ratios.push_back(std::sqrt(ratio));
  }
  const double steps = median(ratios);
  return {steps, steps * other.microseconds / relu.microseconds};
}

/// Comparisons that the claim asserts, and how many of them hold: slower by a tenth for sigmoid and tanh, not faster by a tenth for softplus.
struct tally {
  int held = 0, asserted = 0;

  void add(std::string_view name, const comparison& c) {
    for (double ratio : {c.steps, c.seconds}) {
      ++asserted;
      held += name == "softplus" ? !(ratio < 0.9) : ratio > 1.1;
    }
  }
};

constexpr std::string_view others[] = {"sigmoid", "tanh", "softplus"};
constexpr update both_rules[] = {update::adam, update::momentum};
const char* name_of(update rule) { return rule == update::adam ? "Adam" : "momentum"; }

std::string in_words(const std::vector<entry>& all, update rule) {
  std::string words = std::string("with ") + name_of(rule);
  const entry& relu = find(all, rule, "relu");
  for (std::string_view other : others) {
    const comparison c = compare(find(all, rule, other), relu);
    words += (other == others[0] ? " " : ", ") + std::string(other);
    words += std::isfinite(c.steps) ? " takes " + times(c.steps) + " the steps (" + times(c.seconds) + " the seconds)" : " does not get there";
  }
  return words;
}

void add_table(page& page, const std::string& caption, std::vector<entry> all) {
  std::stable_sort(all.begin(), all.end(), [](const entry& a, const entry& b) {
    return a.rule != b.rule ? a.rule < b.rule : a.steps(thresholds[0]).median * a.steps(thresholds[1]).median < b.steps(thresholds[0]).median * b.steps(thresholds[1]).median;
  });
  std::vector<std::vector<std::string>> rows;
  for (const entry& e : all)
    rows.push_back({std::string(e.net->name), name_of(e.rule), brief(e.rate), brief(e.steps(0.1)), brief(e.steps(0.01)), fusegrad::base::fixed(e.microseconds, 1),
                    brief(e.steps(0.1).median * e.microseconds / 1000), brief(e.steps(0.01).median * e.microseconds / 1000),
                    brief(e.least_validation_loss()), fusegrad::base::fixed(100 * e.test_accuracy().median, 1) + " %"});
  page.table(caption, {"activation", "rule", "rate", "steps to 0.1", "steps to 0.01", "us a step", "ms to 0.1", "ms to 0.01", "validation loss", "test accuracy"}, rows);
}

void add_charts(page& page, const std::vector<entry>& all, const std::string& data) {
  std::vector<series> by_step, by_time, held_back, accuracy;
  for (std::string_view name : {"relu", "sigmoid", "tanh", "softplus"}) {
    const entry& e = find(all, update::adam, name);
    std::vector<double> milliseconds;
    for (double step : e.runs[0].steps) milliseconds.push_back(step * e.microseconds / 1000);
    const auto middle = [&](auto member) {
      std::vector<double> medians;
      for (std::size_t i = 0; i < e.runs[0].steps.size(); ++i) medians.push_back(e.over_runs([&](const digits_curve& run) { return (run.*member)[i]; }).median);
      return medians;
    };
    by_step.push_back({std::string(name), e.runs[0].steps, middle(&digits_curve::loss)});
    by_time.push_back({std::string(name), milliseconds, middle(&digits_curve::loss)});
    held_back.push_back({std::string(name), e.runs[0].steps, middle(&digits_curve::validation_loss)});
    accuracy.push_back({std::string(name), e.runs[0].steps, middle(&digits_curve::validation_accuracy)});
  }
  page.lines(data + ": training loss against steps", "steps", "loss", by_step);
  page.lines(data + ": training loss against time", "milliseconds of one thread", "loss", by_time);
  page.lines(data + ": validation loss", "steps", "loss", held_back);
  page.lines(data + ": validation accuracy", "steps", "accuracy", accuracy);
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
  for (const entry& e : all) rows.push_back({std::string(e.net->name), brief(e.steps(0.1)), brief(e.steps(0.01)), brief(e.least_validation_loss())});
  page.table("The same with one learning rate for all, 0.001, as comparisons are often made", {"activation", "steps to 0.1", "steps to 0.01", "validation loss"}, rows);
}

std::string on_mnist(page& page, const settings& asked, tally& count) {
  const digits_samples samples = with_validation(*asked.mnist_train, *asked.mnist_test);
  const plan_of_runs plan{{std::vector{1e-3, 3e-3, 1e-2, 3e-2}, {}}, asked.quick ? std::size_t{300} : 2000, 1, static_cast<std::size_t>(std::min(asked.seeds, asked.quick ? 1 : 3))};
  const update adam[] = {update::adam};
  std::vector<entry> all = train_all(mnist_nets(), adam, samples, plan, asked.threads, [](double) {});
  measure_steps(all, mnist_nets(), samples.train, 100, 5);
  add_table(page, "MNIST, " + fusegrad::base::grouped(samples.train.size()) + " images to learn from", all);
  add_charts(page, all, "MNIST");
  for (std::string_view other : others) count.add(other, compare(find(all, update::adam, other), find(all, update::adam, "relu")));
  return " On MNIST " + in_words(all, update::adam) + ".";
}

} // namespace

claim_result digits_speed(const settings& asked) {
  const auto progress = [&](double share) {
    if (asked.progress) asked.progress(share);
  };
  const digits_samples samples = with_validation(*asked.digits_train, *asked.digits_test);
  plan_of_runs plan{{std::vector{5e-3, 1e-2, 2e-2, 4e-2, 8e-2}, std::vector{0.2, 0.5, 1.0, 2.0, 4.0}}, 1400, 2, static_cast<std::size_t>(asked.seeds)};
  if (asked.quick) plan = {{std::vector{1e-2, 2e-2, 5e-2}, std::vector{0.2, 0.6, 2.0}}, 500, 1, static_cast<std::size_t>(asked.seeds)};
  std::vector<entry> all = train_all(digits_nets(), both_rules, samples, plan, asked.threads, progress);
  measure_steps(all, digits_nets(), samples.train, asked.quick ? 200 : 500, 15);

  claim_result result{.number = 4, .claim = "ReLU trains faster than sigmoid and tanh on digits, in steps and in seconds, and softplus does not beat it"};
  result.details.paragraph(
      "Nets 64 | dense 32 | f | dense 32 | f | dense 10 on " + fusegrad::base::grouped(samples.train.size()) + " images of 8 x 8, batches of 32, " + fusegrad::base::grouped(plan.steps) +
      " steps, variance-preserving start. Each activation has the learning rate of its own that makes the validation loss smallest (the mean over the run, in the median over other seeds; "
      "five rates for each rule, three in the quick run). Speed is the step at which the loss over all training images first is below 0.1 and 0.01; seconds are steps times the least time of a step over rounds in which all activations "
      "take turns, one thread. " + std::to_string(plan.seeds) + " seeds: median (quartiles). Compared with ReLU run by run, in geometric mean of the two thresholds.");
  result.criterion = "Supported: sigmoid and tanh need more than 1.1 times and softplus at least 0.9 times what ReLU needs, in steps and in seconds, with Adam and with momentum. "
                     "Not supported: fewer than half of these twelve comparisons hold (eighteen with MNIST). Else it depends.";
  tally count;
  for (update rule : both_rules)
    for (std::string_view other : others) count.add(other, compare(find(all, rule, other), find(all, rule, "relu")));
  add_charts(result.details, all, "Digits");
  add_table(result.details, "Digits", all);
  add_one_rate_for_all(result.details, samples, plan, asked.threads);
  result.because = "For what ReLU needs, " + in_words(all, update::adam) + "; " + in_words(all, update::momentum) + ".";
  if (asked.mnist_train != nullptr) result.because += on_mnist(result.details, asked, count);
  result.because += " " + std::to_string(count.held) + " of " + std::to_string(count.asserted) + " comparisons hold.";
  result.decision = count.held == count.asserted ? verdict::supported : 2 * count.held < count.asserted ? verdict::not_supported : verdict::depends;
  return result;
}

} // namespace study
