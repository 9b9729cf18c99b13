// SPDX-License-Identifier: MIT
#include "chart.hpp"

#include "html.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

namespace fusegrad::inspect::detail {

namespace {

constexpr double width = 560, height = 320;
constexpr double left = 58, right = 14, top = 14, bottom = 46;

/// From values to places on the page, along one axis.
struct axis {
  double low = 0, high = 1;
  bool logarithmic = false;
  double begin = 0, end = 1; ///< where low and high lie
  std::vector<double> ticks;

  double operator()(double value) const {
    const auto along = [this](double v) { return logarithmic ? std::log10(v) : v; };
    return begin + (end - begin) * (along(value) - along(low)) / (along(high) - along(low));
  }
};

/// The smallest of 1, 2 and 5 times a power of ten that cuts `range` into at most `parts` parts.
double nice_step(double range, double parts) {
  const double power = std::pow(10.0, std::floor(std::log10(range / parts)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (range / (factor * power) <= parts) return factor * power;
  return 10 * power;
}

void set_linear(axis& a, double low, double high, double limit) {
  if (!(high > low)) {
    const double margin = std::max(0.5, std::abs(low) / 20); // half a unit vanishes in a large number
    high += margin;
    low -= margin;
  }
  const double step = nice_step(high - low, 6);
  a.low = std::floor(low / step + 1e-9) * step;
  a.high = std::ceil(high / step - 1e-9) * step;
  if (limit > 0) a.high = std::min(a.high, limit);
  for (double tick = a.low; tick <= a.high + step / 1000; tick += step) a.ticks.push_back(tick);
}

void set_logarithmic(axis& a, double low, double high) {
  a.logarithmic = true;
  std::vector<double> candidates;
  for (double power = std::pow(10.0, std::floor(std::log10(low))); power <= high * 10; power *= 10)
    for (const double factor : {1.0, 2.0, 5.0}) candidates.push_back(factor * power);
  const auto above = std::upper_bound(candidates.begin(), candidates.end(), low * (1 + 1e-9));
  const auto first = above == candidates.begin() ? above : above - 1;
  const auto last = std::lower_bound(first, candidates.end(), high * (1 - 1e-9));
  a.low = *first;
  a.high = last == candidates.end() ? candidates.back() : *last;
  a.ticks.assign(first, last == candidates.end() ? last : last + 1);
  // Over many powers of ten these alone, or every so many.
  if (a.ticks.size() <= 9) return;
  const double powers = std::log10(a.high / a.low);
  const auto distance = static_cast<int>(std::ceil(powers / 8));
  std::erase_if(a.ticks, [distance](double t) {
    const double power = std::log10(t);
    return std::abs(std::remainder(power, 1.0)) > 1e-6 || std::lround(power) % distance != 0;
  });
}

std::string tick_label(double value) { return shortest(std::abs(value) < 1e-12 ? 0.0 : value, 5); }

std::string value_in_words(double value, const chart& c) {
  const bool readable = std::abs(value) < 1e6;
  return (readable ? decimal(value, c.decimals) : shortest(value, 4)) + c.unit;
}

std::size_t epochs_of(const chart& c) {
  std::size_t epochs = 0;
  for (const series& s : c.lines) epochs = std::max(epochs, s.values.size());
  return epochs;
}

axis vertical_axis(const chart& c) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const series& s : c.lines)
    for (const double v : s.values) {
      if (!std::isfinite(v)) continue;
      low = std::min(low, v);
      high = std::max(high, v);
    }
  axis a;
  a.begin = height - bottom;
  a.end = top;
  if (c.vertical == scale::automatic && low > 0 && high / low > 20)
    set_logarithmic(a, low, high);
  else
    set_linear(a, low >= 0 && low < high / 3 && c.vertical == scale::automatic ? 0 : low, high,
               c.upper_limit);
  return a;
}

axis horizontal_axis(std::size_t epochs) {
  axis a;
  a.begin = left;
  a.end = width - right;
  a.low = epochs > 1 ? 1 : 0.5;
  a.high = epochs > 1 ? static_cast<double>(epochs) : 1.5;
  const double step = std::max(1.0, nice_step(a.high, 7));
  for (double tick = step; tick <= a.high; tick += step) a.ticks.push_back(tick);
  if (a.ticks.empty() || a.ticks.front() > 1) a.ticks.insert(a.ticks.begin(), 1);
  return a;
}

std::string line(double x1, double y1, double x2, double y2, const char* style) {
  return "<line class=\"" + std::string(style) + "\" x1=\"" + decimal(x1, 1) + "\" y1=\"" + decimal(y1, 1) +
         "\" x2=\"" + decimal(x2, 1) + "\" y2=\"" + decimal(y2, 1) + "\"/>";
}

std::string words(double x, double y, const char* anchor, const std::string& text) {
  return "<text x=\"" + decimal(x, 1) + "\" y=\"" + decimal(y, 1) + "\" text-anchor=\"" + anchor + "\">" +
         escaped(text) + "</text>";
}

std::string draw_axes(const chart& c, const axis& x, const axis& y) {
  std::string svg;
  for (const double tick : y.ticks) {
    svg += line(left, y(tick), width - right, y(tick), "grid");
    svg += words(left - 8, y(tick) + 4.5, "end", tick_label(tick));
  }
  svg += line(left, height - bottom, width - right, height - bottom, "axis");
  for (const double tick : x.ticks) {
    svg += line(x(tick), height - bottom, x(tick), height - bottom + 5, "axis");
    svg += words(x(tick), height - bottom + 21, "middle", tick_label(tick));
  }
  svg += words((left + width - right) / 2, height - 6, "middle", "epoch");
  const std::string label =
      c.title + (c.unit.empty() ? "" : ", " + c.unit) + (y.logarithmic ? " (logarithmic)" : "");
  svg += "<text transform=\"translate(14 " + decimal((top + height - bottom) / 2, 1) +
         ") rotate(-90)\" text-anchor=\"middle\">" + escaped(label) + "</text>";
  return svg;
}

std::string draw_series(const chart& c, const series& s, const axis& x, const axis& y) {
  std::string path, points;
  bool drawing = false;
  const bool few = s.values.size() <= 200; // a tooltip each is readable, and the page stays small
  for (std::size_t i = 0; i < s.values.size(); ++i) {
    const double v = s.values[i];
    const bool drawable = std::isfinite(v) && (!y.logarithmic || v > 0);
    if (drawable) {
      const double epoch = static_cast<double>(i + 1);
      const std::string px = decimal(x(epoch), 1), py = decimal(y(v), 1);
      path += (drawing ? " L" : " M") + px + ' ' + py;
      if (few)
        points += "<circle cx=\"" + px + "\" cy=\"" + py + "\" r=\"5\"><title>" + escaped(s.name) +
                  ", epoch " + std::to_string(i + 1) + ": " + escaped(value_in_words(v, c)) +
                  "</title></circle>";
    }
    drawing = drawable;
  }
  if (path.empty()) return {};
  const std::string style = " class=\"" + escaped(s.style);
  return "<path" + style + "\" d=\"" + path.substr(1) + "\"/><g" + style + " points\">" + points + "</g>";
}

} // namespace

bool has_values(const chart& c) {
  return std::any_of(c.lines.begin(), c.lines.end(), [](const series& s) {
    return std::any_of(s.values.begin(), s.values.end(), [](double v) { return std::isfinite(v); });
  });
}

std::string to_figure(const chart& c) {
  const axis x = horizontal_axis(epochs_of(c)), y = vertical_axis(c);
  std::string svg = draw_axes(c, x, y), legend;
  for (const series& s : c.lines) {
    const std::string drawn = draw_series(c, s, x, y);
    if (drawn.empty()) continue;
    svg += drawn;
    const double last = s.values.back();
    legend += "<span class=\"key " + escaped(s.style) + "\">" + escaped(s.name) +
              (std::isfinite(last) ? " <b>" + escaped(value_in_words(last, c)) + "</b>" : "") + "</span>";
  }
  return "<figure class=\"chart\"><figcaption>" + escaped(c.title) + "<span class=\"legend\">" + legend +
         "</span></figcaption><svg viewBox=\"0 0 " + decimal(width, 0) + ' ' + decimal(height, 0) +
         "\" role=\"img\" aria-label=\"" + escaped(c.title) + " by epoch\">" + svg + "</svg></figure>\n";
}

} // namespace fusegrad::inspect::detail
