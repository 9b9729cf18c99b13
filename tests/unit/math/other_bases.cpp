// SPDX-License-Identifier: MIT
#include <fusegrad/math/other_bases.hpp>

#include "ulp.hpp"

namespace {

// Qualified throughout: unqualified, the functions of <cmath> would win for scalars.
namespace math = fusegrad::math;
namespace testing = math::testing;

BOOST_AUTO_TEST_SUITE(math_other_bases)

BOOST_AUTO_TEST_CASE(all_keep_their_bounds) {
  testing::check_accuracy([](auto x) { return math::exp2(x); }, [](long double x) { return std::exp2(x); }, 1.0, 1.0,
                          60000);
  testing::check_accuracy([](auto x) { return math::log2(x); }, [](long double x) { return std::log2(x); }, 1.0, 1.0,
                          60000);
  testing::check_accuracy([](auto x) { return math::log10(x); }, [](long double x) { return std::log10(x); }, 1.0, 1.0,
                          60000);
}

BOOST_AUTO_TEST_CASE(powers_of_the_base_have_integers) {
  for (int n = -1074; n <= 1023; ++n) {
    BOOST_TEST(math::exp2(static_cast<double>(n)) == std::ldexp(1.0, n));
    BOOST_TEST(math::log2(std::ldexp(1.0, n)) == n);
  }
  double power = 1;
  for (int n = 0; n <= 22; ++n, power *= 10) BOOST_TEST(math::log10(power) == n);
}

BOOST_AUTO_TEST_CASE(constants_equal_run_time) {
  testing::check_constant<[](auto x) { return math::exp2(x); }>();
  testing::check_constant<[](auto x) { return math::log2(x); }>();
  testing::check_constant<[](auto x) { return math::log10(x); }>();
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
