// SPDX-License-Identifier: MIT
#include <fusegrad/math/complementary_error_function.hpp>

#include "ulp.hpp"

namespace {

// Qualified throughout: unqualified, the functions of <cmath> would win for scalars.
namespace math = fusegrad::math;
namespace testing = math::testing;

BOOST_AUTO_TEST_SUITE(math_complementary_error_function)

BOOST_AUTO_TEST_CASE(both_keep_their_bounds) {
  testing::check_accuracy([](auto x) { return math::erfc(x); }, [](long double x) { return std::erfc(x); }, 4.0, 4.0,
                          60000);
  testing::check_accuracy([](auto x) { return math::normal_cdf(x); },
                          [](long double x) { return 0.5L * std::erfc(-x / 1.41421356237309504880168872420969808L); },
                          4.0, 4.0, 60000);
}

BOOST_AUTO_TEST_CASE(the_tails_are_complete) {
  std::vector<double> places;
  for (int i = 0; i < 8'000; ++i) places.push_back(27.3 * i / 8'000);
  testing::check_accuracy<double>([](auto x) { return math::erfc(x); }, [](long double x) { return std::erfc(x); }, 4.0,
                                  places);
}

BOOST_AUTO_TEST_CASE(constants_equal_run_time) {
  testing::check_constant<[](auto x) { return math::erfc(x); }>();
  testing::check_constant<[](auto x) { return math::normal_cdf(x); }>();
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
