// SPDX-License-Identifier: MIT
#include "claims.hpp"
#include "regression_targets.hpp"
#include "runs.hpp"
#include "wording.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace study {

namespace {

constexpr std::array<std::size_t, 8> unit_counts{1, 2, 3, 4, 6, 8, 12, 16};
constexpr std::array<double, 2> rates{0.01, 0.03};
// Several, since a piecewise linear fit gets better in steps: the answer to one threshold alone is an accident.
constexpr std::array<double, 4> thresholds{0.2, 0.15, 0.1, 0.05};
constexpr std::array<std::string_view, 5> activations{"relu", "leaky_relu", "abs", "tanh", "silu"};

std::vector<target> all_targets() {
  constexpr double pi = 3.14159265358979323846;
  return {
      {"|x|", "even", 1, [](double x, double) { return std::abs(x); }},
      {"cos(pi x)", "even", 1, [](double x, double) { return std::cos(pi * x); }},
      {"x^2", "even", 1, [](double x, double) { return x * x; }},
      {"|x| + |y|", "even", 2, [](double x, double y) { return std::abs(x) + std::abs(y); }},
      {"sqrt(x^2 + y^2)", "even", 2, [](double x, double y) { return std::hypot(x, y); }},
      {"sin(pi x)", "odd", 1, [](double x, double) { return std::sin(pi * x); }},
      {"tanh(4 x)", "odd", 1, [](double x, double) { return std::tanh(4 * x); }},
      {"x^3", "odd", 1, [](double x, double) { return x * x * x; }},
      {"tanh(3 x) + tanh(3 y)", "odd", 2, [](double x, double y) { return std::tanh(3 * x) + std::tanh(3 * y); }},
      {"sin(pi (x + y) / 2)", "odd", 2, [](double x, double y) { return std::sin(pi * (x + y) / 2); }},
      {"max(x, 0)", "neither", 1, [](double x, double) { return std::max(x, 0.0); }},
      {"exp(2 x)", "neither", 1, [](double x, double) { return std::exp(2 * x); }},
      {"max(x + y, 0) - max(x - y, 0)", "neither", 2,
       [](double x, double y) { return std::max(x + y, 0.0) - std::max(x - y, 0.0); }},
  };
}

/// Test errors of the runs of one activation on one target.
struct results {
  std::array<std::array<std::vector<double>, rates.size()>, unit_counts.size()> error; ///< [units][rate][seed]

  double median_error(std::size_t n) const { return std::min(median(error[n][0]), median(error[n][1])); }
  double best_error(std::size_t n) const {
    double best = HUGE_VAL;
    for (const auto& of_rate : error[n])
      for (double e : of_rate) best = std::min(best, e);
    return best;
  }
  /// The smallest number of units at which the error falls below a threshold; infinity if none does.
  double units_for(double threshold, double (results::*error_at)(std::size_t) const) const {
    for (std::size_t n = 0; n < unit_counts.size(); ++n)
      if ((this->*error_at)(n) < threshold) return static_cast<double>(unit_counts[n]);
    return HUGE_VAL;
  }
};

struct outcome {
  target what;
  std::array<results, activations.size()> of;

  const results& named(std::string_view name) const {
    return of[static_cast<std::size_t>(std::find(activations.begin(), activations.end(), name) - activations.begin())];
  }
  /// ReLU units for one unit of the other, the geometric mean over the thresholds that both reach; NaN where there is
  /// none.
  double ratio(std::string_view other, double (results::*error_at)(std::size_t) const) const {
    std::vector<double> ratios;
    for (double threshold : thresholds) {
      const double relu = named("relu").units_for(threshold, error_at),
                   units = named(other).units_for(threshold, error_at);
      if (std::isfinite(relu) && std::isfinite(units)) ratios.push_back(relu / units);
    }
    return ratios.empty() ? std::nan("") : geometric_mean(ratios);
  }
};

std::vector<outcome> train_all(const settings& asked) {
  std::vector<outcome> all;
  std::vector<regression> data;
  const auto seeds = static_cast<std::size_t>(asked.seeds);
  for (const target& f : all_targets()) {
    all.push_back({f, {}});
    data.push_back(dense_regression(f));
    for (results& r : all.back().of)
      for (auto& of_units : r.error)
        for (auto& of_rate : of_units) of_rate.resize(seeds);
  }
  const std::size_t each = unit_counts.size() * rates.size() * seeds;
  for_each_run(
      all.size() * activations.size() * each, asked.threads,
      [&](std::size_t i) {
        const std::size_t t = i / each / activations.size(), a = i / each % activations.size();
        const std::size_t n = i % each / seeds / rates.size(), rate = i / seeds % rates.size(), seed = i % seeds;
        const small_recipe how{unit_counts[n], asked.quick ? 600 : 2000, rates[rate], seed};
        all[t].of[a].error[n][rate][seed] = small_net_named(activations[a]).train(data[t], how).test;
      },
      asked.progress);
  return all;
}

struct family {
  double by_median, by_best; ///< ReLU units for one unit of the other, geometric means over targets
};

family family_ratio(const std::vector<outcome>& all, std::string_view kind, std::string_view other) {
  std::vector<double> by_median, by_best;
  for (const outcome& o : all) {
    if (o.what.kind != kind) continue;
    if (const double r = o.ratio(other, &results::median_error); std::isfinite(r)) by_median.push_back(r);
    if (const double r = o.ratio(other, &results::best_error); std::isfinite(r)) by_best.push_back(r);
  }
  return {geometric_mean(by_median), geometric_mean(by_best)};
}

/// About twice: from one and a half times on.
bool is_about_twice(double ratio) { return ratio >= 1.5; }

std::vector<std::string> table_row(const outcome& o, double (results::*error_at)(std::size_t) const) {
  std::vector<std::string> row{o.what.name, o.what.kind};
  for (std::string_view a : activations) {
    std::string units;
    for (double threshold : {0.2, 0.1, 0.05}) {
      const double n = o.named(a).units_for(threshold, error_at);
      units += (units.empty() ? "" : " / ") + (std::isfinite(n) ? fusegrad::base::fixed(n, 0) : "more");
    }
    row.push_back(units);
  }
  for (std::string_view other : {"abs", "tanh", "silu"})
    row.push_back(fusegrad::base::fixed(o.ratio(other, error_at), 2));
  return row;
}

} // namespace

claim_result symmetric_targets(const settings& asked) {
  const std::vector<outcome> all = train_all(asked);
  const family even = family_ratio(all, "even", "abs"), odd = family_ratio(all, "odd", "tanh"),
               even_tanh = family_ratio(all, "even", "tanh"), neither = family_ratio(all, "neither", "tanh");
  const bool for_even = is_about_twice(even.by_median), for_odd = is_about_twice(odd.by_median);
  const verdict decision = for_even && for_odd   ? verdict::supported
                           : for_even || for_odd ? verdict::depends
                                                 : verdict::not_supported;

  claim_result result{.number = 7,
                      .claim =
                          "Symmetric or antisymmetric targets need about twice as many ReLU units as abs or tanh units",
                      .decision = decision};
  const auto number = [](double x) { return fusegrad::base::fixed(x, 1); };
  result.because = "For even targets the median run needs " + number(even.by_median) +
                   " ReLU units for one abs unit (best runs " + number(even.by_best) + "), for odd targets " +
                   number(odd.by_median) + " for one tanh unit (best runs " + number(odd.by_best) +
                   "). For comparison: " + number(even_tanh.by_median) +
                   " ReLU units for one tanh unit on even targets, where tanh has the wrong symmetry, and " +
                   number(neither.by_median) + " on targets with no symmetry.";
  result.details.paragraph("Regression with one hidden layer of 1, 2, 3, 4, 6, 8, 12 or 16 units on [-1, 1] or its "
                           "square, targets with variance 1, " +
                           std::string(asked.quick ? "600" : "2,000") +
                           " steps of Adam on 64 (144) points of a grid, test error on another grid; " +
                           std::to_string(asked.seeds) +
                           " seeds and learning rates 0.01 and 0.03, of which the one with the lower median counts. "
                           "Units needed: the smallest number at which the root "
                           "mean square error of the median run falls below a threshold. The ratio is a geometric mean "
                           "over the thresholds 0.2, 0.15, 0.1 and 0.05.");
  result.criterion = "Supported: at least 1.5 ReLU units for one abs unit on even targets, and for one tanh unit on "
                     "odd ones, in geometric mean over targets. "
                     "Depends: on one of the two. Else not supported.";
  const std::vector<std::string> head{"target", "symmetry", "relu",       "leaky_relu",  "abs",
                                      "tanh",   "silu",     "relu : abs", "relu : tanh", "relu : silu"};
  for (const auto& [caption, error_at] :
       {std::pair{"median run", &results::median_error}, std::pair{"best of all runs", &results::best_error}}) {
    std::vector<std::vector<std::string>> rows;
    for (const outcome& o : all) rows.push_back(table_row(o, error_at));
    result.details.table(std::string("Units needed for an error of 0.2 / 0.1 / 0.05, ") + caption, head, rows);
  }
  for (const outcome& o : all) {
    if (o.what.name != "sqrt(x^2 + y^2)" && o.what.name != "sin(pi x)" && o.what.name != "cos(pi x)") continue;
    fusegrad::inspect::line_chart chart{
        .title = o.what.name + ": error of the median run",
        .note =
            o.what.kind == "even" ? "Even: abs should need half the units." : "Odd: tanh should need half the units.",
        .x = {.title = "hidden units"},
        .y = {.title = "root mean square error", .scale = fusegrad::inspect::scale::logarithmic}};
    for (std::string_view a : activations) {
      series line{.name = std::string(a)};
      for (std::size_t n = 0; n < unit_counts.size(); ++n) {
        line.x.push_back(static_cast<double>(unit_counts[n]));
        line.y.push_back(o.named(a).median_error(n));
      }
      chart.lines.push_back(std::move(line));
    }
    result.details.add(chart);
  }
  return result;
}

} // namespace study
