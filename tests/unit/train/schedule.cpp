// SPDX-License-Identifier: MIT
#include <fusegrad/train/schedule.hpp>

#include "says.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace {

namespace schedule = fusegrad::schedule;
using schedule::moment;

constexpr double tight = 1e-13;

/// The moment before a step of a fit with 7 steps an epoch.
constexpr moment at(std::size_t step, std::size_t epochs) {
  return {step, 7 * epochs, static_cast<double>(step) / 7, static_cast<double>(epochs)};
}

/// Whether two numbers agree to 1e-13, relative or absolute, whichever is the larger.
bool near(double a, double b) { return std::abs(a - b) <= tight * std::max(1.0, std::abs(b)); }

using fusegrad::test::says;

BOOST_AUTO_TEST_SUITE(train_schedule)

BOOST_AUTO_TEST_CASE(constant_is_one) {
  for (std::size_t s = 0; s <= 21; ++s) BOOST_TEST(schedule::constant()(at(s, 3)) == 1.0);
}

BOOST_AUTO_TEST_CASE(step_decay_is_the_closed_form_of_step_lr) {
  const auto f = schedule::step_decay(3, 0.1);
  for (std::size_t s = 0; s < 70; ++s) BOOST_TEST(near(f(at(s, 10)), std::pow(0.1, static_cast<double>(s / 7 / 3))));
}

// OneCycleLR(max_lr=10, total_steps=21, pct_start=0.4, div_factor=10, final_div_factor=1000) of PyTorch 2.13, initial
// rate 1.
BOOST_AUTO_TEST_CASE(one_cycle_is_one_cycle_lr) {
  const auto f = schedule::one_cycle(10, 0.4, 1e-3);
  const std::pair<std::size_t, double> expected[] = {
      {0, 1.0},   {3, 4.182297529255523}, {7, 9.935271596564688}, {8, 9.94415971571253}, {12, 7.056729872101494},
      {20, 0.001}};
  for (const auto& [step, factor] : expected) BOOST_TEST(near(f(at(step, 3)), factor), step);
  BOOST_CHECK_EXCEPTION(schedule::one_cycle(0.5), std::invalid_argument, says("a peak of 1 or more"));
  BOOST_CHECK_EXCEPTION(schedule::one_cycle(10, 1), std::invalid_argument, says("rising share"));
  BOOST_CHECK_EXCEPTION(schedule::one_cycle(10, 0.3, 11), std::invalid_argument, says("last factor"));
}

BOOST_AUTO_TEST_CASE(exponential_is_exponential_lr_at_the_start_of_each_epoch) {
  const auto f = schedule::exponential(0.9);
  for (std::size_t e = 0; e < 10; ++e) BOOST_TEST(near(f(at(7 * e, 10)), std::pow(0.9, static_cast<double>(e))));
  BOOST_TEST(near(f(at(10, 10)), std::pow(0.9, 10.0 / 7)));
}

BOOST_AUTO_TEST_CASE(cosine_is_the_closed_form_of_cosine_annealing_lr) {
  const auto f = schedule::cosine(0.2);
  for (std::size_t s = 0; s <= 21; ++s) {
    const double expected = 0.2 + 0.8 * (1 + std::cos(std::numbers::pi * static_cast<double>(s) / 21)) / 2;
    BOOST_TEST(near(f(at(s, 3)), expected));
  }
  BOOST_TEST(f(at(0, 3)) == 1.0);
  BOOST_TEST(near(schedule::cosine()(at(21, 3)), 0.0));
  BOOST_TEST(schedule::cosine()({0, 0, 0, 0}) == 1.0); // a fit without steps
}

BOOST_AUTO_TEST_CASE(linear_warm_up_is_the_closed_form_of_linear_lr) {
  const auto f = schedule::linear_warm_up(5, 1.0 / 3);
  for (std::size_t s = 0; s < 21; ++s) {
    const double expected = 1.0 / 3 + (2.0 / 3) * static_cast<double>(std::min<std::size_t>(s, 5)) / 5;
    BOOST_TEST(near(f(at(s, 3)), expected));
  }
  BOOST_TEST(schedule::linear_warm_up(0)(at(0, 3)) == 1.0);
  BOOST_TEST(schedule::linear_warm_up(9)(at(0, 3)) > 0.0);
}

BOOST_AUTO_TEST_CASE(after_the_warm_up_the_other_runs_over_what_remains) {
  const auto f = schedule::warm_up(5, schedule::cosine(), 0.1);
  for (std::size_t s = 0; s < 5; ++s) BOOST_TEST(near(f(at(s, 3)), 0.1 + 0.9 * static_cast<double>(s) / 5));
  for (std::size_t s = 5; s <= 21; ++s) {
    const double expected = (1 + std::cos(std::numbers::pi * static_cast<double>(s - 5) / 16)) / 2;
    BOOST_TEST(near(f(at(s, 3)), expected));
  }
  // Times in epochs move along with times in steps.
  const auto g = schedule::warm_up(7, schedule::exponential(0.5), 0.1);
  BOOST_TEST(near(g(at(7, 3)), 1.0));
  BOOST_TEST(near(g(at(14, 3)), 0.5));
}

BOOST_AUTO_TEST_CASE(a_warm_up_rises_to_where_the_other_begins) {
  const auto half = [](const moment&) { return 0.5; };
  const auto f = schedule::warm_up(5, half, 0.1);
  BOOST_TEST(near(f(at(0, 3)), 0.05));
  BOOST_TEST(near(f(at(5, 3)), 0.5));
}

BOOST_AUTO_TEST_CASE(a_warm_up_longer_than_the_fit_never_reaches_the_other) {
  const auto f = schedule::warm_up(100, schedule::cosine(), 0.1);
  for (std::size_t s = 0; s < 21; ++s) BOOST_TEST(near(f(at(s, 3)), 0.1 + 0.9 * static_cast<double>(s) / 100));
}

BOOST_AUTO_TEST_CASE(product_multiplies) {
  const auto f = schedule::product(schedule::exponential(0.9), schedule::step_decay(1, 0.5));
  BOOST_TEST(near(f(at(15, 3)), std::pow(0.9, 15.0 / 7) * 0.25));
}

BOOST_AUTO_TEST_CASE(each_piece_is_a_whole_fit_to_its_schedule) {
  const auto f = schedule::piecewise({{2, schedule::cosine()}, {5, schedule::cosine(0.5)}});
  for (std::size_t s = 0; s < 14; ++s)
    BOOST_TEST(near(f(at(s, 6)), (1 + std::cos(std::numbers::pi * static_cast<double>(s) / 14)) / 2));
  for (std::size_t s = 14; s < 35; ++s)
    BOOST_TEST(near(f(at(s, 6)), 0.5 + 0.25 * (1 + std::cos(std::numbers::pi * static_cast<double>(s - 14) / 21))));
  for (std::size_t s = 35; s < 42; ++s) BOOST_TEST(near(f(at(s, 6)), 0.5)); // the last value stays
}

BOOST_AUTO_TEST_CASE(then_runs_the_second_to_the_end_of_the_fit) {
  const auto f = schedule::then(schedule::constant(), 1, schedule::exponential(0.5));
  BOOST_TEST(f(at(6, 3)) == 1.0);
  BOOST_TEST(near(f(at(7, 3)), 1.0));
  BOOST_TEST(near(f(at(14, 3)), 0.5));
  BOOST_TEST(near(schedule::then(schedule::constant(), 1, schedule::cosine())(at(14, 3)), 0.5));
}

BOOST_AUTO_TEST_CASE(wrong_arguments_are_refused_in_words) {
  const auto refuses = [](auto make, const char* words) {
    BOOST_CHECK_EXCEPTION(make(), std::invalid_argument, says(words));
  };
  const double nan = std::nan("");
  refuses([] { return schedule::step_decay(0, 0.1); }, "schedule::step_decay: expected at least 1 epoch");
  refuses([] { return schedule::step_decay(1, 0); }, "expected a finite factor above 0, found 0");
  refuses([] { return schedule::exponential(-2); },
          "schedule::exponential: expected a finite factor above 0, found -2");
  refuses([nan] { return schedule::exponential(nan); }, "found nan");
  refuses([] { return schedule::cosine(1.5); }, "schedule::cosine: expected a floor from 0 to 1, found 1.5");
  refuses([] { return schedule::linear_warm_up(3, 0); }, "schedule::linear_warm_up: expected a start above 0");
  refuses([] { return schedule::warm_up(3, {}); }, "schedule::warm_up: expected a schedule, found an empty function");
  refuses([] { return schedule::product(schedule::constant(), {}); }, "schedule::product: expected a schedule");
  refuses([] { return schedule::piecewise({}); }, "schedule::piecewise: expected at least one piece, found none");
  refuses([] { return schedule::piecewise({{3, schedule::constant()}, {3, schedule::constant()}}); },
          "schedule::piecewise: expected pieces that end one after the other, found 3");
  refuses([] { return schedule::then(schedule::constant(), 0, schedule::constant()); }, "found 0");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
