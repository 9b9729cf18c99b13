// SPDX-License-Identifier: MIT
#include <fusegrad/inspect/solution.hpp>

#include "placement.hpp"

#include <cmath>
#include <fusegrad/base/text.hpp>
#include <stdexcept>

namespace fusegrad::inspect {

namespace {

void check(const solution_report& r) {
  for (const solution_record& at : r.records)
    if (at.losses.size() != r.sets.size() && !at.losses.empty())
      throw std::invalid_argument("fusegrad: the record after " + std::to_string(at.evaluations) +
                                  " evaluations has losses of " + std::to_string(at.losses.size()) + " sets, " +
                                  std::to_string(r.sets.size()) + " are named.");
}

/// One number of each record over the evaluations.
template <class Number> series course(const solution_report& r, std::string name, Number number) {
  series line{.name = std::move(name)};
  for (const solution_record& at : r.records) {
    line.x.push_back(static_cast<double>(at.evaluations));
    line.y.push_back(number(at));
  }
  return line;
}

std::string stages(const solution_report& r) {
  std::string words;
  for (const auto& [evaluations, what] : r.stages)
    words += (words.empty() ? "" : "; ") + what +
             (evaluations == 0 ? std::string(" first") : " from " + base::grouped(evaluations) + " on");
  return words.empty() ? words : words + ".";
}

std::vector<std::pair<std::string, std::string>> ending(const solution_report& r) {
  std::vector<std::pair<std::string, std::string>> facts;
  if (r.records.empty()) return facts;
  const solution_record& end = r.records.back();
  if (std::isfinite(end.error)) facts.emplace_back(r.error, detail::tick_label(end.error, 3));
  facts.emplace_back("loss", detail::tick_label(end.loss, 3));
  for (std::size_t i = 0; i < end.losses.size(); ++i)
    facts.emplace_back("loss, " + r.sets[i], detail::tick_label(end.losses[i], 3));
  facts.emplace_back("found in", base::duration(end.seconds) + ", " + base::grouped(end.evaluations) +
                                     " evaluations of loss and gradient");
  return facts;
}

void add_courses(page& p, const solution_report& r) {
  if (r.records.size() < 2) return;
  const axis evaluations{.title = "evaluations of loss and gradient", .scale = scale::linear};
  const axis logarithmic{.scale = scale::logarithmic};
  if (std::isfinite(r.records.back().error)) {
    axis up = logarithmic;
    up.title = r.error;
    p.add(line_chart{.title = "Error",
                     .note = stages(r),
                     .x = evaluations,
                     .y = up,
                     .lines = {course(r, "", [](const solution_record& at) { return at.error; })}});
  }
  line_chart losses{.title = "Loss of each set of points", .x = evaluations, .y = logarithmic, .last_values = true};
  losses.y.title = "loss";
  for (std::size_t i = 0; i < r.sets.size(); ++i)
    losses.lines.push_back(course(r, r.sets[i], [i](const solution_record& at) {
      return i < at.losses.size() ? at.losses[i] : std::numeric_limits<double>::quiet_NaN();
    }));
  if (r.sets.empty()) losses.lines.push_back(course(r, "loss", [](const solution_record& at) { return at.loss; }));
  p.add(losses);
}

} // namespace

page to_page(const solution_report& r) {
  check(r);
  page p;
  if (const auto facts = ending(r); !facts.empty()) p.facts(facts);
  add_courses(p, r);
  for (const field_map& field : r.fields) p.add(field);
  for (const line_chart& chart : r.charts) p.add(chart);
  if (!r.summary.empty()) p.heading("Model").code(r.summary);
  if (!r.facts.empty()) p.heading("Facts").facts(r.facts);
  return p;
}

} // namespace fusegrad::inspect
