// SPDX-License-Identifier: MIT
#include "claims.hpp"
#include "regression_targets.hpp"
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

constexpr std::array<std::size_t, 6> sample_counts{8, 16, 32, 64, 128, 256};
constexpr std::size_t few = 3; ///< so many of them count as few: 8, 16, 32

struct candidate {
  std::string_view name;
  bool is_smooth;
};
constexpr std::array<candidate, 8> candidates{{{"relu", false},
                                               {"leaky_relu", false},
                                               {"abs", false},
                                               {"tanh", true},
                                               {"sigmoid", true},
                                               {"softplus", true},
                                               {"silu", true},
                                               {"sine", true}}};

struct outcome {
  target what;
  std::array<double, candidates.size()> rate{};
  std::array<std::array<std::vector<double>, sample_counts.size()>, candidates.size()>
      error; ///< [activation][samples][seed]

  double median_error(std::size_t a, std::size_t n) const { return median(error[a][n]); }
  /// The middle one of the activations of a kind: not the best, which would favour the larger group.
  double kind_error(bool smooth, std::size_t n) const {
    std::vector<double> of_kind;
    for (std::size_t a = 0; a < candidates.size(); ++a)
      if (candidates[a].is_smooth == smooth) of_kind.push_back(median_error(a, n));
    return median(of_kind);
  }
  /// Error of smooth activations for an error of 1 of piecewise linear ones.
  double ratio(std::size_t n) const { return kind_error(true, n) / kind_error(false, n); }
};

std::vector<outcome> train_all(const settings& asked) {
  std::vector<outcome> all;
  const auto seeds = static_cast<std::size_t>(asked.quick ? asked.seeds : 2 * asked.seeds);
  for (const target& f : smooth_and_kinked_targets()) {
    all.push_back({f, {}, {}});
    for (auto& of_activation : all.back().error)
      for (auto& of_count : of_activation) of_count.resize(seeds);
  }
  const int steps = asked.quick ? 500 : 2000;
  for_each_run(all.size() * candidates.size(), asked.threads, [&](std::size_t i) {
    const std::size_t a = i % candidates.size();
    outcome& o = all[i / candidates.size()];
    o.rate[a] = best_rate(small_net_named(candidates[a].name), o.what, 32, steps);
  });
  for_each_run(
      all.size() * candidates.size() * sample_counts.size() * seeds, asked.threads,
      [&](std::size_t i) {
        const std::size_t seed = i % seeds, n = i / seeds % sample_counts.size(),
                          a = i / seeds / sample_counts.size() % candidates.size();
        outcome& o = all[i / seeds / sample_counts.size() / candidates.size()];
        const small_recipe how{small_net_width, steps, o.rate[a], seed};
        o.error[a][n][seed] =
            small_net_named(candidates[a].name).train(sparse_regression(o.what, sample_counts[n], seed), how).test;
      },
      asked.progress);
  return all;
}

/// The ratio for targets of a kind, from the sample count `first` to before `last`.
double ratio_of(const std::vector<outcome>& all, std::string_view kind, std::size_t first, std::size_t last) {
  std::vector<double> ratios;
  for (const outcome& o : all)
    for (std::size_t n = first; n < last; ++n)
      if (o.what.kind == kind) ratios.push_back(o.ratio(n));
  return geometric_mean(ratios);
}

/// On how many smooth targets smooth activations are better, by a tenth, with few samples.
std::pair<std::size_t, std::size_t> targets_won(const std::vector<outcome>& all) {
  std::size_t won = 0, count = 0;
  for (const outcome& o : all) {
    if (o.what.kind != "smooth") continue;
    std::vector<double> ratios;
    for (std::size_t n = 0; n < few; ++n) ratios.push_back(o.ratio(n));
    won += geometric_mean(ratios) < 0.9;
    ++count;
  }
  return {won, count};
}

std::string ratios_in_words(const outcome& o) {
  std::string words;
  for (std::size_t n = 0; n < sample_counts.size(); ++n)
    words += (n == 0 ? "" : " / ") + fusegrad::base::fixed(o.ratio(n), 2);
  return words;
}

fusegrad::inspect::line_chart chart_of(const outcome& o) {
  fusegrad::inspect::line_chart chart{
      .title = o.what.name + ": test error",
      .note = "A " + o.what.kind + " target; median over seeds.",
      .x = {.title = "training samples", .scale = fusegrad::inspect::scale::logarithmic},
      .y = {.title = "root mean square error", .scale = fusegrad::inspect::scale::logarithmic}};
  for (std::size_t a = 0; a < candidates.size(); ++a) {
    series line{.name = std::string(candidates[a].name)};
    for (std::size_t n = 0; n < sample_counts.size(); ++n) {
      line.x.push_back(static_cast<double>(sample_counts[n]));
      line.y.push_back(o.median_error(a, n));
    }
    chart.lines.push_back(std::move(line));
  }
  return chart;
}

} // namespace

claim_result few_samples(const settings& asked) {
  const std::vector<outcome> all = train_all(asked);
  const double with_few = ratio_of(all, "smooth", 0, few),
               with_many = ratio_of(all, "smooth", few, sample_counts.size()),
               kinked = ratio_of(all, "kinked", 0, sample_counts.size());
  const auto [won, smooth_targets] = targets_won(all);
  const verdict decision = with_few < 0.9 && 4 * won >= 3 * smooth_targets ? verdict::supported
                           : won == 0 || with_few > 1.1                    ? verdict::not_supported
                                                                           : verdict::depends;

  claim_result result{
      .number = 9,
      .claim = "Smooth targets are learned better from few samples by smooth activations than by piecewise linear ones",
      .decision = decision};
  const auto number = [](double x) { return fusegrad::base::fixed(x, 2); };
  result.because = "With 8 to 32 samples the test error of smooth activations is " + number(with_few) +
                   " of that of piecewise linear ones on smooth targets (better by a tenth on " + std::to_string(won) +
                   " of " + std::to_string(smooth_targets) + "), with 64 to 256 samples " + number(with_many) +
                   "; on kinked targets it is " + number(kinked) + ".";
  result.details.paragraph(
      "Regression with one hidden layer of 32 units on random points of [-1, 1] or its square, targets with variance 1 "
      "and no noise, Adam on all samples in each of " +
      std::string(asked.quick ? "500" : "2,000") +
      " steps; the learning rate (0.01, 0.03 or 0.1) is chosen for each activation and target on other samples. " +
      std::to_string(all[0].error[0][0].size()) +
      " seeds, each with samples and weights of its own; the error is the root mean square on a grid, of the median "
      "run. Piecewise linear: relu, "
      "leaky_relu, abs; smooth: tanh, sigmoid, softplus, silu, sine; of each kind the middle activation counts.");
  result.criterion =
      "Supported: in geometric mean over smooth targets and 8, 16 and 32 samples the error of smooth activations is "
      "below 0.9 of that of piecewise linear ones, and it is so on three quarters of the targets. "
      "Not supported: above 1.1, or below 0.9 on no target. Else it depends.";
  std::vector<std::vector<std::string>> ratios, errors;
  for (const outcome& o : all) {
    ratios.push_back({o.what.name, o.what.kind, ratios_in_words(o)});
    for (std::size_t a = 0; a < candidates.size(); ++a) {
      std::vector<std::string> row{o.what.name, std::string(candidates[a].name), plain(o.rate[a])};
      for (const auto& of_count : o.error[a]) row.push_back(brief(spread_of(of_count)));
      errors.push_back(std::move(row));
    }
  }
  result.details.table("Error of smooth activations, as a part of that of piecewise linear ones, with 8 / 16 / 32 / 64 "
                       "/ 128 / 256 samples",
                       {"target", "kind", "ratio"}, ratios);
  for (const outcome& o : all)
    if (o.what.name == "sin(pi x)" || o.what.name == "x^3 - x/2" || o.what.name == "exp(-3 (x^2 + y^2))" ||
        o.what.name == "max(x, y)")
      result.details.add(chart_of(o));
  page all_errors;
  all_errors.table("Test error: median (quartiles)",
                   {"target", "activation", "rate", "8", "16", "32", "64", "128", "256"}, errors);
  result.details.fold("All test errors", all_errors);
  return result;
}

} // namespace study
