// SPDX-License-Identifier: MIT
#include <fusegrad/function/call_of_pairs.hpp>

#include <unit/function/checks.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <initializer_list>
#include <limits>
#include <tuple>
#include <vector>

namespace {

namespace fg = fusegrad;
using function_checks::message_of;
using function_checks::random_numbers;

constexpr std::size_t width = 3;
constexpr auto distance = [](auto point, auto centre) {
  auto sum = square(point[0] - centre[0]);
  for (std::size_t i = 1; i < width; ++i) sum += square(point[i] - centre[i]);
  return sum;
};
constexpr auto nearest = fg::sum_over(fg::min_over(distance));
// The product with the point before couples what is summed: it is no distance alone.
constexpr auto component = [](auto point, auto weight, auto centre, auto scale) {
  auto sum = square(point[0] - exp(centre[0]) * scale);
  for (std::size_t i = 1; i < width; ++i) sum += square(point[i] - centre[i]) * (1 + 0.5 * point[i - 1]);
  return weight - scale * sum;
};
constexpr auto mixture = fg::sum_over(fg::log_sum_exp_over(component));
constexpr auto all_pairs = fg::sum_over(fg::sum_over(component));

template <class T> struct points_and_centres {
  std::vector<T> x, c, w, dx, dc, dw, second;
  points_and_centres(std::size_t n, std::size_t k)
      : x(random_numbers<T>(n * width, 1)), c(random_numbers<T>(k * width, 2)), w(random_numbers<T>(k, 3)),
        dx(x.size(), T{7}), dc(c.size(), T{7}), dw(k, T{7}), second(c.size(), T{7}) {}
  auto points() { return fg::columns(fg::with_gradient(fg::row_major<width>(x), dx)); }
  auto components() { return fg::columns(fg::with_gradient(w, dw), fg::with_gradient(fg::row_major<width>(c), dc)); }
  auto centres() { return fg::columns(fg::with_second_derivatives(fg::row_major<width>(c), dc, second)); }
};

template <class T> void check_nearest(double tolerance) {
  for (std::size_t n : std::initializer_list<std::size_t>{0, 1, 7, 9, 257, 1000})
    for (std::size_t k : std::initializer_list<std::size_t>{1, 2, 19}) {
      points_and_centres<T> of(n, k);
      const auto [value] = nearest.value_gradient_and_diagonal(of.points(), of.centres());
      long double expected = 0;
      std::vector<long double> dc(of.c.size()), second(of.c.size());
      for (std::size_t i = 0; i < n; ++i) {
        const auto far = [&](std::size_t j) {
          long double sum = 0;
          for (std::size_t d = 0; d < width; ++d)
            sum += std::pow(static_cast<long double>(of.x[i * width + d]) - of.c[j * width + d], 2);
          return sum;
        };
        std::size_t best = 0;
        for (std::size_t j = 1; j < k; ++j)
          if (far(j) < far(best)) best = j;
        expected += far(best);
        for (std::size_t d = 0; d < width; ++d) {
          const T difference = of.x[i * width + d] - of.c[best * width + d];
          dc[best * width + d] -= 2 * static_cast<long double>(difference);
          second[best * width + d] += 2;
          BOOST_TEST_REQUIRE(of.dx[i * width + d] == 2 * difference, n << " rows, row " << i);
        }
      }
      BOOST_TEST_REQUIRE(std::fabs(value - expected) <= tolerance * (1 + std::fabs(expected)));
      for (std::size_t i = 0; i < dc.size(); ++i) {
        BOOST_TEST_REQUIRE(std::fabs(of.dc[i] - dc[i]) <= 2000 * tolerance);
        BOOST_TEST_REQUIRE(of.second[i] == static_cast<T>(second[i]));
      }
      BOOST_TEST(nearest(of.points(), of.centres()) == value);
    }
}

/// All derivatives by central differences.
void check_slopes(auto reduction, std::size_t n, std::size_t k) {
  points_and_centres<double> of(n, k);
  double scale = 0.6;
  const auto value = [&] { return reduction(of.points(), of.components(), scale); };
  const auto [got, dscale] = reduction.value_and_gradient(of.points(), of.components(), scale);
  const double size = 1e-7 * static_cast<double>(1 + n);
  BOOST_TEST(std::fabs(got - value()) <= 1e-15 * std::fabs(got));
  BOOST_TEST(std::fabs(dscale - function_checks::slope(scale, value)) <= size);
  for (std::size_t i = 0; i < k; ++i) BOOST_TEST(std::fabs(of.dw[i] - function_checks::slope(of.w[i], value)) <= size);
  for (std::size_t i = 0; i < of.c.size(); ++i)
    BOOST_TEST(std::fabs(of.dc[i] - function_checks::slope(of.c[i], value)) <= size);
  for (std::size_t i = 0; i < of.x.size(); i += 1 + of.x.size() / 40)
    BOOST_TEST(std::fabs(of.dx[i] - function_checks::slope(of.x[i], value)) <= size);
}

BOOST_AUTO_TEST_SUITE(function_call_of_pairs, *boost::unit_test::description("waits for threads"))

BOOST_AUTO_TEST_CASE(nearest_centres_with_gradient_and_diagonal) {
  check_nearest<double>(1e-15);
  check_nearest<float>(1e-6);
}

BOOST_AUTO_TEST_CASE(mixtures_and_sums_of_all_pairs) {
  for (std::size_t n : std::initializer_list<std::size_t>{0, 1, 9, 300})
    for (std::size_t k : std::initializer_list<std::size_t>{1, 4, 70}) {
      check_slopes(mixture, n, k);
      if (n < 10) check_slopes(all_pairs, n, k);
    }
}

template <class T> void check_threads(auto reduction, auto others_of) {
  points_and_centres<T> first(5000, 7), again(5000, 7);
  const auto expected = reduction.with_threads(1).value_and_gradient(first.points(), others_of(first), T(0.4));
  for (int threads : {2, 3, 4, 8}) {
    const auto got = reduction.with_threads(threads).value_and_gradient(again.points(), others_of(again), T(0.4));
    BOOST_TEST((got == expected), threads << " threads");
    BOOST_TEST((again.dx == first.dx && again.dc == first.dc && again.dw == first.dw), threads << " threads");
  }
}
BOOST_AUTO_TEST_CASE(any_number_of_threads_gives_the_same_bits) {
  const auto components = [](auto& of) { return of.components(); };
  check_threads<double>(mixture, components);
  check_threads<float>(mixture, components);
  check_threads<double>(fg::sum_over(fg::max_over(component)), components);
}

BOOST_AUTO_TEST_CASE(fewer_threads_than_none_are_refused) {
  points_and_centres<double> of(3, 2);
  BOOST_TEST(message_of([&] { static_cast<void>(nearest.with_threads(-1)(of.points(), of.centres())); }) ==
             "fusegrad: threads is 0, for as many as pay, or more, not -1.");
}

BOOST_AUTO_TEST_CASE(no_other_rows) {
  points_and_centres<double> of(3, 0);
  BOOST_TEST(nearest(of.points(), of.centres()) == std::numeric_limits<double>::infinity());
  BOOST_TEST(mixture(of.points(), of.components(), 1.0) == -std::numeric_limits<double>::infinity());
  BOOST_TEST(all_pairs(of.points(), of.components(), 1.0) == 0.0);
}

BOOST_AUTO_TEST_SUITE_END()
} // namespace
