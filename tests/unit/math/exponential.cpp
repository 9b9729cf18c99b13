// SPDX-License-Identifier: MIT
#include <fusegrad/math/exponential.hpp>

#include "ulp.hpp"

namespace {

// Qualified throughout: unqualified, the functions of <cmath> would win for scalars.
namespace math = fusegrad::math;
using math::vector;
namespace testing = math::testing;
constexpr auto exponential = [](auto x) { return math::exp(x); };
constexpr auto exponential_less_one = [](auto x) { return math::expm1(x); };

BOOST_AUTO_TEST_SUITE(math_exponential)

BOOST_AUTO_TEST_CASE(exp_keeps_its_bound) {
  testing::check_accuracy(exponential, [](long double x) { return std::exp(x); }, 1.0, 1.0);
}

BOOST_AUTO_TEST_CASE(expm1_keeps_its_bound) {
  testing::check_accuracy(exponential_less_one, [](long double x) { return std::expm1(x); }, 2.0, 2.0);
}

BOOST_AUTO_TEST_CASE(constants_equal_run_time) {
  testing::check_constant<[](auto x) { return math::exp(x); }>();
  testing::check_constant<[](auto x) { return math::expm1(x); }>();
}

BOOST_AUTO_TEST_CASE(underflow_is_gradual) {
  BOOST_TEST(math::exp(-100.0F) > 0.0F);
  BOOST_TEST(math::exp(-100.0F) < std::numeric_limits<float>::min());
  BOOST_TEST(math::exp(vector<double>(-740.0))[0] > 0.0);
  BOOST_TEST(math::exp(-200.0F) == 0.0F);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
