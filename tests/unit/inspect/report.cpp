// SPDX-License-Identifier: MIT
#include <fusegrad/inspect/report.hpp>

#include "markup.hpp"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unistd.h>

namespace {

namespace fg = fusegrad;

using markup::count;
using markup::has;

fg::training_report small_report() {
  fg::training_report r;
  r.title = "Digits & <letters>";
  r.summary = "layer  <10>";
  r.history.records = {
      {.epoch = 1, .loss = 2.0, .accuracy = 0.5, .validation_loss = 2.1, .validation_accuracy = 0.45, .seconds = 1},
      {.epoch = 2, .loss = 0.01, .accuracy = 0.75, .validation_loss = 0.02, .validation_accuracy = 0.7, .seconds = 1}};
  r.evaluation.samples = 4;
  r.evaluation.accuracy = 0.75;
  r.evaluation.loss = 0.02;
  r.evaluation.confusion = fg::confusion_matrix(2);
  r.evaluation.confusion.add(0, 0);
  r.evaluation.confusion.add(0, 0);
  r.evaluation.confusion.add(1, 1);
  r.evaluation.confusion.add(1, 0);
  r.misread = {{{0.0f, 1.0f, 0.5f, 7.0f}, 2, 2, 0, 0.625, 1}};
  r.health.badge("layer 0: <asleep>", fg::inspect::tone::bad);
  r.facts = {{"threads \"all\"", "2 'of' 2"}};
  return r;
}

BOOST_AUTO_TEST_SUITE(inspect_report)

BOOST_AUTO_TEST_CASE(what_is_said_is_in_the_page_and_escaped) {
  const std::string html = fg::to_html(small_report());
  BOOST_TEST(has(html, "<title>Digits &amp; &lt;letters&gt;</title>"));
  BOOST_TEST(has(html, "layer  &lt;10&gt;"));
  BOOST_TEST(has(html, "<h2>Health of the run</h2>"));
  BOOST_TEST(has(html, "layer 0: &lt;asleep&gt;"));
  BOOST_TEST(has(html, "<dt>threads &quot;all&quot;</dt><dd>2 &#39;of&#39; 2</dd>"));
  BOOST_TEST(has(html, "75.00 %"));
  BOOST_TEST(has(html, "read as <span class=\"wrong\">0</span> (0.6"));
  BOOST_TEST(has(html, "is <span class=\"right\">1</span>"));
  BOOST_TEST(!has(html, "<letters>"));
}

BOOST_AUTO_TEST_CASE(a_metric_is_a_tile_and_a_curve) {
  fg::training_report r = small_report();
  r.history.records[0].metrics = {{"area <A>", 0.625}};
  r.history.records[1].metrics = {{"area <A>", 0.8125}};
  r.evaluation.metrics = {{"area <A>", 0.8438}};
  const std::string html = fg::to_html(r);
  BOOST_TEST(has(html, "0.8438"));
  BOOST_TEST(has(html, "area &lt;A&gt;"));
  BOOST_TEST(has(html, "0.8125")); // the last value of its curve
  BOOST_TEST(count(html, "<circle") == 10u);
}

BOOST_AUTO_TEST_CASE(the_page_needs_nothing_else) {
  const std::string html = fg::to_html(small_report());
  for (const char* outside : {"http:", "https:", "<script", "<link", "src=", "url(", "@import"})
    BOOST_TEST(!has(html, outside), outside);
}

BOOST_AUTO_TEST_CASE(tags_are_in_order) { BOOST_TEST(markup::fault(fg::to_html(small_report())) == ""); }

BOOST_AUTO_TEST_CASE(curves_have_a_point_for_each_epoch_and_gaps_for_missing_numbers) {
  auto r = small_report();
  const std::string whole = fg::to_html(r);
  BOOST_TEST(count(whole, "<circle") == 8u); // two charts, two lines, two epochs
  BOOST_TEST(has(whole, "epoch 2: 0.0100"));
  BOOST_TEST(has(whole, "(logarithmic)")); // the loss fell by a factor of 200
  r.history.records[1].validation_loss = fg::epoch_record::none;
  BOOST_TEST(count(fg::to_html(r), "<circle") == 7u);
  r.history.records[0].validation_loss = fg::epoch_record::none;
  BOOST_TEST(count(fg::to_html(r), "</svg>validation") == 1u); // in the chart of accuracy only
}

BOOST_AUTO_TEST_CASE(a_picture_has_a_rectangle_for_each_run_of_ink) {
  const std::string html = fg::to_html(small_report());
  BOOST_TEST(has(html, "<svg viewBox=\"0 0 2 2\""));
  BOOST_TEST(has(html, "fill-opacity=\"0.5\" d=\"M0 1h1v1h-1z\""));
  BOOST_TEST(has(html, "fill-opacity=\"1\" d=\"M1 0h1v1h-1zM1 1h1v1h-1z\"")); // above 1 is cut off
}

BOOST_AUTO_TEST_CASE(a_picture_with_too_few_pixels_is_paper_where_they_are_missing) {
  auto r = small_report();
  r.misread[0].pixels.resize(1);
  BOOST_TEST(!has(fg::to_html(r), "fill-opacity=\""));
}

BOOST_AUTO_TEST_CASE(many_misread_samples_are_cut_off_in_words) {
  auto r = small_report();
  r.misread.assign(61, r.misread[0]);
  const std::string html = fg::to_html(r);
  BOOST_TEST(has(html, "The first 60 of 61."));
  BOOST_TEST(count(html, "viewBox=\"0 0 2 2\"") == 60u);
}

BOOST_AUTO_TEST_CASE(what_there_is_nothing_to_say_about_is_left_out) {
  const std::string html = fg::to_html({});
  BOOST_TEST(count(html, "<section") == 0u); // health, too
  BOOST_TEST(count(html, "class=\"tile") == 0u);
  BOOST_TEST(!has(html, "nan"));
}

BOOST_AUTO_TEST_CASE(regression_has_its_own_numbers) {
  fg::training_report r;
  r.evaluation.samples = 10;
  r.evaluation.r2 = 0.9876;
  r.evaluation.mean_absolute_error = 0.25;
  r.history.records = {{.epoch = 1, .loss = 3.0}};
  const std::string html = fg::to_html(r);
  BOOST_TEST(has(html, "0.9876"));
  BOOST_TEST(has(html, "mean absolute error"));
  BOOST_TEST(!has(html, "Accuracy"));
  BOOST_TEST(!has(html, "nan"));
}

BOOST_AUTO_TEST_CASE(degenerate_curves_are_drawn) {
  for (const double loss : {0.0, 1.0, 1e-30, 1e30, -5.0}) {
    fg::training_report r;
    r.history.records = {{.epoch = 1, .loss = loss}, {.epoch = 2, .loss = loss}};
    const std::string html = fg::to_html(r);
    BOOST_TEST(count(html, "<circle") == 2u, loss);
    BOOST_TEST(!has(html, "nan"), loss);
    BOOST_TEST(!has(html, "inf\""), loss);
    BOOST_TEST(html.size() < 100'000u, loss);
  }
}

BOOST_AUTO_TEST_CASE(an_axis_over_many_powers_of_ten_has_few_labels) {
  fg::training_report r;
  r.history.records = {{.epoch = 1, .loss = 1e30}, {.epoch = 2, .loss = 1e-30}};
  const std::string html = fg::to_html(r);
  BOOST_TEST(count(html, "<line class=\"grid\"") >= 4u);
  BOOST_TEST(count(html, "<line class=\"grid\"") <= 9u);
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_written_is_named) {
  const std::filesystem::path path = "/no-such-folder/page.html";
  BOOST_CHECK_EXCEPTION(fg::save_html(small_report(), path), std::runtime_error,
                        [&](const std::runtime_error& error) { return has(error.what(), path.string()); });
}

BOOST_AUTO_TEST_CASE(the_file_is_the_page) {
  const auto path =
      std::filesystem::temp_directory_path() / ("fusegrad_report_" + std::to_string(::getpid()) + ".html");
  fg::save_html(small_report(), path);
  std::ifstream file(path, std::ios::binary);
  const std::string read{std::istreambuf_iterator<char>(file), {}};
  std::filesystem::remove(path);
  BOOST_TEST((read == fg::to_html(small_report())));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
