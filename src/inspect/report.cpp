// SPDX-License-Identifier: MIT
#include <fusegrad/inspect/report.hpp>

#include "../base/file.hpp"
#include "document.hpp"
#include "figure.hpp"
#include "html.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <fusegrad/base/text.hpp>
#include <string_view>

namespace fusegrad {

namespace {

using inspect::line_chart;
using inspect::series;
using inspect::detail::decimal;
using inspect::detail::escaped;

/// A page with more pictures is no longer looked at, and large.
constexpr std::size_t most_pictures = 60;
/// A table with more rows and columns is no longer readable.
constexpr std::size_t most_classes = 30;

std::string percent(double share, int decimals = 2) { return decimal(100 * share, decimals) + " %"; }

series series_of(const history& h, const char* name, double epoch_record::* member, double factor = 1) {
  series s{.name = name};
  for (const epoch_record& r : h.records) {
    s.x.push_back(static_cast<double>(s.x.size() + 1));
    s.y.push_back(factor * (r.*member));
  }
  return s;
}

std::string tile(std::string_view value, std::string_view name, const char* style = "tile") {
  return "<div class=\"" + std::string(style) + "\"><b>" + escaped(value) + "</b><span>" + escaped(name) +
         "</span></div>";
}

std::string tiles(const training_report& r) {
  std::string html;
  const evaluation& e = r.evaluation;
  if (std::isfinite(e.accuracy)) {
    const auto right = static_cast<std::size_t>(std::llround(e.accuracy * static_cast<double>(e.samples)));
    html += tile(percent(e.accuracy), "of " + base::grouped(e.samples) + " test samples read correctly", "tile first");
    html += tile(base::grouped(e.samples - std::min(right, e.samples)), "misread");
  }
  if (std::isfinite(e.r2))
    html += tile(decimal(e.r2, 4), "R² on " + base::grouped(e.samples) + " test samples", "tile first");
  if (std::isfinite(e.mean_absolute_error)) html += tile(decimal(e.mean_absolute_error, 4), "mean absolute error");
  for (const named_number& m : e.metrics)
    if (std::isfinite(m.value)) html += tile(decimal(m.value, 4), m.name);
  if (std::isfinite(e.loss)) html += tile(decimal(e.loss, 4), "test loss");
  double seconds = 0;
  for (const epoch_record& epoch : r.history.records) seconds += std::isfinite(epoch.seconds) ? epoch.seconds : 0;
  if (!r.history.records.empty()) {
    const std::size_t epochs = r.history.records.size();
    html += tile(base::duration(seconds), "for " + base::grouped(epochs) + (epochs == 1 ? " epoch" : " epochs"));
  }
  return html.empty() ? html : "<div class=\"tiles\">" + html + "</div>\n";
}

std::string curve(inspect::axis values, std::vector<series> lines) {
  std::erase_if(lines, [](const series& s) { return !inspect::detail::has_values(s); });
  if (lines.empty()) return {};
  const std::string title = values.title;
  return "<section>" +
         inspect::detail::to_figure(line_chart{.title = title,
                                               .x = {.title = "epoch"},
                                               .y = std::move(values),
                                               .lines = std::move(lines),
                                               .last_values = true}) +
         "</section>";
}

std::string metric_curves(const history& h) {
  std::string html;
  for (const std::string& name : h.metric_names()) {
    series s{.name = "validation"};
    for (const epoch_record& r : h.records) {
      s.x.push_back(static_cast<double>(s.x.size() + 1));
      s.y.push_back(r.watched(lowest(name)));
    }
    html += curve({.title = name, .scale = inspect::scale::linear, .decimals = 4}, {std::move(s)});
  }
  return html;
}

std::string curves(const history& h) {
  const std::string html =
      curve({.title = "Loss", .decimals = 4}, {series_of(h, "training", &epoch_record::loss),
                                               series_of(h, "validation", &epoch_record::validation_loss)}) +
      curve({.title = "Accuracy", .unit = "%", .scale = inspect::scale::linear, .high = 100, .decimals = 2},
            {series_of(h, "training", &epoch_record::accuracy, 100),
             series_of(h, "validation", &epoch_record::validation_accuracy, 100)}) +
      metric_curves(h);
  return html.empty() ? html : "<div class=\"pair\">" + html + "</div>\n";
}

/// A cell of the confusion matrix; the deeper its colour, the larger its share of the row, on a scale that
/// shows single errors.
std::string cell(std::size_t count, std::size_t row, bool hit) {
  if (count == 0) return "<td class=\"none\"></td>";
  const double share = static_cast<double>(count) / static_cast<double>(row);
  const double depth = hit ? share : std::sqrt(share);
  return "<td class=\"" + std::string(hit ? "hit" : "miss") + (depth > 0.55 ? " strong" : "") +
         "\" style=\"--a:" + decimal(depth, 2) + "\">" + base::grouped(count) + "</td>";
}

std::string share_cell(double share) {
  return "<td class=\"share\">" + (std::isfinite(share) ? percent(share, 1) : std::string("–")) + "</td>";
}

std::string confusion(const confusion_matrix& m) {
  if (m.empty() || m.classes() > most_classes) return {};
  std::string html = "<section><h2>Confusion matrix</h2><p class=\"note\">Rows: what the sample is. Columns: "
                     "what it was read as.</p>"
                     "<div class=\"scroll\"><table class=\"confusion\"><thead><tr><th></th>";
  for (std::size_t p = 0; p < m.classes(); ++p) html += "<th scope=\"col\">" + std::to_string(p) + "</th>";
  html += "<th scope=\"col\" class=\"share\">found</th></tr></thead><tbody>";
  for (std::size_t a = 0; a < m.classes(); ++a) {
    std::size_t row = 0;
    for (std::size_t p = 0; p < m.classes(); ++p) row += m.count(a, p);
    html += "<tr><th scope=\"row\">" + std::to_string(a) + "</th>";
    for (std::size_t p = 0; p < m.classes(); ++p) html += cell(m.count(a, p), row, a == p);
    html += share_cell(m.recall(a)) + "</tr>";
  }
  html += "<tr class=\"foot\"><th scope=\"row\">right</th>";
  for (std::size_t p = 0; p < m.classes(); ++p) html += share_cell(m.precision(p));
  return html + "<td></td></tr></tbody></table></div></section>\n";
}

/// The image with one path for each of 16 greys, runs of equal pixels as one rectangle: a tenth of the size
/// of single ones.
std::string picture(const std::vector<float>& pixels, std::size_t width, std::size_t height, const std::string& label) {
  constexpr int greys = 16;
  std::string paths[greys + 1];
  const auto grey = [&](std::size_t x, std::size_t y) {
    const std::size_t i = y * width + x;
    const float value = i < pixels.size() ? pixels[i] : 0.0f;
    return value > 0 ? static_cast<int>(std::lround(std::min(value, 1.0f) * greys)) : 0;
  };
  for (std::size_t y = 0; y < height; ++y)
    for (std::size_t x = 0; x < width;) {
      const std::size_t begin = x;
      const int shade = grey(x, y);
      while (x < width && grey(x, y) == shade) ++x;
      if (shade == 0) continue;
      const std::string run = std::to_string(x - begin);
      paths[shade] += 'M' + std::to_string(begin) + ' ' + std::to_string(y) + 'h' + run + "v1h-" + run + 'z';
    }
  std::string svg = "<svg viewBox=\"0 0 " + std::to_string(width) + ' ' + std::to_string(height) +
                    "\" shape-rendering=\"crispEdges\" role=\"img\" aria-label=\"" + escaped(label) + "\">";
  for (int shade = 1; shade <= greys; ++shade)
    if (!paths[shade].empty())
      svg += "<path fill=\"currentColor\" fill-opacity=\"" +
             inspect::detail::shortest(static_cast<double>(shade) / greys, 4) + "\" d=\"" + paths[shade] + "\"/>";
  return svg + "</svg>";
}

std::string misread(const std::vector<image_sample>& samples) {
  if (samples.empty()) return {};
  const std::size_t shown = std::min(samples.size(), most_pictures);
  std::string html =
      "<section><h2>Misread samples</h2><p class=\"note\">In brackets the probability that "
      "the model gave to its answer." +
      (shown < samples.size() ? " The first " + std::to_string(shown) + " of " + base::grouped(samples.size()) + "."
                              : std::string()) +
      "</p><div class=\"samples\">";
  for (std::size_t i = 0; i < shown; ++i) {
    const image_sample& s = samples[i];
    html +=
        "<figure>" +
        picture(s.pixels, s.width, s.height, "a " + std::to_string(s.is) + " read as " + std::to_string(s.read_as)) +
        "<figcaption>read as <span class=\"wrong\">" + std::to_string(s.read_as) + "</span> (" +
        decimal(s.confidence, 2) + "), is <span class=\"right\">" + std::to_string(s.is) +
        "</span></figcaption></figure>";
  }
  return html + "</div></section>\n";
}

/// Each kernel on a scale of its own, from its most negative number to its most positive, with zero in the middle.
std::string kernels(const std::vector<grey_picture>& of) {
  if (of.empty()) return {};
  std::string html = "<section><h2>Learned kernels</h2><p class=\"note\">What the first layer looks for: dark is "
                     "where ink counts for it, light is where it counts against. Middle grey is zero.</p>"
                     "<div class=\"samples\">";
  for (std::size_t i = 0; i < std::min(of.size(), most_pictures); ++i) {
    const grey_picture& k = of[i];
    float largest = 0;
    for (const float x : k.numbers) largest = std::max(largest, std::fabs(x));
    std::vector<float> shades;
    for (const float x : k.numbers) shades.push_back(largest > 0 ? 0.5f + 0.5f * x / largest : 0.5f);
    html += "<figure>" + picture(shades, k.width, k.height, "kernel " + k.caption) + "<figcaption>" +
            escaped(k.caption) + "</figcaption></figure>";
  }
  return html + "</div></section>\n";
}

std::string health(const inspect::page& of) {
  return of.empty() ? std::string{} : inspect::page{}.section("health", "Health of the run", of).html();
}

std::string model(const std::string& summary) {
  return summary.empty() ? summary : "<section><h2>Model</h2><pre>" + escaped(summary) + "</pre></section>\n";
}

std::string facts(const std::vector<std::pair<std::string, std::string>>& list) {
  if (list.empty()) return {};
  std::string html = "<section><h2>Facts</h2><dl>";
  for (const auto& [name, value] : list) html += "<dt>" + escaped(name) + "</dt><dd>" + escaped(value) + "</dd>";
  return html + "</dl></section>\n";
}

} // namespace

std::string to_html(const training_report& r) {
  return inspect::detail::document(r.title, tiles(r) + curves(r.history) + confusion(r.evaluation.confusion) +
                                                misread(r.misread) + kernels(r.kernels) + health(r.health) +
                                                model(r.summary) + facts(r.facts));
}

void save_html(const training_report& r, const base::file_path& path) {
  const std::string html = to_html(r);
  base::write_durably(path, {html});
}

} // namespace fusegrad
