// SPDX-License-Identifier: MIT
#include "claims.hpp"
#include "digits_nets.hpp"
#include "regression_targets.hpp"
#include "runs.hpp"
#include "wording.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace study {

namespace {

constexpr std::array<std::string_view, 7> activations{
    "relu", "tanh", "abs", "sine", "relu + tanh", "relu + sine", "relu + tanh + abs + sine"};
constexpr std::size_t singles = 4;
const std::array<std::vector<std::size_t>, 3> parts_of_mix{{{0, 1}, {0, 3}, {0, 1, 2, 3}}};

std::vector<target> all_targets() {
  constexpr double pi = 3.14159265358979323846;
  std::vector<target> all = smooth_and_kinked_targets();
  // What one or two units of sine are, exactly, says nothing about mixes.
  std::erase_if(all, [](const target& f) { return f.name.find("sin(") != std::string::npos; });
  all.push_back({"|x - 0.3| + sin(3 pi x) / 3", "both", 1,
                 [](double x, double) { return std::abs(x - 0.3) + std::sin(3 * pi * x) / 3; }});
  all.push_back({"max(x, 0) + tanh(8 x - 4)", "both", 1,
                 [](double x, double) { return std::max(x, 0.0) + std::tanh(8 * x - 4); }});
  all.push_back({"max(x, y) + sin(pi x) / 2", "both", 2,
                 [](double x, double y) { return std::max(x, y) + std::sin(pi * x) / 2; }});
  return all;
}

/// What is to be made small: a test error or a loss on samples held back, for each activation and seed. Empty where
/// there is no such net.
struct task {
  std::string name, kind;
  std::array<std::vector<double>, activations.size()> error;

  bool has(std::size_t a) const { return !error[a].empty(); }
  double median_error(std::size_t a) const { return median(error[a]); }
  std::vector<double> errors_of_parts(std::size_t mix) const {
    std::vector<double> errors;
    for (std::size_t part : parts_of_mix[mix]) errors.push_back(median_error(part));
    return errors;
  }
  /// The error of a mix for an error of 1 of its best part, which is known only afterwards.
  double to_best(std::size_t mix) const {
    const std::vector<double> parts = errors_of_parts(mix);
    return median_error(singles + mix) / *std::min_element(parts.begin(), parts.end());
  }
  /// The same for a part drawn by lot: the geometric mean.
  double to_average(std::size_t mix) const {
    return median_error(singles + mix) / geometric_mean(errors_of_parts(mix));
  }
};

std::vector<task> regressions(const settings& asked, std::size_t seeds) {
  const std::vector<target> targets = all_targets();
  const int steps = asked.quick ? 500 : 2000;
  std::vector<task> tasks;
  for (const target& f : targets) {
    tasks.push_back({f.name, f.kind, {}});
    for (auto& of_activation : tasks.back().error) of_activation.resize(seeds);
  }
  for_each_run(
      tasks.size() * activations.size(), asked.threads,
      [&](std::size_t i) {
        const target& f = targets[i / activations.size()];
        const small_net& net = small_net_named(activations[i % activations.size()]);
        const double rate = best_rate(net, f, 64, steps);
        for (std::size_t seed = 0; seed < seeds; ++seed)
          tasks[i / activations.size()].error[i % activations.size()][seed] =
              net.train(sparse_regression(f, 64, seed), {small_net_width, steps, rate, seed}).test;
      },
      [&](double share) {
        if (asked.progress) asked.progress(0.8 * share);
      });
  return tasks;
}

/// The least validation loss on the way.
task images_of(const image_set& set, const settings& asked, std::size_t seeds) {
  const digits_samples samples = with_validation(set.train, set.test);
  const std::vector<double> rates = asked.quick ? std::vector{1e-2, 2e-2} : std::vector{5e-3, 1e-2, 2e-2};
  const digits_recipe how{update::adam, 0, asked.quick ? std::size_t{400} : 1400, 0};
  task made{set.name, "images", {}};
  for_each_run(activations.size(), asked.threads, [&](std::size_t a) {
    const auto of_one_kind = digits_nets(), mixed = mixed_digits_nets();
    std::vector<digits_net> nets(of_one_kind.begin(), of_one_kind.end());
    nets.insert(nets.end(), mixed.begin(), mixed.end());
    const auto net =
        std::find_if(nets.begin(), nets.end(), [a](const digits_net& n) { return n.name == activations[a]; });
    if (net == nets.end()) return;
    digits_recipe run = how;
    run.learning_rate = best_rate(*net, samples, how, rates, asked.quick ? 1 : 3);
    for (run.seed = 0; run.seed < seeds; ++run.seed) {
      const digits_curve curve = net->train(samples, run);
      made.error[a].push_back(*std::min_element(curve.validation_loss.begin(), curve.validation_loss.end()));
    }
  });
  return made;
}

struct summary {
  double to_best, to_average;
  std::size_t won = 0,
              pairs =
                  0; ///< pairs of a mix and a task, and in how many the mix is better than its best part by a twentieth
};

summary sum_up(const std::vector<task>& tasks, std::string_view kind = {}) {
  std::vector<double> best, average;
  summary s{};
  for (const task& t : tasks)
    for (std::size_t mix = 0; mix < parts_of_mix.size(); ++mix) {
      if (!t.has(singles + mix) || (!kind.empty() && t.kind != kind)) continue;
      best.push_back(t.to_best(mix));
      average.push_back(t.to_average(mix));
      s.won += best.back() < 0.95;
      ++s.pairs;
    }
  s.to_best = geometric_mean(best);
  s.to_average = geometric_mean(average);
  return s;
}

std::string in_words(const task& t, double (task::*ratio)(std::size_t) const) {
  std::string words;
  for (std::size_t mix = 0; mix < parts_of_mix.size(); ++mix)
    words += (mix == 0 ? "" : " / ") + (t.has(singles + mix) ? fusegrad::base::fixed((t.*ratio)(mix), 2) : "-");
  return words;
}

fusegrad::inspect::bar_chart chart_of(const std::vector<task>& tasks) {
  fusegrad::inspect::bar_chart chart{
      .title = "Error of a mix as a part of that of its best part",
      .note = "Left of 1 the mix is better than every one of its parts. Images are not read by relu + sine.",
      .values = {.title = "ratio", .scale = fusegrad::inspect::scale::logarithmic}};
  for (std::size_t mix = 0; mix < parts_of_mix.size(); ++mix)
    chart.groups.push_back({.name = std::string(activations[singles + mix])});
  for (const task& t : tasks) {
    chart.categories.push_back(t.name);
    for (std::size_t mix = 0; mix < parts_of_mix.size(); ++mix)
      chart.groups[mix].values.push_back(t.has(singles + mix) ? t.to_best(mix) : std::nan(""));
  }
  return chart;
}

void add_tables(page& page, const std::vector<task>& tasks) {
  std::vector<std::vector<std::string>> errors, ratios;
  for (const task& t : tasks) {
    std::vector<std::string> row{t.name, t.kind};
    for (std::size_t a = 0; a < activations.size(); ++a) row.push_back(t.has(a) ? brief(spread_of(t.error[a])) : "");
    errors.push_back(std::move(row));
    ratios.push_back({t.name, t.kind, in_words(t, &task::to_best), in_words(t, &task::to_average)});
  }
  page.table("Error of a mix as a part of that of its parts: relu + tanh / relu + sine / all four",
             {"task", "kind", "of its best part", "of its parts in geometric mean"}, ratios);
  std::vector<std::string> head{"task", "kind"};
  head.insert(head.end(), activations.begin(), activations.end());
  study::page all_errors;
  all_errors.table("Test error of the regressions, least validation loss on images: median (quartiles)", head, errors);
  page.fold("All errors", all_errors);
}

} // namespace

claim_result mixed_groups(const settings& asked) {
  const auto seeds = static_cast<std::size_t>(asked.quick ? asked.seeds : 2 * asked.seeds);
  std::vector<task> tasks = regressions(asked, seeds);
  for (const image_set* set : {asked.images, asked.mnist})
    if (set != nullptr) tasks.push_back(images_of(*set, asked, static_cast<std::size_t>(asked.seeds)));
  const summary all = sum_up(tasks), smooth = sum_up(tasks, "smooth"), kinked = sum_up(tasks, "kinked"),
                both = sum_up(tasks, "both");

  claim_result result{.number = 10,
                      .claim =
                          "Groups of different activations in one layer are better than as many units of a single one"};
  result.decision = all.to_best < 0.95 && 2 * all.won >= all.pairs ? verdict::supported
                    : all.to_average > 0.95                        ? verdict::not_supported
                                                                   : verdict::depends;
  const auto number = [](double x) { return fusegrad::base::fixed(x, 2); };
  result.because = "The error of a mix is " + number(all.to_best) +
                   " of that of its best part, which is known only afterwards, and " + number(all.to_average) +
                   " of that of its parts in geometric mean; it is better than all its parts in " +
                   std::to_string(all.won) + " of " + std::to_string(all.pairs) +
                   " cases. Against the best part: smooth targets " + number(smooth.to_best) + ", kinked ones " +
                   number(kinked.to_best) + ", both at once " + number(both.to_best);
  for (const task& t : tasks)
    if (t.kind == "images") result.because += ", " + t.name + " " + number(sum_up({t}).to_best);
  result.because += asked.mnist != nullptr ? " (reduced to 8 x 8 pixels)." : ".";
  result.criterion = "Supported: in geometric mean over tasks and mixes the error is below 0.95 of that of the best "
                     "part, and a mix is better than its best part by a twentieth in half of the cases. "
                     "Not supported: it is not even below 0.95 of that of the parts in geometric mean. Else it depends "
                     "on the task: a mix is a hedge.";
  result.details.paragraph(
      "Three mixes of equal groups in each hidden layer of 32 units, relu + tanh, relu + sine, and relu + tanh + abs + "
      "sine, against 32 units of each of their parts: regression with one hidden layer from 64 random "
      "points without noise, and digits with two hidden layers (Adam; not relu + sine). Learning rates are chosen for "
      "each activation and task with other seeds. " +
      std::to_string(seeds) + " seeds for regressions, " + std::to_string(asked.seeds) + " for digits." +
      (asked.mnist != nullptr
           ? " MNIST: as many images as there are digits, reduced to 8 x 8 pixels, so that the same nets take them."
           : ""));
  result.details.add(chart_of(tasks));
  add_tables(result.details, tasks);
  return result;
}

} // namespace study
