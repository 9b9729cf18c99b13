// SPDX-License-Identifier: MIT
#include <fusegrad/inspect/chart.hpp>

#include "markup.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <fusegrad/inspect/page.hpp>
#include <iterator>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

namespace in = fusegrad::inspect;
using markup::attribute;
using markup::count;
using markup::has;

constexpr double nan = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();

template <class Chart> std::string drawn(const Chart& c) {
  const std::string html = in::page{}.add(c).html();
  BOOST_TEST(markup::fault(html) == "");
  BOOST_TEST(!has(html, "nan\""));
  BOOST_TEST(!has(html, "inf\""));
  return html;
}

std::vector<double> numbers(const std::vector<std::string>& words) {
  std::vector<double> out;
  for (const std::string& w : words) out.push_back(std::stod(w));
  return out;
}

/// Texts of the ticks below the drawing, or beside it.
std::vector<std::string> labels(const std::string& html, const std::string& anchor) {
  std::vector<std::string> found;
  const std::string begin = "text-anchor=\"" + anchor + "\">";
  for (std::size_t at = html.find(begin); at != html.npos; at = html.find(begin, at)) {
    at += begin.size();
    found.push_back(html.substr(at, html.find('<', at) - at));
  }
  return found;
}

in::series line(std::string name, std::vector<double> x, std::vector<double> y) {
  return {.name = std::move(name), .x = std::move(x), .y = std::move(y)};
}

BOOST_AUTO_TEST_SUITE(inspect_chart)

BOOST_AUTO_TEST_CASE(points_of_a_linear_chart_lie_in_proportion) {
  const std::string html = drawn(in::line_chart{.title = "t",
                                                .x = {.title = "x", .scale = in::scale::linear},
                                                .y = {.title = "y", .scale = in::scale::linear},
                                                .lines = {line("a", {0, 1, 4}, {0, 5, 10})}});
  const auto x = numbers(attribute(html, "cx")), y = numbers(attribute(html, "cy"));
  BOOST_REQUIRE(x.size() == 3u);
  BOOST_TEST(x[0] < x[2]);
  BOOST_TEST((x[1] - x[0]) / (x[2] - x[0]) == 0.25, boost::test_tools::tolerance(0.002));
  BOOST_TEST(y[0] > y[2]); // upwards
  BOOST_TEST((y[1] - y[0]) / (y[2] - y[0]) == 0.5, boost::test_tools::tolerance(0.002));
}

BOOST_AUTO_TEST_CASE(points_of_a_logarithmic_chart_lie_by_ratio) {
  const std::string html = drawn(in::line_chart{.title = "t",
                                                .x = {.title = "x", .scale = in::scale::logarithmic},
                                                .y = {.title = "y", .unit = "ms"},
                                                .lines = {line("a", {1, 10, 100}, {1e-4, 1e-3, 1e-2})}});
  const auto x = numbers(attribute(html, "cx")), y = numbers(attribute(html, "cy"));
  BOOST_REQUIRE(x.size() == 3u);
  BOOST_TEST((x[1] - x[0]) / (x[2] - x[0]) == 0.5, boost::test_tools::tolerance(0.002));
  BOOST_TEST((y[1] - y[0]) / (y[2] - y[0]) == 0.5,
             boost::test_tools::tolerance(0.002)); // chosen by itself: a factor of 100
  BOOST_TEST(has(html, "x (logarithmic)"));
  BOOST_TEST(has(html, "y, ms (logarithmic)"));
}

BOOST_AUTO_TEST_CASE(an_x_in_equal_steps_stays_linear) {
  in::line_chart c{.title = "t", .x = {.title = "layer"}, .lines = {line("a", {}, {})}};
  for (int i = 1; i <= 50; ++i) c.lines[0].x.push_back(i), c.lines[0].y.push_back(1);
  BOOST_TEST(!has(drawn(c), "layer (logarithmic)"));
  c.lines[0].x.back() = 100;
  BOOST_TEST(has(drawn(c), "layer (logarithmic)"));
}

BOOST_AUTO_TEST_CASE(what_is_pointed_at_tells_its_numbers) {
  in::series s = line("a", {1, 2}, {0.5, 0.25});
  s.low = {0.4, 0.2}, s.high = {0.6, 0.3};
  const std::string html = drawn(in::line_chart{
      .title = "t", .x = {.title = "depth"}, .y = {.title = "y", .unit = "ms", .decimals = 2}, .lines = {s}});
  BOOST_TEST(has(html, "<title>a, depth 2: 0.25 ms (0.20 ms to 0.30 ms)</title>"));
  BOOST_TEST(count(html, "class=\"band c0\"") == 1u);
}

BOOST_AUTO_TEST_CASE(ticks_are_round_numbers_or_the_values_where_these_are_few) {
  const auto ticks = [](std::vector<double> x) {
    const std::string html = drawn(
        in::line_chart{.title = "t", .x = {.title = "x", .scale = in::scale::linear}, .lines = {line("a", x, x)}});
    std::vector<std::string> found = labels(html, "middle");
    found.pop_back(); // the title of the axis
    return found;
  };
  BOOST_TEST(ticks({2, 10, 50}) == (std::vector<std::string>{"2", "10", "50"}), boost::test_tools::per_element());
  std::vector<double> many;
  for (int i = 0; i <= 1000; ++i) many.push_back(i);
  BOOST_TEST(ticks(many) == (std::vector<std::string>{"0", "200", "400", "600", "800", "1000"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_axis_begins_and_ends_where_it_is_told) {
  const std::string html =
      drawn(in::line_chart{.title = "t",
                           .y = {.title = "accuracy", .scale = in::scale::linear, .low = 0, .high = 100},
                           .lines = {line("a", {1, 2}, {50, 120})}});
  const auto y = labels(html, "end");
  BOOST_TEST(y.front() == "0");
  BOOST_TEST(y.back() == "100");
  for (const double place : numbers(attribute(html, "cy")))
    BOOST_TEST((place >= 0 && place <= 310)); // what is beyond lies on the edge
}

BOOST_AUTO_TEST_CASE(numbers_without_a_place_are_gaps_and_counted) {
  const std::string html =
      drawn(in::line_chart{.title = "t",
                           .y = {.title = "y", .scale = in::scale::logarithmic},
                           .lines = {line("a", {1, 2, 3, 4, 5, 6}, {1, nan, 100, -infinity, 0, 10})}});
  BOOST_TEST(count(html, "<circle") == 3u);
  BOOST_TEST(has(html, "3 numbers have no place here"));
  BOOST_TEST(
      has(drawn(in::line_chart{.title = "t", .lines = {line("a", {1, 2}, {1, nan})}}), "1 number has no place here"));
}

BOOST_AUTO_TEST_CASE(nothing_to_draw_is_said) {
  BOOST_TEST(has(drawn(in::line_chart{.title = "t"}), "nothing to draw"));
  BOOST_TEST(
      has(drawn(in::line_chart{.title = "t", .lines = {line("a", {}, {}), line("b", {1}, {nan})}}), "nothing to draw"));
  BOOST_TEST(has(drawn(in::bar_chart{.title = "t"}), "nothing to draw"));
  BOOST_TEST(
      has(drawn(in::bar_chart{.title = "t", .categories = {"a"}, .groups = {{.values = {nan}}}}), "nothing to draw"));
  BOOST_TEST(has(drawn(in::heat_map{.title = "t"}), "<table"));
  BOOST_TEST(has(drawn(in::heat_map{.title = "t", .rows = {"r"}, .columns = {"c"}, .numbers = {{nan}}}),
                 "1 number has no place here"));
}

BOOST_AUTO_TEST_CASE(extreme_numbers_are_drawn) {
  for (const double v : {0.0, 1.0, -5.0, 1e-30, 1e30, 1e-310, 1e308, -1e308}) {
    const std::string html = drawn(in::line_chart{.title = "t", .lines = {line("a", {1, 2}, {v, v})}});
    BOOST_TEST(count(html, "<circle") == 2u, v);
    BOOST_TEST(html.size() < 20'000u, v);
    drawn(in::bar_chart{.title = "t", .categories = {"a", "b"}, .groups = {{.values = {v, 1}}}});
    drawn(in::heat_map{.title = "t", .rows = {"r"}, .columns = {"c", "d"}, .numbers = {{v, 1}}});
  }
  const std::string wide = drawn(in::line_chart{.title = "t", .lines = {line("a", {1, 2}, {1e-30, 1e30})}});
  BOOST_TEST(count(wide, "class=\"grid\"") >= 4u);
  BOOST_TEST(count(wide, "class=\"grid\"") <= 9u);
}

BOOST_AUTO_TEST_CASE(lines_are_named_at_their_ends_where_that_fits_and_else_in_a_legend) {
  const std::string apart =
      drawn(in::line_chart{.title = "t", .lines = {line("low", {1, 2}, {0, 0}), line("high", {1, 2}, {0, 9})}});
  BOOST_TEST(!has(apart, "class=\"legend\""));
  BOOST_TEST(has(apart, ">low</text>"));
  in::line_chart crowded{.title = "t"};
  for (int i = 0; i < 8; ++i)
    crowded.lines.push_back(line("line " + std::to_string(i), {1, 2}, {static_cast<double>(i), 5}));
  BOOST_TEST(has(drawn(crowded), "class=\"legend\""));
  BOOST_TEST(!has(drawn(crowded), ">line 3</text>"));
}

BOOST_AUTO_TEST_CASE(every_line_is_told_apart_by_more_than_colour) {
  in::line_chart c{.title = "t"};
  for (int i = 0; i < 28; ++i) c.lines.push_back(line("line " + std::to_string(i), {1, 2}, {1.0 * i, 2.0 * i}));
  std::vector<std::string> styles;
  for (const std::string& style : attribute(drawn(c), "class"))
    if (style.starts_with("line c")) styles.push_back(style);
  std::sort(styles.begin(), styles.end());
  BOOST_TEST(styles.size() == 56u); // the lines and their samples in the legend
  BOOST_TEST(std::distance(styles.begin(), std::unique(styles.begin(), styles.end())) == 28);
}

BOOST_AUTO_TEST_CASE(lines_that_are_not_highlighted_are_grey_and_below) {
  in::line_chart c{.title = "t",
                   .lines = {line("a", {1, 2}, {1, 2}), line("b", {1, 2}, {2, 3}), line("c", {1, 2}, {3, 4})},
                   .highlighted = {"a"}};
  const std::string html = drawn(c);
  BOOST_TEST(count(html, "class=\"line grey\"") == 2u);
  BOOST_TEST(count(html, "class=\"line c0") == 1u);
  BOOST_TEST(html.rfind("class=\"line grey\"") < html.find("class=\"line c0"));
  BOOST_TEST(count(html, "<circle") == 2u);
}

BOOST_AUTO_TEST_CASE(small_multiples_draw_every_line_once_in_front_and_all_behind) {
  const std::string html =
      drawn(in::line_chart{.title = "t",
                           .lines = {line("a", {1, 2}, {1, 2}), line("b", {1, 2}, {2, 3}), line("c", {1, 2}, {3, 4})},
                           .small_multiples = true});
  BOOST_TEST(count(html, "<svg") == 3u);
  BOOST_TEST(count(html, "class=\"line c0 d0\"") == 3u);
  BOOST_TEST(count(html, "<use ") == 2u);
  BOOST_TEST(attribute(html, "id").size() == 1u);
}

BOOST_AUTO_TEST_CASE(scatter_charts_join_nothing) {
  const std::string html =
      drawn(in::line_chart{.title = "t", .lines = {line("a", {1, 2, 3}, {1, 2, 1})}, .marks = in::marks::points});
  BOOST_TEST(!has(html, "class=\"line"));
  BOOST_TEST(count(html, "<circle") == 3u);
}

BOOST_AUTO_TEST_CASE(bars_are_as_long_as_their_values) {
  const std::string html =
      drawn(in::bar_chart{.title = "t",
                          .values = {.title = "time", .unit = "ns"},
                          .categories = {"a", "b"},
                          .groups = {{.name = "g", .values = {10, 40}, .low = {8, 30}, .high = {12, 50}}}});
  const auto widths = numbers(attribute(html.substr(html.find("<rect")), "width"));
  BOOST_REQUIRE(widths.size() == 2u);
  BOOST_TEST(widths[1] / widths[0] == 4, boost::test_tools::tolerance(0.01));
  BOOST_TEST(count(html, "class=\"error\"") == 2u);
  BOOST_TEST(has(html, "b, g: 40 ns (30 ns to 50 ns)"));
}

BOOST_AUTO_TEST_CASE(groups_of_bars_have_a_legend_and_one_group_has_none) {
  const auto chart_of = [](const std::vector<in::bars>& groups) {
    return drawn(in::bar_chart{.title = "t", .categories = {"a"}, .groups = groups});
  };
  const std::string two = chart_of({{.name = "first", .values = {1}}, {.name = "<second>", .values = {2}}});
  BOOST_TEST(count(two, "class=\"square") == 2u);
  BOOST_TEST(has(two, "</span>first</span>"));
  BOOST_TEST(has(two, "</span>&lt;second&gt;</span>"));
  BOOST_TEST(!has(chart_of({{.name = "first", .values = {1}}}), "class=\"square"));
}

BOOST_AUTO_TEST_CASE(negative_bars_lead_the_other_way_from_zero) {
  const std::string html =
      drawn(in::bar_chart{.title = "t", .categories = {"a", "b"}, .groups = {{.values = {10, -10}}}});
  const auto x = numbers(attribute(html.substr(html.find("<rect")), "x")),
             widths = numbers(attribute(html.substr(html.find("<rect")), "width"));
  BOOST_TEST(widths[0] == widths[1]);
  const auto rect = html.find("<rect", html.find("<rect") + 1);
  BOOST_TEST(std::stod(attribute(html.substr(rect), "x")[0]) + widths[1] == x[0], boost::test_tools::tolerance(0.01));
}

BOOST_AUTO_TEST_CASE(cells_of_a_heat_map_are_the_deeper_the_larger) {
  const std::string html =
      drawn(in::heat_map{.title = "t", .rows = {"r", "s"}, .columns = {"c", "d"}, .numbers = {{1, 2}, {3, 4}}});
  const auto styles = attribute(html, "style");
  BOOST_TEST(styles == (std::vector<std::string>{"--a:0.05", "--a:0.37", "--a:0.68", "--a:1.00"}),
             boost::test_tools::per_element());
  BOOST_TEST(has(html, "title=\"s, d: 4\">4</td>"));
}

BOOST_AUTO_TEST_CASE(numbers_that_do_not_match_are_refused_by_name) {
  const auto refused = [](const auto& c, const char* what) {
    BOOST_CHECK_EXCEPTION(in::page{}.add(c), std::invalid_argument,
                          [what](const std::invalid_argument& e) { return has(e.what(), what); });
  };
  refused(in::line_chart{.title = "Loss", .lines = {line("a", {1, 2}, {1})}},
          "\"Loss\", line \"a\": 2 values of x, but 1 of y");
  refused(in::line_chart{.title = "Loss", .lines = {{.name = "a", .x = {1}, .y = {1}, .low = {1}}}},
          "1 values of x, but 0 of high");
  refused(in::bar_chart{.title = "Cost", .categories = {"a"}, .groups = {{.name = "g", .values = {1, 2}}}},
          "\"Cost\", bars \"g\": 1 categories, but 2 of values");
  refused(in::heat_map{.title = "Heat", .rows = {"r"}, .columns = {"c"}, .numbers = {{1, 2}}},
          "row \"r\" has 2 numbers, but there are 1 columns");
}

in::field_map field(std::vector<std::vector<double>> numbers) {
  return {.title = "f",
          .x = {.title = "t", .low = 0, .high = 2},
          .y = {.title = "x", .low = -1, .high = 1},
          .values = {.title = "u"},
          .numbers = std::move(numbers)};
}

BOOST_AUTO_TEST_CASE(a_field_has_two_colours_around_zero_and_rows_that_go_upwards) {
  const std::string html = drawn(field({{-1, 0.5, 0.5}, {0.5, 2, -2}}));
  // The first row is the lower one; equal cells that follow each other are one rectangle.
  BOOST_TEST(has(html, "M1 1h2v1h-2zM0 0h1v1h-1z") == true);
  BOOST_TEST(has(html, "fill:rgb(var(--hit) / 1)\" d=\"M1 0h1v1h-1z"));
  BOOST_TEST(has(html, "fill:rgb(var(--miss) / 1)\" d=\"M2 0h1v1h-1z"));
  BOOST_TEST(count(html, "var(--miss) /") == 2u);
  BOOST_TEST(has(html, "u: -2 <span class=\"ramp signed\"></span> 2"));
  BOOST_TEST(has(html, "u over t from 0 to 2 and x from -1 to 1"));
}

BOOST_AUTO_TEST_CASE(a_field_of_one_sign_and_on_a_logarithmic_scale) {
  const std::string html = drawn(field({{1, 3}, {nan, 5}}));
  BOOST_TEST(count(html, "var(--miss) /") == 0u);
  BOOST_TEST(has(html, "fill:rgb(var(--hit) / 0.03)\" d=\"M0 1h1v1h-1z"));
  BOOST_TEST(has(html, "1 number has no place here"));
  in::field_map of_errors = field({{1e-6, 1e-2}, {0, 1}});
  of_errors.values.scale = in::scale::logarithmic;
  const std::string logarithmic = drawn(of_errors);
  BOOST_TEST(has(logarithmic, "u (logarithmic): "));
  BOOST_TEST(has(logarithmic, "<span class=\"ramp\"></span> 1<"));
  BOOST_TEST(has(logarithmic, "1 number has no place here"));
  BOOST_TEST(has(logarithmic, "/ 0.687)\" d=\"M1 1h1v1h-1z")); // two thirds of the way, in powers of ten
}

BOOST_AUTO_TEST_CASE(a_field_that_does_not_fit_is_refused) {
  const auto refused = [](const in::field_map& c, const std::string& words) {
    BOOST_CHECK_EXCEPTION(in::page{}.add(c), std::invalid_argument,
                          [&](const auto& error) { return has(error.what(), words); });
  };
  refused(field({}), "field \"f\": there are no numbers");
  refused(field({{1, 2}, {3}}), "row 1 has 1 numbers, row 0 has 2");
  in::field_map without = field({{1}});
  without.y.high = nan;
  refused(without, "the axis \"x\" needs a low end and a high end");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
