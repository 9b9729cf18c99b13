// SPDX-License-Identifier: MIT
#include <fusegrad/inspect/page.hpp>

#include "markup.hpp"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <stdexcept>
#include <string>
#include <unistd.h>

namespace {

namespace in = fusegrad::inspect;
using in::page;
using markup::count;
using markup::has;

page of_everything() {
  page inner, whole;
  inner.heading("Inner <part>")
      .paragraph("a < b & c")
      .note("small")
      .badge("supported", in::tone::good)
      .code("x | y  \"z\"");
  inner.facts({{"seed", "1"}, {"'quoted'", "<2>"}});
  inner.table("Numbers & words", {"name", "value"}, std::vector<std::vector<std::string>>{{"relu", "1.5"}, {"tanh"}});
  inner.lines("Loss", "step", "loss", {{.name = "a", .x = {1, 2, 3}, .y = {1, 2, 3}}});
  inner.add(in::line_chart{.title = "Many",
                           .lines = {{.name = "a", .x = {1, 2}, .y = {1, 2}}, {.name = "b", .x = {1, 2}, .y = {2, 1}}},
                           .small_multiples = true});
  inner.add(in::bar_chart{.title = "Bars",
                          .categories = {"x", "y"},
                          .groups = {{.name = "g", .values = {1, -2}, .low = {0.5, -3}, .high = {2, -1}}}});
  inner.add(in::heat_map{.title = "Heat", .rows = {"r"}, .columns = {"c", "d"}, .numbers = {{1, 2}}});
  whole.table("", {"claim"}, {{in::cell("to it", "one", in::tone::bad)}});
  return whole.section("one", "One & only", inner).fold("More", page{}.paragraph("folded"));
}

BOOST_AUTO_TEST_SUITE(inspect_page)

BOOST_AUTO_TEST_CASE(tags_attributes_ids_and_links_are_in_order) {
  BOOST_TEST(markup::fault(in::to_html(of_everything(), "A & B")) == "");
  BOOST_TEST(markup::fault(in::to_html(page{}, "")) == "");
}

BOOST_AUTO_TEST_CASE(the_check_of_tags_finds_what_it_should) {
  BOOST_TEST(markup::fault("<p>a</p>") == "");
  for (const char* wrong : {"<p>", "<p></b></p>", "</p>", "<p a=1></p>", "<p a=\"1\" a=\"2\"></p>",
                            "<i id=\"x\"></i><b id=\"x\"></b>", "<a href=\"#y\"></a>", "a & b", "<p"})
    BOOST_TEST(markup::fault(wrong) != "", wrong);
}

BOOST_AUTO_TEST_CASE(the_page_needs_nothing_else) {
  const std::string html = in::to_html(of_everything(), "A");
  for (const char* outside : {"http:", "https:", "<script", "<link", "src=", "url(", "@import"})
    BOOST_TEST(!has(html, outside), outside);
}

BOOST_AUTO_TEST_CASE(texts_are_escaped) {
  const std::string html = in::to_html(of_everything(), "A & B");
  for (const char* part : {"<title>A &amp; B</title>", "a &lt; b &amp; c", "Inner &lt;part&gt;", "x | y  &quot;z&quot;",
                           "<dt>&#39;quoted&#39;</dt><dd>&lt;2&gt;</dd>", "Numbers &amp; words", "One &amp; only"})
    BOOST_TEST(has(html, part), part);
}

BOOST_AUTO_TEST_CASE(headings_within_a_section_stand_below_its_own) {
  const std::string html = of_everything().html();
  BOOST_TEST(has(html, "<h2>One &amp; only</h2>"));
  BOOST_TEST(has(html, "<h3 class=\"part\">Inner &lt;part&gt;</h3>"));
  const std::string twice = page{}.section("outer", "Outer", of_everything()).html();
  BOOST_TEST(has(twice, "<h3>One &amp; only</h3>"));
  BOOST_TEST(has(twice, "<h4 class=\"part\">Inner &lt;part&gt;</h4>"));
}

BOOST_AUTO_TEST_CASE(columns_of_numbers_are_marked_and_short_rows_filled) {
  const std::string html =
      page{}
          .table("", {"name", "value"},
                 std::vector<std::vector<std::string>>{{"relu", "1.5 (1 to 2)"}, {"tanh", "-3"}, {"abs"}})
          .html();
  BOOST_TEST(has(html, "<th scope=\"col\">name</th><th scope=\"col\" class=\"number\">value</th>"));
  BOOST_TEST(count(html, "<td class=\"number\">") == 3u);
  BOOST_TEST(count(html, "<td>") == 3u);
}

BOOST_AUTO_TEST_CASE(a_long_table_is_folded_away_under_its_caption) {
  const auto with_rows = [](std::size_t rows) {
    const std::string html =
        page{}.table("Costs", {"name"}, std::vector<std::vector<std::string>>(rows, {"relu"})).html();
    BOOST_TEST(markup::fault(html) == "");
    return html;
  };
  BOOST_TEST(has(with_rows(15), "<caption>Costs</caption>"));
  BOOST_TEST(!has(with_rows(15), "<details>"));
  BOOST_TEST(has(with_rows(16), "<details><summary>Costs</summary>"));
}

BOOST_AUTO_TEST_CASE(columns_that_sometimes_have_no_number_are_columns_of_numbers) {
  BOOST_TEST(
      count(page{}.table("", {"steps"}, std::vector<std::vector<std::string>>{{"never"}, {"12"}, {"never"}}).html(),
            "class=\"number\"") == 4u);
}

BOOST_AUTO_TEST_CASE(a_row_that_is_too_long_is_refused) {
  BOOST_CHECK_EXCEPTION(
      page{}.table("Costs", {"one"}, std::vector<std::vector<std::string>>{{"a", "b"}}), std::invalid_argument,
      [](const std::invalid_argument& e) { return has(e.what(), "\"Costs\": a row has 2 cells, the head has 1"); });
}

BOOST_AUTO_TEST_CASE(cells_lead_to_sections_and_may_be_badges) {
  BOOST_TEST(has(of_everything().html(), "<a href=\"#one\"><span class=\"badge bad\">to it</span></a>"));
}

BOOST_AUTO_TEST_CASE(a_badge_is_marked_by_its_tone) {
  page verdicts;
  verdicts.badge("a", in::tone::good).badge("b", in::tone::bad).badge("c", in::tone::mixed).badge("d", in::tone::plain);
  const std::string html = verdicts.html();
  for (const char* badge : {"badge good\">a<", "badge bad\">b<", "badge mixed\">c<", "badge plain\">d<"})
    BOOST_TEST(has(html, badge), badge);
}

BOOST_AUTO_TEST_CASE(pages_are_appended_in_order) {
  page a, b;
  BOOST_TEST(a.empty());
  b.paragraph("second");
  a.paragraph("first").append(b);
  BOOST_TEST(a.html().find("first") < a.html().find("second"));
  BOOST_TEST(!a.empty());
}

BOOST_AUTO_TEST_CASE(the_file_is_the_page_and_one_that_cannot_be_written_is_named) {
  const auto path = std::filesystem::temp_directory_path() / ("fusegrad_page_" + std::to_string(::getpid()) + ".html");
  in::save_html(of_everything(), "A", path);
  std::ifstream file(path, std::ios::binary);
  const std::string read{std::istreambuf_iterator<char>(file), {}};
  std::filesystem::remove(path);
  BOOST_TEST((read == in::to_html(of_everything(), "A")));
  BOOST_CHECK_EXCEPTION(in::save_html(page{}, "A", "/no-such-folder/page.html"), std::runtime_error,
                        [](const std::runtime_error& e) { return has(e.what(), "/no-such-folder/page.html"); });
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
