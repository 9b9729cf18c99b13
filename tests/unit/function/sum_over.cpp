// SPDX-License-Identifier: MIT
#include <fusegrad/function/sum_over.hpp>

#include <unit/function/checks.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <initializer_list>
#include <span>
#include <string>
#include <tuple>
#include <vector>

namespace {

namespace fg = fusegrad;
using function_checks::message_of;
using function_checks::random_numbers;

constexpr auto residual = [](auto x, auto y, auto a, auto b) { return square(tanh(a * x) + b - y); };
constexpr auto fit = fg::sum_over(residual);

// Sums of small whole numbers are exact: the same bits are due, whatever the order.
constexpr auto line = fg::sum_over([](auto x, auto y, auto a, auto b) { return square(a * x + b - y); });
constexpr std::array<double, 11> some_x{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, some_y{3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5};
constexpr auto at_compile_time = line.value_and_gradient(fg::columns(some_x, some_y), 2.0, -1.0);
static_assert(std::get<0>(at_compile_time) == line(fg::columns(some_x, some_y), 2.0, -1.0));

BOOST_AUTO_TEST_SUITE(function_sum_over)

BOOST_AUTO_TEST_CASE(a_constant_expression_gives_what_a_run_gives) {
  const std::vector<double> x(some_x.begin(), some_x.end()), y(some_y.begin(), some_y.end());
  BOOST_TEST((line.value_and_gradient(fg::columns(x, y), 2.0, -1.0) == at_compile_time));
}

/// All lengths around the ends of registers, blocks and parts.
template <class T> void check_against_plain_loop(double tolerance) {
  for (std::size_t n : std::initializer_list<std::size_t>{0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 33, 255, 256, 257, 511,
                                                          513, 1000, 70'001}) {
    const auto x = random_numbers<T>(n, 1), y = random_numbers<T>(n, 2);
    std::vector<T> dx(n, T{7}), dy(n, T{7});
    const T a = T(0.75), b = T(-0.25);
    long double value = 0, by_a = 0, by_b = 0, size = 1; // the plain loop is less exact than the tree
    for (std::size_t i = 0; i < n; ++i) {
      const double t = std::tanh(double{a} * x[i]), r = t + b - y[i];
      value += r * r, by_a += 2 * r * (1 - t * t) * x[i], by_b += 2 * r, size += std::fabs(r) + r * r;
    }
    const auto rows = fg::columns(fg::with_gradient(x, dx), fg::with_gradient(y, dy));
    const auto [got, da, db] = fit.value_and_gradient(rows, a, b);
    BOOST_TEST_REQUIRE(std::fabs(got - value) <= tolerance * size, n << " rows");
    BOOST_TEST_REQUIRE(std::fabs(da - by_a) <= 8 * tolerance * size, n << " rows");
    BOOST_TEST_REQUIRE(std::fabs(db - by_b) <= 8 * tolerance * size, n << " rows");
    BOOST_TEST(std::fabs(fit(rows, a, b) - value) <= tolerance * size);
    for (std::size_t i = 0; i < n; ++i) {
      const double t = std::tanh(double{a} * x[i]), r = t + b - y[i];
      BOOST_TEST_REQUIRE(std::fabs(dx[i] - 2 * r * (1 - t * t) * a) <= 20 * tolerance, n << " rows, row " << i);
      BOOST_TEST_REQUIRE(std::fabs(dy[i] + 2 * r) <= 20 * tolerance, n << " rows, row " << i);
    }
  }
}

BOOST_AUTO_TEST_CASE(it_is_the_sum_and_its_gradient_for_every_length) {
  check_against_plain_loop<double>(1e-15);
  check_against_plain_loop<float>(1e-6);
}

template <class T> void check_threads() {
  const std::size_t n = 70'001;
  const auto x = random_numbers<T>(n, 3), y = random_numbers<T>(n, 4);
  std::vector<T> first(n), dx(n);
  const auto expected = fit.with_threads(1).value_and_gradient(fg::columns(fg::with_gradient(x, first), y), 0.3, 0.1);
  for (int threads : {2, 3, 4, 8}) {
    const auto got = fit.with_threads(threads).value_and_gradient(fg::columns(fg::with_gradient(x, dx), y), 0.3, 0.1);
    BOOST_TEST((got == expected), threads << " threads");
    BOOST_TEST((dx == first), threads << " threads");
  }
}
BOOST_AUTO_TEST_CASE(any_number_of_threads_gives_the_same_bits) {
  check_threads<double>();
  check_threads<float>();
}

BOOST_AUTO_TEST_CASE(fewer_threads_than_none_are_refused) {
  const auto x = random_numbers<double>(5, 3), y = random_numbers<double>(5, 4);
  const std::string words = "fusegrad: threads is 0, for as many as pay, or more, not -1.";
  const auto wrong = fit.with_threads(-1);
  BOOST_TEST(message_of([&] { static_cast<void>(wrong(fg::columns(x, y), 0.3, 0.1)); }) == words);
  BOOST_TEST(message_of([&] { static_cast<void>(wrong.value_and_gradient(fg::columns(x, y), 0.3, 0.1)); }) == words);
  BOOST_TEST(message_of([&] { static_cast<void>(wrong.over(fg::columns(x, y))(0.3, 0.1)); }) == words);
}

constexpr auto polynomial = fg::sum_over([](auto point, auto target, auto coefficients, auto scale) {
  auto sum = coefficients[0] * point[0];
  for (std::size_t i = 1; i < coefficients.size(); ++i)
    sum += coefficients[i] * point[1] * exp(scale[0][i - 1] * point[2]);
  return square(sum - target);
});

BOOST_AUTO_TEST_CASE(arrays_and_matrices_are_arguments) {
  const std::size_t n = 203;
  const auto points = random_numbers<double>(3 * n, 5), targets = random_numbers<double>(n, 6);
  std::vector<double> by_point(3 * n);
  std::array<double, 4> c{0.1, -0.7, 0.4, 0.9};
  std::array<std::array<double, 3>, 1> s{{{0.2, -0.4, 0.8}}};
  auto moved = points;
  const auto value = [&] { return polynomial(fg::columns(fg::row_major<3>(moved), targets), c, s); };
  const auto [got, dc, ds] =
      polynomial.value_and_gradient(fg::columns(fg::with_gradient(fg::row_major<3>(points), by_point), targets), c, s);
  static_assert(std::is_same_v<decltype(dc), const std::array<double, 4>>);
  static_assert(std::is_same_v<decltype(ds), const std::array<std::array<double, 3>, 1>>);
  BOOST_TEST(got == value());
  for (std::size_t i = 0; i < 4; ++i) BOOST_TEST(std::fabs(dc[i] - function_checks::slope(c[i], value)) < 1e-5);
  for (std::size_t i = 0; i < 3; ++i) BOOST_TEST(std::fabs(ds[0][i] - function_checks::slope(s[0][i], value)) < 1e-5);
  for (std::size_t i : std::initializer_list<std::size_t>{std::size_t{0}, std::size_t{1}, 3 * n - 1})
    BOOST_TEST(std::fabs(by_point[i] - function_checks::slope(moved[i], value)) < 1e-5);
  // A span of fixed size is an array, too.
  const std::vector<double> in_vector(c.begin(), c.end());
  BOOST_TEST(value() ==
             polynomial(fg::columns(fg::row_major<3>(points), targets), std::span<const double, 4>(in_vector), s));
}

BOOST_AUTO_TEST_CASE(a_constant_argument_has_no_entry) {
  const auto x = random_numbers<double>(50, 7), y = random_numbers<double>(50, 8);
  const auto rows = fg::columns(x, y);
  const auto all = fit.value_and_gradient(rows, 0.4, 0.2);
  const auto [value, db] = fit.value_and_gradient(rows, fg::constant(0.4), 0.2);
  BOOST_TEST(value == std::get<0>(all));
  BOOST_TEST(db == std::get<2>(all));
}

BOOST_AUTO_TEST_CASE(several_sums_at_once) {
  constexpr auto moments = fg::sum_over([](auto x, auto a) { return fg::values(a * x, a * a * x * x, x); });
  const std::vector<double> x{1, 2, 3};
  const auto [sums, da] = moments.value_and_gradient(fg::columns(x), 2.0);
  BOOST_TEST((sums == fg::values(12.0, 56.0, 6.0)));
  BOOST_TEST((da == std::array{6.0, 56.0, 0.0}));
}

BOOST_AUTO_TEST_CASE(a_product_that_is_summed_is_part_of_another_sum_as_well) {
  const std::vector<double> x{1, 2, 3, 4, 5, 6, 7, 8, 9}, y{9, 8, 7, 6, 5, 4, 3, 2, 1};
  constexpr auto both = fg::sum_over([](auto a, auto b) { return fg::values(a * b, a * b + b, a * b - a); });
  constexpr auto one = fg::sum_over([](auto a, auto b) { return fg::values(a * b, a * b + b); });
  BOOST_TEST((both(fg::columns(x, y)) == fg::values(165.0, 210.0, 120.0)));
  BOOST_TEST((one(fg::columns(x, y)) == fg::values(165.0, 210.0)));
}

BOOST_AUTO_TEST_CASE(what_does_not_depend_on_the_row_counts_once_for_each) {
  constexpr auto priced = fg::sum_over([](auto x, auto a) { return 3 * a + x; });
  const std::vector<double> x(1001, 1.0);
  const auto [value, da] = priced.value_and_gradient(fg::columns(x), 2.0);
  BOOST_TEST(value == 7007.0);
  BOOST_TEST(da == 3003.0);
}

BOOST_AUTO_TEST_CASE(rows_behind_the_last_one_do_no_harm) {
  // 1/x is infinite and log(x) is minus infinity for the zeros that fill the last register.
  constexpr auto steep = fg::sum_over([](auto x, auto a) { return a / x + log(a * x); });
  const std::vector<double> x{1, 2, 4};
  const auto [value, da] = steep.value_and_gradient(fg::columns(x), 1.0);
  BOOST_TEST(value == 1.75 + std::log(8.0), boost::test_tools::tolerance(1e-15));
  BOOST_TEST(da == 4.75, boost::test_tools::tolerance(1e-15));
}

BOOST_AUTO_TEST_CASE(named_parameters_have_their_initial_values) {
  constexpr auto leaky = fg::sum_over([](auto x) { return max(x, 0) + fg::parameter<"slope">(0.25) * min(x, 0); });
  BOOST_TEST(leaky(fg::columns(std::vector<double>{-4, 4})) == 3.0);
}

BOOST_AUTO_TEST_CASE(rows_can_be_gathered_from_a_table) {
  constexpr auto distance =
      fg::sum_over([](auto p, auto q, auto w) { return w * (square(p[0] - q[0]) + square(p[1] - q[1])); });
  const std::vector<double> places{0, 0, 3, 4, 6, 8};
  const std::vector<int> from{0, 0, 1}, to{1, 2, 2};
  const auto rows = fg::columns(fg::gathered<2>(places, from), fg::gathered<2>(places, to));
  const auto [value, dw] = distance.value_and_gradient(rows, 2.0);
  BOOST_TEST(value == 300.0);
  BOOST_TEST(dw == 150.0);
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_refused_in_words) {
  std::vector<double> x(5), y(4);
  BOOST_TEST(message_of([&] { fit(fg::columns(x, y), 1, 1); }) ==
             "fusegrad: columns: column 2 has 4 rows, column 1 has 5; all must be equally long");
  BOOST_TEST(message_of([&] { fg::row_major<2>(x); }) == "fusegrad: row_major: 5 numbers are no whole rows of 2");
  BOOST_TEST(message_of([&] { fg::with_gradient(x, y); }) ==
             "fusegrad: with_gradient: the place for the gradient has 4 numbers, the column has 5");
  BOOST_TEST(message_of([&] { fg::gathered<2>(y, std::vector<int>{0, 1, 2}); }) ==
             "fusegrad: gathered: index 2 of row 2 names no row of the table, which has 2");
  BOOST_TEST(message_of([&] { fg::gathered<2>(y, std::vector<int>{-1}); }) ==
             "fusegrad: gathered: index -1 of row 0 names no row of the table, which has 2");
}

// Deeper than recursion may go in a constant expression, and longer than what is inlined as one function.
BOOST_AUTO_TEST_CASE(a_function_may_have_thousands_of_terms) {
  constexpr std::size_t terms = 300;
  constexpr auto distance = fg::sum_over([](auto x, auto w, auto b) {
    auto sum = square(w[0] * x - x);
    for (std::size_t i = 1; i < terms; ++i) sum += square(w[i] * x - x);
    return sum + b * x;
  });
  const auto x = random_numbers<double>(100, 1), numbers = random_numbers<double>(terms, 2);
  std::array<double, terms> w{};
  std::copy(numbers.begin(), numbers.end(), w.begin());
  double value = 0, by_b = 0;
  std::array<double, terms> slopes{};
  for (double one : x) {
    value += 0.5 * one, by_b += one;
    for (std::size_t i = 0; i < terms; ++i) {
      const double rest = w[i] * one - one;
      value += rest * rest, slopes[i] += 2 * rest * one;
    }
  }
  const auto [got, by_w, got_by_b] = distance.value_and_gradient(fg::columns(x), w, 0.5);
  BOOST_TEST(got == value, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(std::fabs(got_by_b - by_b) <= 1e-12);
  for (std::size_t i = 0; i < terms; ++i) BOOST_TEST(std::fabs(by_w[i] - slopes[i]) <= 1e-11);
}

BOOST_AUTO_TEST_SUITE_END()
} // namespace
