// SPDX-License-Identifier: MIT
#include "claims.hpp"
#include "runs.hpp"
#include "wording.hpp"
#include "xor_nets.hpp"

#include <algorithm>
#include <cmath>
#include <fusegrad/layer/catalogue.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace study {

namespace {

constexpr std::size_t runs_of_each = 200;
constexpr float rates[] = {0.03f, 0.1f};
// All four outputs are then on the right side of a half: none of the squared differences is above 0.04.
constexpr float solved_below = 0.01f;

struct candidate {
  std::string name;
  std::vector<float> (*train)(std::size_t runs, double gain, const xor_recipe& how);
  double gain;
  bool is_monotone = false, has_separate_units = true;
  double share[2][2]{}; ///< of runs that solved it, by units - 1 and learning rate

  double best(int units) const { return std::max(share[units - 1][0], share[units - 1][1]); }
};

struct largest {
  template <class X> constexpr auto operator()(X a, X b) const { return max(a, b); }
};
struct gated {
  template <class X> constexpr auto operator()(X a, X b) const { return a * sigmoid(b); }
};
struct product {
  template <class X> constexpr auto operator()(X a, X b) const { return a * b; }
};

template <class Activation> bool is_monotone(const Activation& f) {
  bool rises = false, falls = false;
  for (double x = -8; x < 8; x += 0.01) {
    rises |= f(x + 0.01) > f(x) + 1e-9;
    falls |= f(x + 0.01) < f(x) - 1e-9;
  }
  return !(rises && falls);
}

std::vector<candidate> all_candidates() {
  std::vector<candidate> all;
  fusegrad::for_each_activation([&]<class Activation>(std::string_view name, const Activation& f) {
    all.push_back({std::string(name), train_xor<two_units<Activation>>, fusegrad::gain(f), is_monotone(f)});
  });
  all.push_back({"maxout (1 unit)", train_xor<one_joint_unit<largest>>, 1, false, false});
  all.push_back({"glu (1 unit)", train_xor<one_joint_unit<gated>>, 1, false, false});
  all.push_back({"bilinear (1 unit)", train_xor<one_joint_unit<product>>, 1, false, false});
  return all;
}

double share_solved(const std::vector<float>& losses) {
  const auto solved = std::count_if(losses.begin(), losses.end(), [](float loss) { return loss < solved_below; });
  return static_cast<double>(solved) / static_cast<double>(losses.size());
}

void train_all(std::vector<candidate>& all, const settings& asked) {
  const int steps = asked.quick ? 2000 : 6'000;
  for_each_run(
      all.size() * 4, asked.threads,
      [&](std::size_t i) {
        candidate& one = all[i / 4];
        const std::size_t units = i / 2 % 2 + 1, rate = i % 2;
        if (units == 1 && !one.has_separate_units) return;
        one.share[units - 1][rate] =
            share_solved(one.train(runs_of_each, one.gain, {static_cast<int>(units), steps, rates[rate]}));
      },
      asked.progress);
}

const candidate& named(const std::vector<candidate>& all, std::string_view name) {
  return *std::find_if(all.begin(), all.end(), [name](const candidate& c) { return c.name == name; });
}

/// More often by more than two standard errors of the difference.
bool is_clearly_more(double a, double b) {
  return a - b > 2 * std::sqrt((a * (1 - a) + b * (1 - b)) / static_cast<double>(runs_of_each));
}

verdict judge(const std::vector<candidate>& all) {
  const double abs = named(all, "abs").best(2);
  int beaten = 0;
  for (const char* other : {"relu", "sigmoid", "tanh"}) beaten += is_clearly_more(abs, named(all, other).best(2));
  if (abs >= 0.9 && beaten == 3) return verdict::supported;
  return abs < 0.5 || beaten == 0 ? verdict::not_supported : verdict::depends;
}

std::string list_of(const std::vector<candidate>& all, int units, double at_least) {
  std::string names;
  for (const candidate& c : all)
    if (c.has_separate_units && c.best(units) >= at_least) names += (names.empty() ? "" : ", ") + c.name;
  return names.empty() ? "none" : names;
}

std::string monotone_with_one_unit(const std::vector<candidate>& all) {
  const auto monotone = std::count_if(all.begin(), all.end(), [](const candidate& c) { return c.is_monotone; });
  const auto solving =
      std::count_if(all.begin(), all.end(), [](const candidate& c) { return c.is_monotone && c.best(1) > 0; });
  return std::to_string(solving) + " of the " + std::to_string(monotone) + " monotone ones";
}

fusegrad::inspect::bar_chart chart_of(const std::vector<candidate>& all) {
  fusegrad::inspect::bar_chart chart{.title = "Exclusive or: how often it is solved",
                                     .note = "Of 200 runs, at the better of two learning rates.",
                                     .values = {.title = "runs that solve it",
                                                .unit = "%",
                                                .scale = fusegrad::inspect::scale::linear,
                                                .low = 0,
                                                .high = 100,
                                                .decimals = 0},
                                     .groups = {{.name = "two units"}, {.name = "one unit"}},
                                     .highlighted = {"abs", "relu", "sigmoid", "tanh"}};
  for (const candidate& c : all) {
    if (!c.has_separate_units) continue;
    chart.categories.push_back(c.name);
    chart.groups[0].values.push_back(100 * c.best(2));
    chart.groups[1].values.push_back(100 * c.best(1));
  }
  return chart;
}

} // namespace

claim_result exclusive_or(const settings& asked) {
  std::vector<candidate> all = all_candidates();
  train_all(all, asked);
  const verdict decision = judge(all);
  std::sort(all.begin(), all.end(), [](const candidate& a, const candidate& b) {
    return a.best(2) != b.best(2) ? a.best(2) > b.best(2) : a.name < b.name;
  });
  const auto share = [&](const char* name) { return percent(named(all, name).best(2)); };

  claim_result result{.number = 8,
                      .claim =
                          "abs solves exclusive or with two hidden units, and more often than ReLU, sigmoid and tanh",
                      .decision = decision};
  result.because = "Of 200 runs with two hidden units abs solves " + share("abs") + ", ReLU " + share("relu") +
                   ", sigmoid " + share("sigmoid") + ", tanh " + share("tanh") +
                   ", each at the better of two learning rates. At least 99 %: " + list_of(all, 2, 0.99) +
                   ". With a single unit: " + list_of(all, 1, 0.01) + "; " + monotone_with_one_unit(all) + ".";
  result.details.paragraph(
      "Two inputs of 0 or 1, two hidden units, a linear output; the mean squared difference from 0 and 1, Adam, all "
      "four samples in each of " +
      std::string(asked.quick ? "2,000" : "6,000") +
      " steps, 200 seeds, learning rates 0.03 and 0.1, variance-preserving start with biases at 0. "
      "Solved: a loss below 0.01, so that all four outputs are on their side of a half. One unit: both units are kept "
      "equal. Learned slopes stay where they start. "
      "A share of 200 runs has a standard error of at most 3.5 points.");
  result.criterion = "Supported: abs solves at least 90 % of the runs, and clearly more (by two standard errors of the "
                     "difference) than each of the three. "
                     "Not supported: less than half, or more than none of the three. Else it depends.";
  result.details.add(chart_of(all));
  std::vector<std::vector<std::string>> rows;
  for (const candidate& c : all) {
    std::vector<std::string> row{c.name};
    for (int units : {2, 1})
      for (std::size_t rate : {0u, 1u})
        row.push_back(units == 1 && !c.has_separate_units ? "" : percent(c.share[units - 1][rate]));
    rows.push_back(std::move(row));
  }
  result.details.table(
      "Share of 200 runs that solve exclusive or",
      {"activation", "2 units, rate 0.03", "2 units, rate 0.1", "1 unit, rate 0.03", "1 unit, rate 0.1"}, rows);
  return result;
}

} // namespace study
