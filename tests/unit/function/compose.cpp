// SPDX-License-Identifier: MIT
#include <fusegrad/function/compose.hpp>

#include <fusegrad/function/call_of_pairs.hpp>
#include <unit/function/checks.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <cmath>
#include <tuple>
#include <vector>

namespace {

namespace fg = fusegrad;
using function_checks::random_numbers;

constexpr auto residual = [](auto x, auto y, auto a, auto b) { return square(a * x + b - y); };
constexpr std::array<double, 3> few_x{1, 2, 3}, few_y{2, 3, 5};
constexpr auto penalised = fg::compose([](auto fit, auto a, auto b) { return fit / 2 + 4 * (a * a + b * b); },
                                       fg::sum_over(residual).over(fg::columns(few_x, few_y)));
static_assert(penalised.value_and_gradient(1.0, 1.0) == std::tuple(8.5, 5.0, 7.0));

BOOST_AUTO_TEST_SUITE(function_compose)

/// Two parts over the same rows, each of which adds to their derivatives; linear in one of them or in none.
void check_slopes(auto outer) {
  auto x = random_numbers<double>(301, 1), y = random_numbers<double>(301, 2);
  std::vector<double> dx(x.size(), 7.0), dy(y.size(), 7.0);
  const auto rows = fg::columns(fg::with_gradient(x, dx), fg::with_gradient(y, dy));
  const auto f = fg::compose(outer, fg::sum_over(residual).over(rows), fg::log_sum_exp_over(residual).over(rows),
                             fg::max_over(residual).over(rows));
  double a = 0.7, b = 1.2;
  const auto value = [&] { return f(a, b); };
  const auto [got, da, db] = f.value_and_gradient(a, b);
  BOOST_TEST(got == value(), boost::test_tools::tolerance(1e-15));
  BOOST_TEST(da == function_checks::slope(a, value), boost::test_tools::tolerance(1e-6));
  BOOST_TEST(db == function_checks::slope(b, value), boost::test_tools::tolerance(1e-6));
  for (std::size_t i = 0; i < x.size(); i += 30) {
    BOOST_TEST(std::fabs(dx[i] - function_checks::slope(x[i], value)) < 1e-6);
    BOOST_TEST(std::fabs(dy[i] - function_checks::slope(y[i], value)) < 1e-6);
  }
}

BOOST_AUTO_TEST_CASE(an_outer_function_of_reductions) {
  check_slopes([](auto s, auto l, auto m, auto a, auto b) { return log(s) * l + m * m + a * b; });
  check_slopes([](auto s, auto l, auto m, auto a, auto b) { return 0.5 * s - 3 * l + m + exp(a) * b; });
  check_slopes([](auto s, auto l, auto m, auto, auto) { return s * 0 + l * m; });
}

BOOST_AUTO_TEST_CASE(parts_over_pairs_share_their_places) {
  constexpr auto component = [](auto point, auto weight, auto centre, auto) { return weight - square(point - centre); };
  constexpr auto prior = [](auto, auto centre, auto strength) { return strength * centre * centre; };
  auto x = random_numbers<double>(100, 1), w = random_numbers<double>(4, 2), c = random_numbers<double>(4, 3);
  std::vector<double> dw(4, 7.0), dc(4, 7.0);
  double strength = 0.3;
  const auto components = fg::columns(fg::with_gradient(w, dw), fg::with_gradient(c, dc));
  const auto likelihood =
      fg::compose([](auto fit, auto normaliser, auto penalty, auto) { return fit - 100 * normaliser - penalty; },
                  fg::sum_over(fg::log_sum_exp_over(component)).over(fg::columns(x), components),
                  fg::log_sum_exp_over([](auto weight, auto, auto) { return weight; }).over(components),
                  fg::sum_over(prior).over(components));
  const auto value = [&] { return likelihood(strength); };
  const auto [got, by_strength] = likelihood.value_and_gradient(strength);
  BOOST_TEST(got == value(), boost::test_tools::tolerance(1e-15));
  BOOST_TEST(by_strength == function_checks::slope(strength, value), boost::test_tools::tolerance(1e-6));
  for (std::size_t i = 0; i < 4; ++i) {
    BOOST_TEST(std::fabs(dw[i] - function_checks::slope(w[i], value)) < 1e-5);
    BOOST_TEST(std::fabs(dc[i] - function_checks::slope(c[i], value)) < 1e-5);
  }
}

BOOST_AUTO_TEST_SUITE_END()
} // namespace
