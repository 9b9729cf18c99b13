// SPDX-License-Identifier: MIT
#include <fusegrad/math/inverse_hyperbolic.hpp>

#include "ulp.hpp"

namespace {

// Qualified throughout: unqualified, the functions of <cmath> would win for scalars.
namespace math = fusegrad::math;
namespace testing = math::testing;

BOOST_AUTO_TEST_SUITE(math_inverse_hyperbolic)

BOOST_AUTO_TEST_CASE(all_keep_their_bounds) {
  testing::check_accuracy([](auto x) { return math::asinh(x); }, [](long double x) { return std::asinh(x); }, 3.0, 3.0,
                          60000);
  testing::check_accuracy([](auto x) { return math::acosh(x); }, [](long double x) { return std::acosh(x); }, 3.0, 3.0,
                          60000);
  testing::check_accuracy([](auto x) { return math::atanh(x); }, [](long double x) { return std::atanh(x); }, 3.0, 3.0,
                          60000);
}

BOOST_AUTO_TEST_CASE(constants_equal_run_time) {
  testing::check_constant<[](auto x) { return math::asinh(x); }>();
  testing::check_constant<[](auto x) { return math::acosh(x); }>();
  testing::check_constant<[](auto x) { return math::atanh(x); }>();
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
