// SPDX-License-Identifier: MIT
#include "figure.hpp"
#include "html.hpp"
#include "placement.hpp"
#include "svg.hpp"

#include <algorithm>
#include <cstddef>
#include <stdexcept>

namespace fusegrad::inspect::detail {

namespace {

constexpr double width = 500, bar_height = 13, row_gap = 7, top = 6, bottom = 44;

void check(const bar_chart& c) {
  const auto expect = [&c](const bars& b, const char* what, std::size_t found) {
    if (found != c.categories.size())
      throw std::invalid_argument("fusegrad: chart \"" + c.title + "\", bars \"" + b.name +
                                  "\": " + std::to_string(c.categories.size()) + " categories, but " +
                                  std::to_string(found) + " of " + what + ".");
  };
  for (const bars& b : c.groups) {
    expect(b, "values", b.values.size());
    if (!b.low.empty() || !b.high.empty()) expect(b, "low", b.low.size()), expect(b, "high", b.high.size());
  }
}

class drawing {
public:
  explicit drawing(const bar_chart& c) : c_{c} {
    check(c);
    for (const std::string& name : c.categories) left_ = std::max(left_, width_of(name) + 10);
    left_ = std::min(left_, 215.0);
    extent of;
    for (const bars& b : c.groups)
      for (std::size_t i = 0; i < b.values.size(); ++i) {
        of.include(b.values[i]);
        if (std::isfinite(b.values[i]) && !b.low.empty()) of.include(b.low[i]), of.include(b.high[i]);
      }
    is_empty_ = of.empty();
    // The length of a bar is its value, so that it begins at zero, and at the next power of ten below on a logarithmic
    // scale.
    if (c.values.scale == scale::linear || of.low <= 0 || of.high / of.low <= 20) of.include(0);
    x_ = place(c.values, of, ends::at_ticks, left_, width - 60, 5);
    height_ = top + bottom + row_height() * static_cast<double>(c.categories.size());
  }

  std::string to_figure() const {
    if (is_empty_)
      return figure("empty", c_.title, c_.note, {}, "<p class=\"note\">There is nothing to draw.</p>", left_out());
    std::string svg = svg_begin(width, height_, c_.title, description()) + axes();
    for (std::size_t i = 0; i < c_.categories.size(); ++i) svg += row(i);
    return figure("bars", c_.title, c_.note, legend(), svg + "</svg>", left_out());
  }

private:
  double row_height() const {
    return bar_height * static_cast<double>(std::max<std::size_t>(1, c_.groups.size())) + row_gap;
  }

  std::size_t left_out() const {
    std::size_t n = 0;
    for (const bars& b : c_.groups)
      n += static_cast<std::size_t>(
          std::count_if(b.values.begin(), b.values.end(), [this](double v) { return !x_.has_place(v); }));
    return n;
  }

  std::string axes() const {
    std::string svg;
    for (const double tick : x_.ticks)
      svg += svg_line(x_(tick), top, x_(tick), height_ - bottom, "grid") +
             svg_text(x_(tick), height_ - bottom + 16, "middle", tick_label(tick));
    return svg + svg_text((left_ + width) / 2, height_ - 8, "middle", label_of(c_.values, x_));
  }

  bool is_pale(std::size_t i) const {
    return !c_.highlighted.empty() &&
           std::find(c_.highlighted.begin(), c_.highlighted.end(), c_.categories[i]) == c_.highlighted.end();
  }

  std::string row(std::size_t i) const {
    const double y = top + row_height() * static_cast<double>(i) + row_gap / 2;
    std::string svg =
        svg_text(left_ - 8, y + (row_height() - row_gap) / 2 + 4.5, "end", c_.categories[i], is_pale(i) ? "" : "ink");
    for (std::size_t g = 0; g < c_.groups.size(); ++g) svg += bar(i, g, y + bar_height * static_cast<double>(g));
    return svg;
  }

  std::string bar(std::size_t i, std::size_t g, double y) const {
    const bars& b = c_.groups[g];
    const double value = b.values[i];
    if (!x_.has_place(value))
      return svg_text(x_(x_.logarithmic ? x_.low : std::clamp(0.0, x_.low, x_.high)) + 4, y + 10.5, "start", "–");
    const double origin = x_(x_.logarithmic ? x_.low : 0), end = x_(value);
    std::string words = c_.categories[i] + (b.name.empty() ? "" : ", " + b.name) + ": " + in_words(value, c_.values);
    double beyond = std::max(origin, end);
    std::string error;
    if (!b.low.empty() && x_.has_place(b.low[i]) && x_.has_place(b.high[i])) {
      const double middle = y + bar_height / 2 - 0.5, from = x_(b.low[i]), to = x_(b.high[i]);
      error = "<path class=\"error\" d=\"M" + decimal(from, 1) + ' ' + decimal(middle, 1) + "H" + decimal(to, 1) + "M" +
              decimal(from, 1) + ' ' + decimal(middle - 3, 1) + "v6M" + decimal(to, 1) + ' ' + decimal(middle - 3, 1) +
              "v6\"/>";
      words += " (" + in_words(b.low[i], c_.values) + " to " + in_words(b.high[i], c_.values) + ")";
      beyond = std::max(beyond, to);
    }
    return "<rect class=\"bar c" + std::to_string(g % colours) + (is_pale(i) ? " pale" : "") + "\" x=\"" +
           decimal(std::min(origin, end), 1) + "\" y=\"" + decimal(y, 1) + "\" width=\"" +
           decimal(std::max(0.5, std::abs(end - origin)), 1) + "\" height=\"" + decimal(bar_height - 1, 0) +
           "\"><title>" + escaped(words) + "</title></rect>" + error +
           svg_text(beyond + 5, y + 10.5, "start",
                    c_.values.decimals < 0 ? tick_label(value, 3) : in_words(value, {.decimals = c_.values.decimals}),
                    "value");
  }

  std::string legend() const {
    if (c_.groups.size() < 2) return {};
    std::string html;
    for (std::size_t g = 0; g < c_.groups.size(); ++g)
      html += "<span class=\"key\"><span class=\"square c" + std::to_string(g % colours) + "\"></span>" +
              escaped(c_.groups[g].name) + "</span>";
    return html;
  }

  std::string description() const {
    std::string words = c_.values.title + ".";
    for (std::size_t i = 0; i < std::min<std::size_t>(c_.categories.size(), 12); ++i)
      for (const bars& b : c_.groups)
        if (std::isfinite(b.values[i]))
          words += ' ' + c_.categories[i] + (b.name.empty() ? "" : ", " + b.name) + ": " +
                   in_words(b.values[i], c_.values) + ".";
    return words + (c_.categories.size() > 12 ? " And " + std::to_string(c_.categories.size() - 12) + " more." : "");
  }

  const bar_chart& c_;
  double left_ = 40, height_ = 0;
  bool is_empty_ = false;
  placement x_ = {};
};

} // namespace

std::string to_figure(const bar_chart& c) { return drawing(c).to_figure(); }

} // namespace fusegrad::inspect::detail
