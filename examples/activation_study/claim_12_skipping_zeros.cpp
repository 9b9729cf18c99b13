// SPDX-License-Identifier: MIT
#include "claims.hpp"
#include "skipping_tasks.hpp"
#include "wording.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

namespace study {

namespace {

namespace inspect = fusegrad::inspect;

constexpr std::array<double, 12> shares{0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99};
constexpr std::size_t half = 5;       ///< the share of zeros that ReLU starts with
constexpr double clearly_below = 0.9; ///< of the time without skipping
/// Where few are zero, the library does what it does without skipping: times are then equal but for chance, and this is
/// below chance.
constexpr double just_below = 0.98;

struct outcome {
  std::size_t width;
  std::array<spread, shares.size()> ratio;           ///< time with skipping over time without
  std::array<double, shares.size()> dense, skipping; ///< seconds

  /// The least share of zeros from which on skipping is faster, between two that were measured along a line.
  double break_even() const {
    std::size_t first = shares.size();
    while (first > 0 && ratio[first - 1].median < just_below) --first;
    if (first == shares.size()) return HUGE_VAL;
    if (first == 0) return 0;
    const double above = ratio[first - 1].median - just_below, below = just_below - ratio[first].median;
    return shares[first - 1] + (shares[first] - shares[first - 1]) * above / (above + below);
  }
  double worst() const {
    double highest = 0;
    for (const spread& r : ratio) highest = std::max(highest, r.median);
    return highest;
  }
};

std::vector<outcome> measure(const settings& asked) {
  std::vector<outcome> all;
  const std::size_t count = skipping_cases().size() * shares.size();
  for (const skipping_case& c : skipping_cases()) {
    outcome o{c.width, {}, {}, {}};
    for (std::size_t i = 0; i < shares.size(); ++i) {
      std::vector<timed_task> tasks = c.tasks(shares[i], i);
      time_in_turns(tasks, asked.quick ? 60 : 300, 2e-4);
      o.ratio[i] = tasks[1].ratio_to(tasks[0]);
      o.dense[i] = tasks[0].time().median;
      o.skipping[i] = tasks[1].time().median;
      if (asked.progress)
        asked.progress(0.9 * static_cast<double>(all.size() * shares.size() + i + 1) / static_cast<double>(count));
    }
    all.push_back(o);
  }
  return all;
}

verdict judge(const std::vector<outcome>& all) {
  const bool everywhere = std::all_of(
      all.begin(), all.end(), [](const outcome& o) { return o.ratio[half].high < clearly_below && o.worst() < 1.05; });
  const bool anywhere = std::any_of(all.begin(), all.end(), [](const outcome& o) {
    return std::any_of(o.ratio.begin(), o.ratio.end(), [](const spread& r) { return r.high < clearly_below; });
  });
  return everywhere ? verdict::supported : anywhere ? verdict::depends : verdict::not_supported;
}

std::string two_digits(double x) { return fusegrad::base::fixed(x, 2); }
std::string break_even_in_words(const outcome& o) {
  return std::isfinite(o.break_even()) ? percent(o.break_even()) : "never";
}

inspect::line_chart chart_of(const std::vector<outcome>& all) {
  inspect::line_chart chart{.title = "Time with skipping, as a part of that without",
                            .note = "Below 1 skipping pays. One layer of as many inputs as units, single samples, one "
                                    "thread; bands: quartiles over rounds.",
                            .x = {.title = "share of zeros", .unit = "%", .scale = inspect::scale::linear},
                            .y = {.title = "time with skipping / without", .scale = inspect::scale::linear, .low = 0}};
  for (const outcome& o : all) {
    series line{.name = std::to_string(o.width)};
    for (std::size_t i = 0; i < shares.size(); ++i) {
      line.x.push_back(100 * shares[i]);
      line.y.push_back(o.ratio[i].median);
      line.low.push_back(o.ratio[i].low);
      line.high.push_back(o.ratio[i].high);
    }
    chart.lines.push_back(std::move(line));
  }
  return chart;
}

inspect::line_chart chart_of_times(const std::vector<outcome>& all) {
  inspect::line_chart chart{.title = "Time of a sample with skipping",
                            .note = "By width: without skipping the time does not depend on the zeros.",
                            .x = {.title = "share of zeros", .unit = "%", .scale = inspect::scale::linear},
                            .y = {.title = "time", .unit = "µs", .scale = inspect::scale::logarithmic}};
  for (const outcome& o : all) {
    series line{.name = std::to_string(o.width)};
    for (std::size_t i = 0; i < shares.size(); ++i)
      line.x.push_back(100 * shares[i]), line.y.push_back(1e6 * o.skipping[i]);
    chart.lines.push_back(std::move(line));
  }
  return chart;
}

std::vector<std::vector<std::string>> rows_of(const std::vector<outcome>& all) {
  std::vector<std::vector<std::string>> rows;
  for (const outcome& o : all)
    rows.push_back({std::to_string(o.width), two_digits(1e6 * o.dense[half]), two_digits(1e6 * o.skipping[half]),
                    two_digits(1e6 * o.skipping[9]), two_digits(o.ratio[0].median), two_digits(o.ratio[half].median),
                    two_digits(o.ratio[9].median), break_even_in_words(o)});
  return rows;
}

} // namespace

claim_result skipping_zeros(const settings& asked) {
  const std::vector<outcome> all = measure(asked);
  trained_skipping trained = trained_skipping_tasks(asked.images->train, asked.quick ? 2 : 5);
  time_in_turns(trained.tasks, asked.quick ? 100 : 500, 2e-4);
  const spread of_trained = trained.tasks[1].ratio_to(trained.tasks[0]);

  claim_result result{
      12, "Skipping the weights of zero activations pays in inference on single samples", judge(all), {}, {}};
  std::string at_half, break_even;
  double worst = 0;
  for (const outcome& o : all) {
    worst = std::max(worst, o.worst());
    at_half +=
        (at_half.empty() ? "" : ", ") + two_digits(o.ratio[half].median) + " at width " + std::to_string(o.width);
    break_even += (break_even.empty() ? "" : ", ") + break_even_in_words(o);
  }
  result.because =
      "With half of the inputs zero, as ReLU starts, a layer takes this part of its time without skipping: " + at_half +
      ". It is faster (by 2 %) from " + break_even + " zeros on (same order), and costs at most " +
      fusegrad::base::fixed(100 * std::max(0.0, worst - 1), 0) +
      " % extra where there are fewer. A trained net, 64-512-512-10 with ReLU, has " + percent(trained.zeros[0]) +
      " and " + percent(trained.zeros[1]) + " zeros after its hidden layers, and takes " +
      two_digits(of_trained.median) + " (" + two_digits(of_trained.low) + " to " + two_digits(of_trained.high) +
      ") of the time.";
  result.criterion =
      "Supported: with half of the inputs zero the upper quartile of the time is below 0.9 of that without skipping at "
      "every width, and no share of zeros costs more than 5 % extra. Not supported: nowhere below 0.9. "
      "Else it depends on width and zeros.";
  result.details.paragraph(
      "Zeros are at random places, other ones in each of 256 samples; what counts is the ratio of times of the same "
      "round, in turns. Skipping lists the inputs that are not zero, and reads only their rows of the weight; "
      "where few are zero, the library does the ordinary product after all. In a program: fg::inference "
      "net{fg::skip_zeros, weights}.");
  result.details.add(chart_of(all));
  result.details.add(chart_of_times(all));
  result.details.table(
      "Microseconds of a sample, and time as a part of that without skipping",
      {"width", "µs without", "µs at 50 % zeros", "µs at 90 %", "part at 0 %", "at 50 %", "at 90 %", "faster from"},
      rows_of(all));
  result.details.table("The trained net, 64-512-512-10", {"", "µs"},
                       {{"without skipping", two_digits(1e6 * trained.tasks[0].time().median)},
                        {"with skipping", two_digits(1e6 * trained.tasks[1].time().median)}});
  result.details.note("Sums are in another order: the outputs of the trained net differ by at most " +
                      fusegrad::base::readable(trained.largest_difference) + ".");
  return result;
}

} // namespace study
