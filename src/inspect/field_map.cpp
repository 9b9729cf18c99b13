// SPDX-License-Identifier: MIT
#include "figure.hpp"
#include "html.hpp"
#include "placement.hpp"
#include "svg.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <stdexcept>

namespace fusegrad::inspect::detail {

namespace {

/// More shades of a colour are not told apart, and fewer show as steps.
constexpr int shades = 32;
constexpr double palest = 0.03;
constexpr double width = 500, height = 310, left = 54, right = 16, top = 28, bottom = 42;

[[noreturn]] void refuse(const field_map& c, const std::string& what) {
  throw std::invalid_argument("fusegrad: field \"" + c.title + "\": " + what + ".");
}

void check(const field_map& c) {
  if (c.numbers.empty() || c.numbers[0].empty()) refuse(c, "there are no numbers");
  for (std::size_t r = 0; r < c.numbers.size(); ++r)
    if (c.numbers[r].size() != c.numbers[0].size())
      refuse(c, "row " + std::to_string(r) + " has " + std::to_string(c.numbers[r].size()) + " numbers, row 0 has " +
                    std::to_string(c.numbers[0].size()));
  for (const axis* a : {&c.x, &c.y})
    if (!(a->low < a->high) || !std::isfinite(a->low) || !std::isfinite(a->high))
      refuse(c, "the axis \"" + a->title + "\" needs a low end and a high end");
}

/// Where numbers lie among the shades: 1 to `shades` on either side of zero, 0 for what has no place.
struct shading {
  bool is_signed = false;
  placement place_of = {};

  explicit shading(const field_map& c) {
    extent of;
    for (const auto& row : c.numbers)
      for (const double v : row) of.include(v);
    axis values = c.values;
    is_signed = !of.empty() && of.low < 0 && values.scale != scale::logarithmic;
    if (is_signed) {
      // Zero is the palest on both sides, and equal colours are equally far from it.
      const double farthest = std::max(std::isfinite(values.high) ? values.high : of.high,
                                       -(std::isfinite(values.low) ? values.low : of.low));
      values = {.title = values.title, .unit = values.unit, .scale = scale::linear, .low = 0, .high = farthest};
    }
    place_of = place(values, of, ends::at_values, palest, 1, 5);
  }
  [[nodiscard]] int of(double value) const {
    const double size = is_signed ? std::abs(value) : value;
    if (!place_of.has_place(size)) return 0;
    const double share = (place_of(size) - palest) / (1 - palest);
    const int shade = 1 + std::min(shades - 1, static_cast<int>(share * shades));
    return is_signed && value < 0 ? -shade : shade;
  }
};

std::string fill_of(int shade) {
  const double opacity = palest + (1 - palest) * (std::abs(shade) - 1) / (shades - 1);
  return std::string("fill:rgb(var(--") + (shade < 0 ? "miss" : "hit") + ") / " + shortest(opacity, 3) + ")";
}

/// One path for each shade, runs of equal cells as one rectangle; a cell is one unit.
std::string cells(const field_map& c, const shading& shade_of, std::size_t& left_out) {
  std::array<std::string, 2 * shades + 1> paths;
  const std::size_t rows = c.numbers.size();
  for (std::size_t r = 0; r < rows; ++r) {
    const auto& row = c.numbers[r];
    const std::string y = std::to_string(rows - 1 - r); // rows go upwards
    for (std::size_t x = 0; x < row.size();) {
      const std::size_t begin = x;
      const int shade = shade_of.of(row[x]);
      while (x < row.size() && shade_of.of(row[x]) == shade) ++x;
      if (shade == 0) {
        left_out += x - begin;
        continue;
      }
      const std::string run = std::to_string(x - begin);
      paths[static_cast<std::size_t>(shade + shades)] +=
          'M' + std::to_string(begin) + ' ' + y + 'h' + run + "v1h-" + run + 'z';
    }
  }
  std::string svg;
  for (int shade = -shades; shade <= shades; ++shade)
    if (const std::string& d = paths[static_cast<std::size_t>(shade + shades)]; !d.empty())
      svg += "<path style=\"" + fill_of(shade) + "\" d=\"" + d + "\"/>";
  return svg;
}

extent ends_of(const axis& a) {
  extent e;
  e.include(a.low);
  e.include(a.high);
  return e;
}

} // namespace

std::string to_figure(const field_map& c) {
  check(c);
  const shading shade_of(c);
  std::size_t left_out = 0;
  axis along = c.x, up = c.y;
  along.scale = up.scale = scale::linear;
  const double floor = height - bottom, edge = width - right;
  const placement x = place(along, ends_of(c.x), ends::at_values, left, edge, 7);
  const placement y = place(up, ends_of(c.y), ends::at_values, floor, top, 6);
  std::string svg =
      svg_begin(width, height, c.title,
                c.values.title + " over " + c.x.title + " from " + in_words(c.x.low, c.x) + " to " +
                    in_words(c.x.high, c.x) + " and " + c.y.title + " from " + in_words(c.y.low, c.y) + " to " +
                    in_words(c.y.high, c.y)) +
      "<g shape-rendering=\"crispEdges\" transform=\"translate(" + decimal(left, 0) + ' ' + decimal(top, 0) +
      ") scale(" + decimal((edge - left) / static_cast<double>(c.numbers[0].size()), 4) + ' ' +
      decimal((floor - top) / static_cast<double>(c.numbers.size()), 4) + ")\">" + cells(c, shade_of, left_out) +
      "</g>" + svg_line(left, floor, edge, floor, "axis") + svg_line(left, top, left, floor, "axis");
  for (const double tick : x.ticks)
    svg += svg_line(x(tick), floor, x(tick), floor + 5, "axis") +
           svg_text(x(tick), floor + 18, "middle", tick_label(tick));
  for (const double tick : y.ticks)
    svg +=
        svg_line(left - 5, y(tick), left, y(tick), "axis") + svg_text(left - 8, y(tick) + 4.5, "end", tick_label(tick));
  svg += svg_text((left + edge) / 2, height - 6, "middle", label_of(c.x, x)) +
         svg_text(2, 13, "start", label_of(c.y, y)) + "</svg>";
  const double low = shade_of.is_signed ? -shade_of.place_of.high : shade_of.place_of.low;
  const std::string legend = "<span class=\"key\">" + escaped(label_of(c.values, shade_of.place_of)) + ": " +
                             tick_label(low, 3) + " <span class=\"ramp" + (shade_of.is_signed ? " signed" : "") +
                             "\"></span> " + tick_label(shade_of.place_of.high, 3) + "</span>";
  return figure("lines", c.title, c.note, legend, svg, left_out);
}

} // namespace fusegrad::inspect::detail
