// SPDX-License-Identifier: MIT
#include "extremes.hpp"

#include <boost/test/unit_test.hpp>

// Neither NaN nor infinity for any finite float, in value and derivative, and the right limits at infinity.
namespace {

using namespace fusegrad::test;
namespace fg = fusegrad;

BOOST_AUTO_TEST_SUITE(expr_extremes)

BOOST_AUTO_TEST_CASE(sigmoids_are_finite) {
  CHECK_STABLE_TWICE(softplus(x));
  CHECK_STABLE_TWICE(sigmoid(x));
  CHECK_STABLE_TWICE(tanh(x));
  CHECK_STABLE(erf(x));
}

BOOST_AUTO_TEST_CASE(bounded_functions_are_finite) {
  CHECK_STABLE(atan(x));
  CHECK_STABLE(asinh(x));
  CHECK_STABLE_TWICE(normal_cdf(x));
  CHECK_STABLE(erfc(x));
  CHECK_STABLE(hypot(0.5 * x, 1));
  CHECK_STABLE(atan2(x, 1) + floor(x) + fmod(x, 3) + copysign(1, x));
}

template <class F> void check_limits(F f, float at_minus_infinity, float at_infinity) {
  BOOST_TEST(f(-infinity) == at_minus_infinity);
  BOOST_TEST(f(infinity) == at_infinity);
}
template <class F> void check_limits_with_slope(F f, float low, float high, float low_slope, float high_slope) {
  check_limits(fg::function(f), low, high);
  check_limits(fg::derivative(f), low_slope, high_slope);
}

BOOST_AUTO_TEST_CASE(limits) {
  check_limits_with_slope([](auto x) { return softplus(x); }, 0, infinity, 0, 1);
  check_limits_with_slope([](auto x) { return log1p(exp(x)); }, 0, infinity, 0, 1);
  check_limits_with_slope([](auto x) { return log(1 + exp(x)); }, 0, infinity, 0, 1);
  check_limits_with_slope([](auto x) { return log(sigmoid(x)); }, -infinity, 0, 1, 0);
  check_limits_with_slope([](auto x) { return sigmoid(x); }, 0, 1, 0, 0);
  check_limits_with_slope([](auto x) { return 1 / (1 + exp(-x)); }, 0, 1, 0, 0);
  check_limits_with_slope([](auto x) { return tanh(x); }, -1, 1, 0, 0);
  check_limits_with_slope([](auto x) { return erf(x); }, -1, 1, 0, 0);
}

/// What stands where a number should be is not hidden.
BOOST_AUTO_TEST_CASE(not_a_number_stays_one) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  BOOST_TEST(std::isnan(fg::function([](auto x) { return 0 * x; })(nan)));
  BOOST_TEST(std::isnan(fg::function([](auto x) { return x - x; })(nan)));
  BOOST_TEST(std::isnan(fg::function([](auto x) { return max(x, 0); })(nan)));
  BOOST_TEST(std::isnan(fg::function([](auto x) { return softplus(x); })(nan)));
  BOOST_TEST(std::isnan(fg::function([](auto x) { return 0.5 * (2 * x); })(nan)));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
