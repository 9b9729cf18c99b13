// SPDX-License-Identifier: MIT
#include "figure.hpp"
#include "html.hpp"
#include "placement.hpp"
#include "svg.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>

namespace fusegrad::inspect::detail {

namespace {

/// How large a drawing is, in units of which a letter takes about seven: it is shown a little smaller on a telephone,
/// and larger on a desk.
struct frame {
  double width = 500, height = 310;
  double left = 54, right = 16, top = 28, bottom = 42;
};

/// More points than this have no words of their own: the page stays small, and fingers miss them anyway.
constexpr std::size_t most_tooltips = 600;
/// A line with more has no markers.
constexpr std::size_t most_markers = 30;
/// Labels at the ends of lines are that far apart, and no farther from the end than the other.
constexpr double label_distance = 15, label_shift = 24;

struct point {
  double x, y;
};

/// A line as it is drawn.
struct drawn_line {
  std::size_t index = 0;
  bool is_grey = false;
};

[[noreturn]] void refuse(const line_chart& c, const series& s, const char* what, std::size_t found) {
  throw std::invalid_argument("fusegrad: chart \"" + c.title + "\", line \"" + s.name +
                              "\": " + std::to_string(s.x.size()) + " values of x, but " + std::to_string(found) +
                              " of " + what + ".");
}

void check(const line_chart& c) {
  for (const series& s : c.lines) {
    if (s.y.size() != s.x.size()) refuse(c, s, "y", s.y.size());
    if (!s.low.empty() && s.low.size() != s.x.size()) refuse(c, s, "low", s.low.size());
    if (s.high.size() != s.low.size()) refuse(c, s, "high", s.high.size());
  }
}

class drawing {
public:
  explicit drawing(const line_chart& c) : c_{c} {
    check(c);
    for (std::size_t i = 0; i < c.lines.size(); ++i)
      if (has_values(c.lines[i])) drawn_.push_back({i, !c.highlighted.empty() && !is_highlighted(c.lines[i])});
    // Grey ones first, so that they lie below.
    std::sort(drawn_.begin(), drawn_.end(), [](const drawn_line& a, const drawn_line& b) {
      return a.is_grey != b.is_grey ? a.is_grey : a.index < b.index;
    });
  }

  std::string to_figure() {
    if (drawn_.empty())
      return figure("empty", c_.title, c_.note, {}, "<p class=\"note\">There is nothing to draw.</p>",
                    points_left_out());
    if (c_.small_multiples) return small_multiples();
    if (!c_.last_values) reserve_labels();
    place_axes();
    const std::optional<std::vector<double>> labels = c_.last_values ? std::nullopt : label_heights();
    if (!c_.last_values && !labels) {
      frame_.right = frame{}.right; // a legend instead
      place_axes();
    }
    std::string svg = svg_begin(frame_.width, frame_.height, c_.title, description()) + axes();
    for (const drawn_line& d : drawn_) svg += draw(d);
    if (labels) svg += draw_labels(*labels);
    return figure("lines", c_.title, c_.note, labels ? std::string() : legend(), svg + "</svg>", points_left_out());
  }

private:
  const series& line(const drawn_line& d) const { return c_.lines[d.index]; }
  bool is_highlighted(const series& s) const {
    return std::find(c_.highlighted.begin(), c_.highlighted.end(), s.name) != c_.highlighted.end();
  }

  std::size_t coloured() const {
    return static_cast<std::size_t>(
        std::count_if(drawn_.begin(), drawn_.end(), [](const drawn_line& d) { return !d.is_grey; }));
  }
  /// Its number among the coloured ones, which chooses its colour.
  std::size_t colour_of(const drawn_line& d) const {
    std::size_t n = 0;
    for (const drawn_line& other : drawn_) n += !other.is_grey && other.index < d.index;
    return n;
  }

  void reserve_labels() {
    double widest = 0;
    for (const drawn_line& d : drawn_)
      if (!d.is_grey) widest = std::max(widest, width_of(line(d).name));
    frame_.right = coloured() > 8 || widest > 150 ? frame_.right : std::max(frame_.right, widest + 14);
  }

  void place_axes() {
    extent across, up;
    std::vector<double> values;
    for (const drawn_line& d : drawn_) {
      const series& s = line(d);
      for (std::size_t i = 0; i < s.x.size(); ++i) {
        if (!std::isfinite(s.x[i]) || !std::isfinite(s.y[i])) continue;
        across.include(s.x[i]);
        if (values.size() < 4000) values.push_back(s.x[i]);
        up.include(s.y[i]);
        if (!s.low.empty() && !d.is_grey) up.include(s.low[i]), up.include(s.high[i]);
      }
    }
    axis x = c_.x;
    if (x.scale == scale::automatic && are_evenly_spaced(values)) x.scale = scale::linear;
    x_ = place(x, across, ends::at_values, frame_.left, frame_.width - frame_.right, 7);
    y_ = place(c_.y, up, ends::at_ticks, frame_.height - frame_.bottom, frame_.top, 6);
    tick_at_values(x_, values, 30);
  }

  bool is_drawable(const series& s, std::size_t i) const { return x_.has_place(s.x[i]) && y_.has_place(s.y[i]); }
  point at(const series& s, std::size_t i) const { return {x_(s.x[i]), y_(s.y[i])}; }

  std::size_t points_left_out() const {
    std::size_t n = 0;
    for (const drawn_line& d : drawn_)
      for (std::size_t i = 0; i < line(d).x.size(); ++i) n += !is_drawable(line(d), i);
    if (drawn_.empty())
      for (const series& s : c_.lines) n += s.x.size();
    return n;
  }

  std::string axes() const {
    const double right = frame_.width - frame_.right, floor = frame_.height - frame_.bottom;
    std::string svg;
    for (const double tick : y_.ticks)
      svg += svg_line(frame_.left, y_(tick), right, y_(tick), "grid") +
             svg_text(frame_.left - 7, y_(tick) + 4.5, "end", tick_label(tick));
    svg += svg_line(frame_.left, floor, right, floor, "axis");
    for (const double tick : x_.ticks)
      svg += svg_line(x_(tick), floor, x_(tick), floor + 5, "axis") +
             svg_text(x_(tick), floor + 18, "middle", tick_label(tick));
    svg += svg_text((frame_.left + right) / 2, frame_.height - 6, "middle", label_of(c_.x, x_));
    return svg + svg_text(2, 13, "start", label_of(c_.y, y_));
  }

  /// The line with its gaps; a point between two gaps would be invisible, so that it is a dot.
  std::string path(const series& s) const {
    std::string d;
    for (std::size_t i = 0; i < s.x.size(); ++i) {
      if (!is_drawable(s, i)) continue;
      const bool joined = i > 0 && is_drawable(s, i - 1), goes_on = i + 1 < s.x.size() && is_drawable(s, i + 1);
      const point p = at(s, i);
      d += (joined ? 'L' : 'M') + decimal(p.x, 1) + ' ' + decimal(p.y, 1);
      if (!joined && !goes_on) d += "h.01";
    }
    return d;
  }

  std::string band(const series& s) const {
    std::string upper, lower;
    for (std::size_t i = 0; i < s.low.size(); ++i) {
      if (!is_drawable(s, i) || !y_.has_place(s.low[i]) || !y_.has_place(s.high[i])) continue;
      const std::string px = decimal(x_(s.x[i]), 1);
      upper += (upper.empty() ? 'M' : 'L') + px + ' ' + decimal(y_(s.high[i]), 1);
      lower = 'L' + px + ' ' + decimal(y_(s.low[i]), 1) + lower;
    }
    return upper.empty() ? upper : upper + lower + 'z';
  }

  std::string words_at(const series& s, std::size_t i) const {
    std::string words = (s.name.empty() ? "" : s.name + ", ") + c_.x.title + ' ' +
                        in_words(s.x[i], {.unit = c_.x.unit}) + ": " + in_words(s.y[i], c_.y);
    if (!s.low.empty()) words += " (" + in_words(s.low[i], c_.y) + " to " + in_words(s.high[i], c_.y) + ")";
    return words;
  }

  std::size_t all_points() const {
    std::size_t n = 0;
    for (const drawn_line& d : drawn_)
      if (!d.is_grey) n += line(d).x.size();
    return n;
  }

  std::string draw(const drawn_line& d) const {
    const series& s = line(d);
    const bool is_line = c_.marks == marks::lines;
    if (d.is_grey)
      return (is_line ? "<path class=\"line grey\" d=\"" + path(s)
                      : "<path class=\"marks grey\" d=\"" + markers(s, 0)) +
             "\"><title>" + escaped(s.name) + "</title></path>";
    const std::size_t n = colour_of(d);
    std::string svg;
    if (const std::string around = band(s); !around.empty())
      svg += "<path class=\"band c" + std::to_string(n % colours) + "\" d=\"" + around + "\"/>";
    if (is_line) svg += "<path class=\"line " + classes_of_line(n) + "\" d=\"" + path(s) + "\"/>";
    if (!is_line || (s.x.size() <= most_markers && coloured() <= 10 && coloured() > 1))
      svg += "<path class=\"marks c" + std::to_string(n % colours) + "\" d=\"" + markers(s, n) + "\"/>";
    if (all_points() <= most_tooltips) svg += tooltips(s);
    return svg;
  }

  std::string markers(const series& s, std::size_t n) const {
    std::string d;
    for (std::size_t i = 0; i < s.x.size(); ++i)
      if (is_drawable(s, i)) d += marker(n, at(s, i).x, at(s, i).y);
    return d;
  }

  std::string tooltips(const series& s) const {
    std::string svg = "<g class=\"points\">";
    for (std::size_t i = 0; i < s.x.size(); ++i) {
      if (!is_drawable(s, i)) continue;
      const point p = at(s, i);
      svg += "<circle cx=\"" + decimal(p.x, 1) + "\" cy=\"" + decimal(p.y, 1) + "\" r=\"6\"><title>" +
             escaped(words_at(s, i)) + "</title></circle>";
    }
    return svg + "</g>";
  }

  /// Where the name of each coloured line stands, in the order of `drawn_`; nothing where names would stand in each
  /// other's way.
  std::optional<std::vector<double>> label_heights() const {
    if (coloured() > 8) return std::nullopt;
    if (coloured() == 1 && drawn_.size() == 1) return std::vector<double>(1, -1.0); // the title says it
    std::vector<std::pair<double, std::size_t>> wanted;
    for (std::size_t k = 0; k < drawn_.size(); ++k) {
      if (drawn_[k].is_grey) continue;
      const std::optional<point> last = last_point(line(drawn_[k]));
      if (!last || last->x < frame_.left + 0.93 * (x_.end - x_.begin) || width_of(line(drawn_[k]).name) > 150 ||
          c_.marks == marks::points)
        return std::nullopt;
      wanted.emplace_back(last->y, k);
    }
    std::sort(wanted.begin(), wanted.end());
    std::vector<double> heights;
    for (const auto& w : wanted)
      heights.push_back(heights.empty() ? w.first : std::max(w.first, heights.back() + label_distance));
    const double lowest = frame_.height - frame_.bottom - 2;
    for (std::size_t i = heights.size(); i-- > 0;) {
      // A group that was pushed down stands around the middle of its lines.
      const double limit = i + 1 == heights.size() ? lowest : heights[i + 1] - label_distance;
      heights[i] = std::min(std::max(wanted[i].first, heights[i] - label_distance / 2), limit);
      if (i + 1 == heights.size()) heights[i] = std::min(heights[i], limit);
    }
    for (std::size_t i = 1; i < heights.size(); ++i) heights[i] = std::max(heights[i], heights[i - 1] + label_distance);
    std::vector<double> by_line(drawn_.size(), -1);
    for (std::size_t i = 0; i < heights.size(); ++i) {
      if (std::abs(heights[i] - wanted[i].first) > label_shift || heights[i] < frame_.top - 6 ||
          heights[i] > lowest + 12)
        return std::nullopt;
      by_line[wanted[i].second] = heights[i];
    }
    return by_line;
  }

  std::optional<point> last_point(const series& s) const {
    for (std::size_t i = s.x.size(); i-- > 0;)
      if (is_drawable(s, i)) return at(s, i);
    return std::nullopt;
  }

  std::string draw_labels(const std::vector<double>& heights) const {
    std::string svg;
    for (std::size_t k = 0; k < drawn_.size(); ++k)
      if (heights[k] >= 0)
        svg += svg_text(frame_.width - frame_.right + 8, heights[k] + 4.5, "start", line(drawn_[k]).name,
                        "name c" + std::to_string(colour_of(drawn_[k]) % colours));
    return svg;
  }

  std::string legend() const {
    std::string html;
    for (const drawn_line& d : drawn_) {
      if (d.is_grey || line(d).name.empty()) continue;
      html += "<span class=\"key\">" + swatch(colour_of(d), c_.marks == marks::lines) + escaped(line(d).name);
      if (c_.last_values && !line(d).y.empty() && std::isfinite(line(d).y.back()))
        html += " <b>" + escaped(in_words(line(d).y.back(), c_.y)) + "</b>";
      html += "</span>";
    }
    return html + (coloured() < drawn_.size() ? "<span class=\"key\">grey: the others</span>" : "");
  }

  std::string description() const {
    std::string words = c_.y.title + " by " + c_.x.title + ".";
    std::size_t told = 0;
    for (const drawn_line& d : drawn_) {
      if (d.is_grey || ++told > 8) continue;
      const series& s = line(d);
      std::size_t first = 0, last = s.x.size() - 1;
      while (first < last && !is_drawable(s, first)) ++first;
      while (last > first && !is_drawable(s, last)) --last;
      words += ' ' + s.name + ": from " + in_words(s.y[first], c_.y) + " to " + in_words(s.y[last], c_.y) + ".";
    }
    const std::size_t others = drawn_.size() - std::min(told, std::size_t{8});
    return words + (others > 0 ? " And " + std::to_string(others) + " more lines." : "");
  }

  std::string small_multiples() {
    frame_ = {230, 150, 40, 10, 24, 30};
    place_axes();
    std::string all;
    if (c_.others_behind)
      for (const drawn_line& d : drawn_) all += path(line(d));
    std::uint64_t hash = 14695981039346656037u; // FNV-1a: the same lines have the same name, other lines another
    for (const char ch : c_.title + all) hash = (hash ^ static_cast<unsigned char>(ch)) * 1099511628211u;
    const std::string id = "lines-" + std::to_string(hash);
    std::vector<drawn_line> in_order = drawn_;
    std::sort(in_order.begin(), in_order.end(),
              [](const drawn_line& a, const drawn_line& b) { return a.index < b.index; });
    std::string html = "<p class=\"note\">Across: " + escaped(label_of(c_.x, x_)) +
                       ". Up: " + escaped(label_of(c_.y, y_)) +
                       std::string(c_.others_behind ? ". Grey: the others." : ".") + "</p><div class=\"multiples\">";
    for (const drawn_line& d : in_order) {
      const bool is_first = d.index == in_order.front().index;
      html += svg_begin(frame_.width, frame_.height, line(d).name, c_.title) + small_axes(line(d).name);
      if (c_.others_behind)
        html += (is_first ? "<path id=\"" + id + "\" class=\"line grey\" d=\"" + all + "\"/>"
                          : "<use href=\"#" + id + "\"/>");
      if (const std::string around = band(line(d)); !around.empty())
        html += "<path class=\"band c0\" d=\"" + around + "\"/>";
      html += "<path class=\"line c0 d0\" d=\"" + path(line(d)) + "\"/>" +
              (all_points() <= most_tooltips ? tooltips(line(d)) : std::string()) + "</svg>";
    }
    return figure("wide", c_.title, c_.note, {}, html + "</div>", points_left_out());
  }

  std::string small_axes(const std::string& name) const {
    const double right = frame_.width - frame_.right, floor = frame_.height - frame_.bottom;
    std::string svg = svg_text((frame_.left + right) / 2, 14, "middle", name, "name") +
                      svg_line(frame_.left, floor, right, floor, "axis");
    for (const double tick : {y_.ticks.front(), y_.ticks.back()})
      svg += svg_line(frame_.left, y_(tick), right, y_(tick), "grid") +
             svg_text(frame_.left - 5, y_(tick) + 4.5, "end", tick_label(tick));
    svg += svg_text(x_(x_.low), floor + 17, "middle", tick_label(x_.low));
    return svg + svg_text(x_(x_.high), floor + 17, "end", tick_label(x_.high));
  }

  const line_chart& c_;
  frame frame_ = {};
  placement x_ = {}, y_ = {};
  std::vector<drawn_line> drawn_ = {};
};

} // namespace

bool has_values(const series& s) {
  for (std::size_t i = 0; i < std::min(s.x.size(), s.y.size()); ++i)
    if (std::isfinite(s.x[i]) && std::isfinite(s.y[i])) return true;
  return false;
}

std::string to_figure(const line_chart& c) { return drawing(c).to_figure(); }

} // namespace fusegrad::inspect::detail
