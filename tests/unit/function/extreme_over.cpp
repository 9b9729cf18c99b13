// SPDX-License-Identifier: MIT
#include <fusegrad/function/extreme_over.hpp>

#include <fusegrad/expr/calculus.hpp>
#include <unit/function/checks.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <cmath>
#include <initializer_list>
#include <limits>
#include <tuple>
#include <vector>

namespace {

namespace fg = fusegrad;
using function_checks::random_numbers;

constexpr auto height = [](auto x, auto a) { return a * x * x - x; };
constexpr auto highest = fg::max_over(height);
constexpr auto lowest = fg::min_over(height);

static_assert(highest.value_and_gradient(fg::columns(std::array{1.0, 3.0, 2.0}), 2.0) == std::tuple(15.0, 9.0));
static_assert(lowest.value_and_gradient(fg::columns(std::array{1.0, 3.0, 2.0}), 2.0) == std::tuple(1.0, 1.0));

template <class T> void check_against_plain_loop() {
  for (std::size_t n : std::initializer_list<std::size_t>{1, 2, 7, 8, 9, 16, 17, 255, 256, 257, 513, 20'001}) {
    const auto x = random_numbers<T>(n, static_cast<unsigned>(n), 4);
    std::vector<T> dx(n, T{7});
    const T a = T(0.75);
    for (const bool largest : {true, false}) {
      std::size_t best = 0;
      const auto at = [&](std::size_t i) { return fg::function(height)(x[i], a); };
      for (std::size_t i = 1; i < n; ++i)
        if (largest ? at(i) > at(best) : at(i) < at(best)) best = i;
      const auto rows = fg::columns(fg::with_gradient(x, dx));
      const auto got = largest ? highest.value_and_gradient(rows, a) : lowest.value_and_gradient(rows, a);
      BOOST_TEST_REQUIRE((got == std::tuple(at(best), x[best] * x[best])), n << " rows");
      BOOST_TEST((largest ? highest(rows, a) : lowest(rows, a)) == at(best));
      for (std::size_t i = 0; i < n; ++i)
        BOOST_TEST_REQUIRE(std::fabs(dx[i] - (i == best ? fg::derivative(height)(x[i], a) : T{0})) < T(1e-5),
                           n << " rows, row " << i);
    }
  }
}

BOOST_AUTO_TEST_SUITE(function_extreme_over)

BOOST_AUTO_TEST_CASE(it_is_the_best_row_and_its_gradient) {
  check_against_plain_loop<double>();
  check_against_plain_loop<float>();
}

BOOST_AUTO_TEST_CASE(the_first_of_equal_rows_has_the_derivatives) {
  const std::vector<double> x(700, 3.0);
  std::vector<double> dx(700);
  highest.value_and_gradient(fg::columns(fg::with_gradient(x, dx)), 1.0);
  BOOST_TEST(dx[0] == 5.0);
  for (std::size_t i = 1; i < dx.size(); ++i) BOOST_TEST(dx[i] == 0.0);
}

BOOST_AUTO_TEST_CASE(no_rows_and_no_numbers) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  BOOST_TEST((highest.value_and_gradient(fg::columns(std::vector<double>{}), 1.0) == std::tuple(-infinity, 0.0)));
  BOOST_TEST((lowest.value_and_gradient(fg::columns(std::vector<double>{}), 1.0) == std::tuple(infinity, 0.0)));
  for (std::size_t place : std::initializer_list<std::size_t>{0, 3, 8, 300}) {
    std::vector<double> x(301, 1.0);
    x[place] = std::nan("");
    BOOST_TEST(std::isnan(highest(fg::columns(x), 1.0)));
    BOOST_TEST(std::isnan(lowest(fg::columns(x), 1.0)));
  }
}

BOOST_AUTO_TEST_CASE(any_number_of_threads_gives_the_same_bits) {
  const auto x = random_numbers<double>(70'001, 9);
  std::vector<double> first(x.size()), dx(x.size());
  const auto expected = lowest.with_threads(1).value_and_gradient(fg::columns(fg::with_gradient(x, first)), 0.3);
  for (int threads : {2, 3, 4, 8}) {
    BOOST_TEST(
        (lowest.with_threads(threads).value_and_gradient(fg::columns(fg::with_gradient(x, dx)), 0.3) == expected));
    BOOST_TEST((dx == first));
  }
}

BOOST_AUTO_TEST_SUITE_END()
} // namespace
