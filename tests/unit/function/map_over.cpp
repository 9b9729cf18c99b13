// SPDX-License-Identifier: MIT
#include <fusegrad/function/map_over.hpp>

#include <fusegrad/expr/calculus.hpp>
#include <unit/function/checks.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <initializer_list>
#include <vector>

namespace {

namespace fg = fusegrad;
using function_checks::message_of;
using function_checks::random_numbers;

constexpr auto polar = [](auto r, auto phi, auto scale) {
  return fg::values(scale * r * cos(phi), scale * r * sin(phi));
};
constexpr auto to_cartesian = fg::map_over(polar);

constexpr auto constant_row = [] {
  std::array<double, 2> values{}, slopes{};
  fg::map_over([](auto x, auto y) {
    return x * y;
  }).values_and_jacobian(values, slopes, fg::columns(std::array{2.0, 3.0}, fg::constant(std::array{5.0, 7.0})));
  return std::array{values, slopes};
}();
static_assert(constant_row == std::array{std::array{10.0, 21.0}, std::array{5.0, 7.0}});

BOOST_AUTO_TEST_SUITE(function_map_over)

template <class T> void check_rows() {
  for (std::size_t n : std::initializer_list<std::size_t>{0, 1, 7, 8, 9, 17, 1000}) {
    const auto r = random_numbers<T>(n, 1), phi = random_numbers<T>(n, 2);
    std::vector<T> values(2 * n), slopes(4 * n), again(2 * n), by_r(2 * n);
    for (int threads : {1, 2, 3, 8}) {
      const auto map = to_cartesian.with_threads(threads);
      map.values_and_jacobian(values, slopes, fg::columns(r, phi), T(1.5));
      map(again, fg::columns(r, phi), T(1.5));
      BOOST_TEST((again == values));
      map.values_and_jacobian(again, by_r, fg::columns(r, fg::constant(phi)), T(1.5));
      for (std::size_t i = 0; i < n; ++i) {
        const auto expected = fg::function(polar)(r[i], phi[i], T(1.5));
        const auto jacobian = fg::jacobian(polar)(r[i], phi[i], T(1.5));
        for (std::size_t k = 0; k < 2; ++k) {
          BOOST_TEST_REQUIRE(values[2 * i + k] == expected[k]);
          BOOST_TEST_REQUIRE(slopes[4 * i + 2 * k] == jacobian[k][0], boost::test_tools::tolerance(T(1e-6)));
          BOOST_TEST_REQUIRE(slopes[4 * i + 2 * k + 1] == jacobian[k][1], boost::test_tools::tolerance(T(1e-6)));
          BOOST_TEST_REQUIRE(by_r[2 * i + k] == slopes[4 * i + 2 * k]);
        }
      }
    }
  }
}
BOOST_AUTO_TEST_CASE(results_and_their_derivatives_row_by_row) {
  check_rows<double>();
  check_rows<float>();
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_refused_in_words) {
  std::vector<double> x(5), values(9), slopes(20);
  BOOST_TEST(message_of([&] { to_cartesian(values, fg::columns(x, x), 1); }) ==
             "fusegrad: map_over: the values have room for 9 numbers; 5 rows of 2 are needed");
  values.resize(10);
  slopes.resize(19);
  BOOST_TEST(message_of([&] { to_cartesian.values_and_jacobian(values, slopes, fg::columns(x, x), 1); }) ==
             "fusegrad: map_over: the derivatives have room for 19 numbers; 5 rows of 4 are needed");
  BOOST_TEST(message_of([&] { to_cartesian.with_threads(-1)(values, fg::columns(x, x), 1); }) ==
             "fusegrad: threads is 0, for as many as pay, or more, not -1.");
}

BOOST_AUTO_TEST_SUITE_END()
} // namespace
