// SPDX-License-Identifier: MIT
#include <fusegrad/inspect/health_page.hpp>

#include "layer_table.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <limits>
#include <string_view>
#include <utility>

namespace fusegrad::inspect {

namespace {

/// More lines in one chart are not told apart; beyond, a heat map.
constexpr std::size_t most_lines = 6;
/// Points of a line and columns of a heat map: each is a median over its steps. Raw courses of several layers hide each
/// other.
constexpr std::size_t most_points = 120;
constexpr std::size_t most_columns = 40;
/// Rows of a heat map, taken evenly from the layers; a page holds several maps.
constexpr std::size_t most_rows = 25;

std::string name_of(illness what) {
  switch (what) {
  case illness::not_finite: return "not a number";
  case illness::equal_units: return "equal units";
  case illness::vanishing_gradient: return "vanishing gradient";
  case illness::exploding_gradient: return "exploding gradient";
  case illness::large_updates: return "large updates";
  case illness::rising_loss: return "rising loss";
  case illness::dead_units: return "dead units";
  case illness::saturated_units: return "saturated units";
  case illness::fading_signal: return "fading signal";
  case illness::growing_signal: return "growing signal";
  case illness::small_updates: return "small updates";
  case illness::shifted_mean: return "shifted mean";
  }
  return "illness";
}

std::string label(const observed_layer& layer) { return layer.path + ' ' + layer.name; }

std::vector<double> as_numbers(std::span<const std::size_t> steps) { return {steps.begin(), steps.end()}; }

bool has_numbers(const std::vector<double>& values) {
  return std::any_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); });
}

/// The layers for which a measure was recorded.
std::vector<std::size_t> layers_with(const health_log& log, measure what) {
  std::vector<std::size_t> layers;
  for (std::size_t i = 0; i < log.layers().size(); ++i)
    if (has_numbers(log.series(what, i))) layers.push_back(i);
  return layers;
}

/// Those with weights, or those that are activations: one row for what a person calls a layer.
std::vector<std::size_t> of_kind(const health_log& log, std::vector<std::size_t> layers, bool are_activations) {
  layers.erase(std::remove_if(layers.begin(), layers.end(),
                              [&](std::size_t i) {
                                return are_activations ? !log.layers()[i].is_activation
                                                       : !has_numbers(log.series(measure::weight, i));
                              }),
               layers.end());
  return layers;
}

void add_findings(page& p, const health_log& log) {
  const std::vector<finding> findings = log.findings();
  if (findings.empty()) p.badge("nothing to complain of", tone::good);
  for (const finding& f : findings) {
    p.badge(name_of(f.illness), tone::bad).paragraph(f.what);
    std::vector<std::vector<std::string>> rows;
    for (const std::string& remedy : f.remedies) {
      const std::size_t colon = remedy.find(": "); // what is code stands behind it
      rows.push_back(colon == remedy.npos ? std::vector{remedy, std::string{}}
                                          : std::vector{remedy.substr(0, colon), remedy.substr(colon + 2)});
    }
    if (!rows.empty()) p.table("", {"what helps", "how"}, rows);
  }
}

/// A course in at most so many stretches of the run: the middle step of each, and the median of its numbers, NaN where
/// it has none.
series in_stretches(const health_log& log, const std::vector<double>& course, std::size_t most) {
  series out;
  const std::size_t held = course.size(), stretches = std::min(held, most);
  for (std::size_t i = 0; i < stretches; ++i) {
    const std::size_t from = i * held / stretches, to = (i + 1) * held / stretches;
    std::vector<double> numbers;
    std::copy_if(course.begin() + static_cast<std::ptrdiff_t>(from), course.begin() + static_cast<std::ptrdiff_t>(to),
                 std::back_inserter(numbers), [](double v) { return std::isfinite(v); });
    std::sort(numbers.begin(), numbers.end());
    out.x.push_back(static_cast<double>(log.steps()[(from + to) / 2]));
    out.y.push_back(numbers.empty() ? std::numeric_limits<double>::quiet_NaN() : numbers[numbers.size() / 2]);
  }
  return out;
}

/// The same without the stretches that have no number: before the first epoch nobody knows who is dead.
series known(series line, std::string name) {
  series out;
  out.name = std::move(name);
  for (std::size_t i = 0; i < line.x.size(); ++i) {
    if (!std::isfinite(line.y[i])) continue;
    out.x.push_back(line.x[i]);
    out.y.push_back(line.y[i]);
  }
  return out;
}

/// At most `most` of the layers, the first and the last among them.
std::vector<std::size_t> evenly(const std::vector<std::size_t>& layers, std::size_t most) {
  if (layers.size() <= most) return layers;
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < most; ++i) out.push_back(layers[i * (layers.size() - 1) / (most - 1)]);
  return out;
}

void add_raw(page& p, const health_log& log, const std::string& title, std::span<const double> values) {
  line_chart chart{title, "", {"step", "", scale::linear}, {}};
  chart.lines.push_back({"", as_numbers(log.steps()), {values.begin(), values.end()}});
  p.add(chart);
}

/// One measure of several layers over the steps: lines, or colours where there are many.
void add_course(page& p, const health_log& log, measure what, const std::vector<std::size_t>& layers,
                const std::string& title, const std::string& note, axis values) {
  if (layers.empty() || log.steps().empty()) return;
  if (layers.size() <= most_lines) {
    line_chart chart{title, note, {"step", "", scale::linear}, std::move(values)};
    // A line alone has no legend.
    if (layers.size() == 1) chart.note.append(" Layer ").append(label(log.layers()[layers[0]])).append(".");
    for (const std::size_t i : layers)
      chart.lines.push_back(known(in_stretches(log, log.series(what, i), most_points), label(log.layers()[i])));
    p.add(chart);
    return;
  }
  heat_map map{title, note, std::move(values), "layer", "step"};
  const std::vector<std::size_t> shown = evenly(layers, most_rows);
  for (const std::size_t i : shown) {
    series course = in_stretches(log, log.series(what, i), most_columns);
    map.rows.push_back(label(log.layers()[i]));
    map.numbers.push_back(std::move(course.y));
    if (map.columns.empty())
      for (const double step : course.x) map.columns.push_back(std::to_string(static_cast<std::size_t>(step)));
  }
  // Appended: g++ 12 takes "literal + temporary" for an overlapping copy when it inlines much.
  if (shown.size() < layers.size())
    map.note.append(" ")
        .append(std::to_string(shown.size()))
        .append(" of ")
        .append(std::to_string(layers.size()))
        .append(" layers.");
  p.add(map);
}

/// A measure over the depth of the net, in the first step, the middle one and the last.
void add_profile(page& p, const health_log& log, measure what, const std::string& title, const std::string& note) {
  const std::vector<std::size_t> layers = of_kind(log, layers_with(log, what), false);
  if (layers.size() < 3) return;
  std::vector<std::size_t> places{0, log.steps().size() / 2, log.steps().size() - 1};
  places.erase(std::unique(places.begin(), places.end()), places.end());
  line_chart chart{
      title, note, {"layers with weights, the first is 1", "", scale::linear}, {"", "", scale::logarithmic}};
  for (const std::size_t place : places) {
    series& line = chart.lines.emplace_back();
    line.name = "step " + std::to_string(log.steps()[place]);
    for (std::size_t i = 0; i < layers.size(); ++i) {
      line.x.push_back(static_cast<double>(i + 1));
      line.y.push_back(log.series(what, layers[i])[place]);
    }
  }
  p.add(chart);
}

void add_shares(page& p, const health_log& log) {
  const auto any_above_zero = [&](measure what, std::vector<std::size_t> layers) {
    for (const std::size_t i : layers)
      if (log.extremes(what, i).largest > 0) return layers;
    return std::vector<std::size_t>{};
  };
  const auto add_share = [&](measure what, const std::string& title, const std::string& note) {
    add_course(p, log, what, any_above_zero(what, of_kind(log, layers_with(log, what), true)), title, note,
               {"share", "", scale::linear, 0, 1});
  };
  add_share(measure::zero_share, "Outputs that are exactly zero",
            "Of all units and samples of a step: how sparse the representation is.");
  add_share(measure::dead_share, "Dead units", "Zero for every sample observed in the epoch that ended last.");
  add_share(measure::saturated_share, "Saturated outputs",
            "Not zero, and they pass on less than 0.5 % of the gradient.");
}

} // namespace

page to_page(const health_log& log) {
  page p;
  if (log.steps_taken() == 0) return p.note("nothing was observed");
  add_findings(p, log);
  if (log.steps().empty()) return p;

  add_raw(p, log, "Norm of the whole gradient", log.gradient_norms());
  add_raw(p, log, "Loss", log.losses());
  add_course(p, log, measure::gradient, of_kind(log, layers_with(log, measure::gradient), false),
             "Gradient that reaches each layer",
             "Norm of d loss / d output of the layers with weights; the last layer is nearest to the loss.",
             {"norm", "", scale::logarithmic});
  add_profile(p, log, measure::gradient, "Gradient over the depth",
              "Level is healthy; a straight slope on this scale is a gradient that vanishes or explodes.");
  add_profile(p, log, measure::signal, "Signal over the depth",
              "Deviation of a unit's output over the samples. Where it ends, samples are no longer told apart.");
  add_course(p, log, measure::update_ratio, layers_with(log, measure::update_ratio), "Size of updates",
             "Change of the weights in a step over their norm; Karpathy's rule of thumb: about 0.001.",
             {"ratio", "", scale::logarithmic});
  add_shares(p, log);

  page layers;
  layers.table("", detail::layer_table_head(), detail::layer_table(log));
  layers.note(std::string(detail::layer_table_note));
  return p.fold("All layers in the step held last", layers);
}

} // namespace fusegrad::inspect
