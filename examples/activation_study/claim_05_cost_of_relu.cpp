// SPDX-License-Identifier: MIT
#include "claims.hpp"
#include "digits_nets.hpp"
#include "elementwise_tasks.hpp"
#include "step_tasks.hpp"
#include "timing.hpp"
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

namespace inspect = fusegrad::inspect;

// The usual smooth ones, which ReLU is said to be cheaper than.
constexpr std::array<std::string_view, 6> smooth{"sigmoid", "tanh", "softplus", "gelu", "silu", "mish"};

/// Nanoseconds for 1,000 elements, a number for each round.
struct element_cost {
  std::string name;
  std::vector<double> forward, backward, both;
};

std::vector<element_cost> time_elements(const settings& asked) {
  std::vector<timed_task> tasks;
  for (elementwise_tasks& of : all_elementwise_tasks()) {
    tasks.push_back(std::move(of.forward));
    tasks.push_back(std::move(of.backward));
  }
  time_in_turns(tasks, asked.quick ? 60 : 300, 1e-4, [&](double share) {
    if (asked.progress) asked.progress(0.3 * share);
  });
  std::vector<element_cost> costs;
  for (std::size_t i = 0; i < tasks.size(); i += 2) {
    element_cost c{tasks[i].name, tasks[i].seconds, tasks[i + 1].seconds, {}};
    for (std::size_t round = 0; round < c.forward.size(); ++round) {
      c.forward[round] *= 1e9;
      c.backward[round] *= 1e9;
      c.both.push_back(c.forward[round] + c.backward[round]);
    }
    costs.push_back(std::move(c));
  }
  std::sort(costs.begin(), costs.end(),
            [](const element_cost& a, const element_cost& b) { return median(a.both) < median(b.both); });
  return costs;
}

const element_cost& named(const std::vector<element_cost>& costs, std::string_view name) {
  return *std::find_if(costs.begin(), costs.end(), [name](const element_cost& c) { return c.name == name; });
}

const timed_task& named(const std::vector<timed_task>& tasks, std::string_view name) {
  return *std::find_if(tasks.begin(), tasks.end(), [name](const timed_task& t) { return t.name == name; });
}

/// How many times what ReLU costs the smooth activations cost: the middle one of them, in each round.
spread ratio_of_smooth(const std::vector<element_cost>& costs) {
  const element_cost& relu = named(costs, "relu");
  std::vector<double> ratios;
  for (std::size_t round = 0; round < relu.both.size(); ++round) {
    std::vector<double> of_round;
    for (std::string_view name : smooth) of_round.push_back(named(costs, name).both[round] / relu.both[round]);
    ratios.push_back(median(of_round));
  }
  return spread_of(std::move(ratios));
}

/// With nets made anew several times: where their memory lies makes a step some percent longer or shorter.
std::vector<timed_task> time_wide_steps(const settings& asked) {
  constexpr std::size_t sets = 5;
  std::vector<timed_task> all;
  for (std::size_t set = 0; set < sets; ++set) {
    std::vector<timed_task> tasks = all_step_tasks(asked.images->train);
    time_in_turns(tasks, asked.quick ? 15 : 80, 3e-3, [&](double share) {
      if (asked.progress) asked.progress(0.3 + 0.4 * (static_cast<double>(set) + share) / sets);
    });
    if (all.empty())
      all = tasks;
    else
      for (std::size_t i = 0; i < all.size(); ++i)
        all[i].seconds.insert(all[i].seconds.end(), tasks[i].seconds.begin(), tasks[i].seconds.end());
  }
  return all;
}

/// The nets of claim 4, with 32 units a layer. They time themselves.
std::vector<timed_task> time_narrow_steps(const settings& asked) {
  std::vector<timed_task> tasks;
  for (const digits_net& net : digits_nets()) tasks.push_back({std::string(net.name), {}});
  const int rounds = asked.quick ? 25 : 100;
  for (int round = 0; round < rounds; ++round) {
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      const auto once = [&] { return digits_nets()[i].microseconds(asked.images->train, 40); };
      tasks[i].seconds.push_back(1e-6 * std::min({once(), once(), once()})); // as seconds_of does
    }
    if (asked.progress) asked.progress(0.7 + 0.3 * (round + 1) / rounds);
  }
  return tasks;
}

verdict judge(const spread& elements, const std::vector<spread>& steps) {
  const bool all_longer = std::all_of(steps.begin(), steps.end(), [](const spread& s) { return s.low >= 1.1; });
  const bool none_longer = std::all_of(steps.begin(), steps.end(), [](const spread& s) { return s.high < 1.02; });
  if (elements.low >= 2 && all_longer) return verdict::supported;
  if (elements.high < 1.25 || none_longer) return verdict::not_supported;
  return verdict::depends;
}

/// "18 % longer", "2 % shorter".
std::string longer(const spread& ratio) {
  const auto one = [](double r) { return fusegrad::base::fixed(100 * (r - 1), std::abs(r - 1) < 0.095 ? 1 : 0); };
  return one(ratio.median) + " % (" + one(ratio.low) + " to " + one(ratio.high) + ")";
}

inspect::bar_chart chart_of_elements(const std::vector<element_cost>& costs) {
  inspect::bar_chart chart{.title = "1,000 elements on their own",
                           .note = "Each activation of the catalogue as a pass of its own over 1,000 floats in the "
                                   "first-level cache; medians and quartiles over rounds.",
                           .values = {.title = "time", .unit = "ns", .scale = inspect::scale::linear, .decimals = 0},
                           .groups = {{.name = "forward"}, {.name = "backward"}}};
  for (const element_cost& c : costs) {
    chart.categories.push_back(c.name);
    for (std::size_t pass : {0u, 1u}) {
      const spread s = spread_of(pass == 0 ? c.forward : c.backward);
      inspect::bars& b = chart.groups[pass];
      b.values.push_back(s.median), b.low.push_back(s.low), b.high.push_back(s.high);
    }
  }
  return chart;
}

inspect::bar_chart chart_of_steps(std::string title, std::string note, const std::vector<timed_task>& tasks) {
  inspect::bar_chart chart{
      .title = std::move(title),
      .note = std::move(note),
      .values = {.title = "a step, times that with ReLU", .scale = inspect::scale::linear, .decimals = 2},
      .groups = {{}}};
  for (const timed_task& t : tasks) {
    const spread ratio = t.ratio_to(named(tasks, "relu"));
    chart.categories.push_back(t.name);
    chart.groups[0].values.push_back(ratio.median), chart.groups[0].low.push_back(ratio.low),
        chart.groups[0].high.push_back(ratio.high);
  }
  return chart;
}

std::vector<std::vector<std::string>> rows_of(const std::vector<element_cost>& costs) {
  std::vector<std::vector<std::string>> rows;
  const double relu = median(named(costs, "relu").both);
  for (const element_cost& c : costs)
    rows.push_back({c.name, brief(spread_of(c.forward)), brief(spread_of(c.backward)),
                    fusegrad::base::fixed(median(c.both) / relu, 1)});
  return rows;
}

std::vector<std::vector<std::string>> rows_of(const std::vector<timed_task>& tasks) {
  std::vector<std::vector<std::string>> rows;
  for (const timed_task& t : tasks)
    rows.push_back({t.name, fusegrad::base::fixed(1e6 * t.time().median, 1), longer(t.ratio_to(named(tasks, "relu")))});
  return rows;
}

} // namespace

claim_result cost_of_relu(const settings& asked) {
  const std::vector<element_cost> costs = time_elements(asked);
  const std::vector<timed_task> wide = time_wide_steps(asked), narrow = time_narrow_steps(asked);
  const spread elements = ratio_of_smooth(costs);
  const timed_task& relu = named(wide, "relu");
  const spread of_sigmoid = named(wide, "sigmoid").ratio_to(relu), of_gelu = named(wide, "gelu").ratio_to(relu),
               of_identity = named(wide, "identity").ratio_to(relu);

  claim_result result{5,
                      "ReLU is cheaper than smooth activations, and training steps are shorter for it",
                      judge(elements, {of_sigmoid, of_gelu}),
                      {},
                      {}};
  result.because = "On their own, forward and backward together, smooth activations cost " + brief(elements) +
                   " times as much as ReLU (" + brief(median(named(costs, "relu").both)) +
                   " ns for 1,000 elements). In a whole training step of 64-128-128-10 with batches of 64, most of "
                   "which is matrix products, sigmoid takes " +
                   longer(of_sigmoid) + " longer than ReLU and GELU " + longer(of_gelu) +
                   "; with no activation at all it would take " + percent(of_identity.median) +
                   " of ReLU's time. With layers of 32 units GELU takes " +
                   longer(named(narrow, "gelu").ratio_to(named(narrow, "relu"))) + " longer and sigmoid " +
                   longer(named(narrow, "sigmoid").ratio_to(named(narrow, "relu"))) + ".";
  result.criterion =
      "Supported: the middle one of sigmoid, tanh, softplus, gelu, silu and mish costs at least twice as much as ReLU "
      "for an element, and both sigmoid and GELU make a step of the "
      "64-128-128-10 net at least 10 % longer (lower quartiles over rounds). Not supported: less than 1.25 times for "
      "an element, or less than 2 % for a step (upper quartiles). Else it depends on whether an element is looked "
      "at or a step.";
  result.details.paragraph(
      "Elements: the library's own kernels, forward f(x), and backward dy f'(x) from what the forward pass keeps. In a "
      "model these kernels are mostly fused with the matrix product before them, "
      "so that loads and stores cost nothing extra. Steps: forward, backward and update by Adam on one thread. All "
      "tasks take turns, so that a drifting clock meets all of them; ratios are between times of the same round.");
  result.details.add(chart_of_steps("A step with 128 units", "64-128-128-10, batches of 64", wide));
  result.details.add(chart_of_steps("A step with 32 units", "64-32-32-10, batches of 32", narrow));
  result.details.add(chart_of_elements(costs));
  page numbers;
  numbers.table("Nanoseconds for 1,000 elements: median (quartiles)",
                {"activation", "forward", "backward", "both, times ReLU"}, rows_of(costs));
  numbers.table("A step of 64-128-128-10, batches of 64", {"activation", "µs", "longer than ReLU by"}, rows_of(wide));
  numbers.table("A step of 64-32-32-10, batches of 32", {"activation", "µs", "longer than ReLU by"}, rows_of(narrow));
  result.details.fold("All numbers", numbers);
  return result;
}

} // namespace study
