// SPDX-License-Identifier: MIT
#include <fusegrad/inspect/solution.hpp>

#include "markup.hpp"

#include <boost/test/unit_test.hpp>
#include <stdexcept>
#include <string>

namespace {

namespace in = fusegrad::inspect;
using markup::has;

fusegrad::evaluation losses(double first, double second) {
  fusegrad::evaluation all, one, two;
  one.loss = first, two.loss = second, all.loss = first + second;
  all.outputs = {one, two};
  return all;
}

BOOST_AUTO_TEST_SUITE(inspect_solution)

BOOST_AUTO_TEST_CASE(a_page_shows_errors_losses_and_fields) {
  in::solution_report report{.summary = "dense<20>", .sets = {"inside", "walls"}};
  report.stages = {{0, "Adam"}, {1000, "L-BFGS"}};
  report.note(0, 0, losses(1, 0.5), 0.9);
  report.note(1000, 12, losses(0.1, 0.02), 0.3);
  report.note(2500, 95, losses(1e-4, 2e-3), 0.0034);
  report.fields = {{.title = "Solution",
                    .x = {.title = "t", .low = 0, .high = 1},
                    .y = {.title = "x", .low = 0, .high = 1},
                    .values = {.title = "u"},
                    .numbers = {{1, 2}, {3, 4}}}};
  report.facts = {{"seed", "7"}};
  const std::string html = to_html(to_page(report), "A run");
  BOOST_TEST(markup::fault(html) == "");
  for (const std::string words :
       {"<dt>relative L2 error</dt><dd>0.0034</dd>", "<dt>loss, walls</dt><dd>0.002</dd>",
        "1 min 35 s, 2,500 evaluations of loss and gradient", "Adam first; L-BFGS from 1,000 on.",
        "Loss of each set of points", "<span>Solution</span>", "dense&lt;20&gt;", "<dt>seed</dt><dd>7</dd>"})
    BOOST_TEST(has(html, words), words);
}

BOOST_AUTO_TEST_CASE(what_nobody_knows_is_left_out) {
  in::solution_report report{.sets = {"inside", "walls"}};
  BOOST_TEST(to_page(report).empty());
  report.note(10, 1, losses(1, 2));
  report.note(20, 2, losses(0.5, 1));
  const std::string html = to_page(report).html();
  BOOST_TEST(markup::fault(html) == "");
  BOOST_TEST(!has(html, "relative L2 error"));
  BOOST_TEST(has(html, "Loss of each set of points"));
}

BOOST_AUTO_TEST_CASE(a_record_of_other_sets_is_refused) {
  in::solution_report report{.sets = {"inside"}};
  report.note(10, 1, losses(1, 2));
  BOOST_CHECK_EXCEPTION(to_page(report), std::invalid_argument, [](const auto& error) {
    return has(error.what(), "the record after 10 evaluations has losses of 2 sets, 1 are named.");
  });
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
