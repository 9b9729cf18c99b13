// SPDX-License-Identifier: MIT
#include <fusegrad/train/lbfgs.hpp>

#include "says.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <functional>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

namespace fg = fusegrad;
using fusegrad::test::says;

using numbers = std::vector<double>;

/// Rosenbrock's valley in pairs of numbers: the minimum is 0, at ones.
double valley(std::span<const double> x, std::span<double> gradient) {
  double value = 0;
  for (std::size_t i = 0; i + 1 < x.size(); i += 2) {
    const double a = 1 - x[i], b = x[i + 1] - x[i] * x[i];
    value += a * a + 100 * b * b;
    gradient[i] = -2 * a - 400 * b * x[i];
    gradient[i + 1] = 200 * b;
  }
  return value;
}
/// A long bowl with its bottom at 1, 2, 3, ...
double bowl(std::span<const double> x, std::span<double> gradient) {
  double value = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double stiffness = std::pow(10.0, static_cast<double>(i) / 4), e = x[i] - static_cast<double>(i + 1);
    value += 0.5 * stiffness * e * e;
    gradient[i] = stiffness * e;
  }
  return value;
}

fg::lbfgs_result minimise(numbers& x, std::function<double(std::span<const double>, std::span<double>)> f,
                          fg::lbfgs settings) {
  double before = std::numeric_limits<double>::infinity();
  const auto each = [&](const fg::lbfgs_result& now) {
    BOOST_TEST(now.loss <= before);
    before = now.loss;
    return true;
  };
  return fg::train::lbfgs_minimiser(settings, std::move(f), each).run(x);
}

BOOST_AUTO_TEST_SUITE(train_lbfgs)

BOOST_AUTO_TEST_CASE(a_valley) {
  numbers x{-1.2, 1, 0.3, -2, 4, 4};
  const auto result = minimise(x, valley, {.evaluations = 500, .gradient_tolerance = 1e-9, .change_tolerance = 0});
  BOOST_TEST((result.end == fg::lbfgs_end::gradient));
  BOOST_TEST(result.evaluations < 150u);
  for (double v : x) BOOST_TEST(std::abs(v - 1) < 1e-8);
}

BOOST_AUTO_TEST_CASE(a_long_bowl) {
  numbers x(20);
  const auto result = minimise(x, bowl, {.evaluations = 400, .gradient_tolerance = 1e-7, .change_tolerance = 0});
  BOOST_TEST((result.end == fg::lbfgs_end::gradient));
  for (std::size_t i = 0; i < x.size(); ++i) BOOST_TEST(std::abs(x[i] - static_cast<double>(i + 1)) < 1e-6);
}

BOOST_AUTO_TEST_CASE(it_ends_when_it_was_told_to) {
  numbers x{-1.2, 1};
  auto result = minimise(x, valley, {.evaluations = 7});
  BOOST_TEST((result.end == fg::lbfgs_end::evaluations));
  BOOST_TEST(result.evaluations <= 8u);
  numbers slope(2);
  BOOST_TEST(valley(x, slope) == result.loss); // the best that was found is where x is left
  BOOST_TEST(std::max(std::abs(slope[0]), std::abs(slope[1])) == result.largest_gradient);

  x = {-1.2, 1};
  result = fg::train::lbfgs_minimiser({.evaluations = 100}, valley, [](const auto&) { return false; }).run(x);
  BOOST_TEST((result.end == fg::lbfgs_end::interrupted));
  BOOST_TEST(result.iterations == 1u);

  x = {-1.2, 1};
  std::size_t seen = 0;
  result = minimise(x, valley, {.evaluations = 100, .on_iteration = [&](const fg::lbfgs_result& now) {
                                  BOOST_TEST(now.iterations == ++seen);
                                  return seen < 3;
                                }});
  BOOST_TEST((result.end == fg::lbfgs_end::callback));
  BOOST_TEST(result.iterations == 3u);
  BOOST_TEST(result.reason() == "it was ended by the callback");

  x = {1, 1};
  result = minimise(x, valley, {.evaluations = 100});
  BOOST_TEST((result.end == fg::lbfgs_end::gradient));
  BOOST_TEST(result.evaluations == 1u);

  x = {std::numeric_limits<double>::quiet_NaN(), 1};
  BOOST_TEST((minimise(x, valley, {.evaluations = 100}).end == fg::lbfgs_end::not_finite));
  BOOST_TEST(result.reason() == "the gradient is as small as was asked for");
}

// A step into the wall where the logarithm has no value is cut until it has one.
BOOST_AUTO_TEST_CASE(a_wall) {
  const auto wall = [](std::span<const double> x, std::span<double> gradient) {
    gradient[0] = 1 - 0.01 / x[0];
    return x[0] - 0.01 * std::log(x[0]);
  };
  numbers x{3};
  minimise(x, wall, {.evaluations = 200, .gradient_tolerance = 1e-10, .change_tolerance = 0});
  BOOST_TEST(std::abs(x[0] - 0.01) < 1e-9);
}

BOOST_AUTO_TEST_CASE(settings_are_checked) {
  const auto refused = [](const fg::lbfgs& settings, const std::string& name) {
    BOOST_CHECK_EXCEPTION(fg::train::check_lbfgs(settings), std::invalid_argument, says(name));
  };
  refused({.evaluations = 1}, "evaluations");
  refused({.history = 0}, "history");
  refused({.gradient_tolerance = -1}, "gradient_tolerance");
  refused({.change_tolerance = std::numeric_limits<double>::quiet_NaN()}, "change_tolerance");
  refused({.sufficient_decrease = 0.95}, "sufficient_decrease");
  refused({.curvature = 1}, "curvature");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
