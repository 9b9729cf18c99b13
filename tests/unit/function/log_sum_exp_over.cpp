// SPDX-License-Identifier: MIT
#include <fusegrad/function/log_sum_exp_over.hpp>

#include <unit/function/checks.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <initializer_list>
#include <limits>
#include <tuple>
#include <vector>

namespace {

namespace fg = fusegrad;
using function_checks::random_numbers;

constexpr auto energy = fg::log_sum_exp_over([](auto x, auto y, auto a, auto b) { return a * x * x + b * y; });
constexpr auto plain = fg::log_sum_exp_over([](auto x) { return x; });

static_assert(plain(fg::columns(std::array{2.0})) == 2);
static_assert(std::get<1>(fg::log_sum_exp_over([](auto x, auto a) {
                            return a + x;
                          }).value_and_gradient(fg::columns(std::array{1.0, 5.0, 3.0}), 2.0)) == 1);

BOOST_AUTO_TEST_SUITE(function_log_sum_exp_over)

/// Values far beyond what exp can take, in all lengths around the ends of registers, blocks and parts.
template <class T> void check_against_plain_loop(double tolerance) {
  for (std::size_t n :
       std::initializer_list<std::size_t>{1, 2, 7, 8, 9, 16, 17, 255, 256, 257, 512, 513, 1000, 20'001}) {
    const auto x = random_numbers<T>(n, 1, 4), y = random_numbers<T>(n, 2, 900);
    std::vector<T> dx(n, T{7}), dy(n, T{7});
    const T a = T(0.75), b = T(1.5);
    long double largest = -1e30L, sum = 0, by_a = 0, by_b = 0;
    const auto at = [&](std::size_t i) {
      return static_cast<long double>(a) * x[i] * x[i] + static_cast<long double>(b) * y[i];
    };
    for (std::size_t i = 0; i < n; ++i) largest = std::fmax(largest, at(i));
    for (std::size_t i = 0; i < n; ++i) {
      const long double e = std::exp(at(i) - largest);
      sum += e, by_a += e * x[i] * x[i], by_b += e * y[i];
    }
    const auto rows = fg::columns(fg::with_gradient(x, dx), fg::with_gradient(y, dy));
    const auto [value, da, db] = energy.value_and_gradient(rows, a, b);
    const auto expected = largest + std::log(sum);
    BOOST_TEST_REQUIRE(std::fabs(value - expected) <= tolerance * std::fabs(expected), n << " rows");
    BOOST_TEST_REQUIRE(std::fabs(da - by_a / sum) <= 2000 * tolerance * 16, n << " rows");
    BOOST_TEST_REQUIRE(std::fabs(db - by_b / sum) <= 2000 * tolerance * 900, n << " rows");
    BOOST_TEST(energy(rows, a, b) == value);
    for (std::size_t i = 0; i < n; ++i) {
      const long double weight = std::exp(at(i) - largest) / sum;
      BOOST_TEST_REQUIRE(std::fabs(dx[i] - weight * 2 * a * x[i]) <= 4000 * tolerance, n << " rows, row " << i);
      BOOST_TEST_REQUIRE(std::fabs(dy[i] - weight * b) <= 4000 * tolerance, n << " rows, row " << i);
    }
  }
}
BOOST_AUTO_TEST_CASE(it_is_the_logarithm_and_its_gradient_for_every_length) {
  check_against_plain_loop<double>(4e-16);
  check_against_plain_loop<float>(2e-7);
}

BOOST_AUTO_TEST_CASE(any_number_of_threads_gives_the_same_bits) {
  const std::size_t n = 70'001;
  const auto x = random_numbers<double>(n, 3), y = random_numbers<double>(n, 4);
  std::vector<double> first(n), dx(n);
  const auto expected =
      energy.with_threads(1).value_and_gradient(fg::columns(fg::with_gradient(x, first), y), 0.3, 0.1);
  for (int threads : {2, 3, 4, 8}) {
    const auto got =
        energy.with_threads(threads).value_and_gradient(fg::columns(fg::with_gradient(x, dx), y), 0.3, 0.1);
    BOOST_TEST((got == expected), threads << " threads");
    BOOST_TEST((dx == first), threads << " threads");
  }
}

BOOST_AUTO_TEST_CASE(infinite_values_and_no_rows) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  std::vector<double> gradient(3, 7.0);
  const auto value_of = [&](const std::vector<double>& x) {
    gradient.assign(x.size(), 7.0);
    return std::get<0>(plain.value_and_gradient(fg::columns(fg::with_gradient(x, gradient))));
  };
  BOOST_TEST(value_of({}) == -infinity);
  BOOST_TEST(value_of({-infinity, -infinity}) == -infinity);
  BOOST_TEST((gradient == std::vector<double>{0, 0}));
  BOOST_TEST(value_of({-infinity, 3}) == 3.0);
  BOOST_TEST((gradient == std::vector<double>{0, 1}));
  BOOST_TEST(value_of({infinity, 3}) == infinity);
  BOOST_TEST(std::isnan(value_of({1, std::nan(""), 3})));
  // The largest of later blocks is what those of earlier ones are made relative to.
  std::vector<double> rising(2000);
  for (std::size_t i = 0; i < rising.size(); ++i) rising[i] = static_cast<double>(i);
  BOOST_TEST(value_of(rising) == 1999 + std::log(1 / (1 - std::exp(-1.0))), boost::test_tools::tolerance(1e-15));
  BOOST_TEST(gradient[1999] == 1 - std::exp(-1.0), boost::test_tools::tolerance(1e-14));
  BOOST_TEST(gradient[1989] == (1 - std::exp(-1.0)) * std::exp(-10.0), boost::test_tools::tolerance(1e-14));
}

BOOST_AUTO_TEST_SUITE_END()
} // namespace
