// SPDX-License-Identifier: MIT
#include <fusegrad/math/hyperbolic.hpp>

#include "ulp.hpp"

namespace {

// Qualified throughout: unqualified, the functions of <cmath> would win for scalars.
namespace math = fusegrad::math;
namespace testing = math::testing;

BOOST_AUTO_TEST_SUITE(math_hyperbolic)

BOOST_AUTO_TEST_CASE(tanh_keeps_its_bound) {
  testing::check_accuracy([](auto x) { return math::tanh(x); }, [](long double x) { return std::tanh(x); }, 2.0, 2.5);
}

BOOST_AUTO_TEST_CASE(sigmoid_keeps_its_bound) {
  const auto reference = [](long double x) {
    const long double e = std::exp(-std::abs(x));
    return (x < 0 ? e : 1.0L) / (1.0L + e);
  };
  testing::check_accuracy([](auto x) { return math::sigmoid(x); }, reference, 2.5, 2.5);
}

BOOST_AUTO_TEST_CASE(softplus_keeps_its_bound) {
  const auto reference = [](long double x) {
    return std::isnan(x) ? x : std::fmax(x, 0.0L) + std::log1p(std::exp(-std::abs(x)));
  };
  testing::check_accuracy([](auto x) { return math::softplus(x); }, reference, 2.0, 2.0);
}

BOOST_AUTO_TEST_CASE(sinh_and_cosh_keep_their_bounds) {
  testing::check_accuracy([](auto x) { return math::sinh(x); }, [](long double x) { return std::sinh(x); }, 2.0, 2.5);
  testing::check_accuracy([](auto x) { return math::cosh(x); }, [](long double x) { return std::cosh(x); }, 2.0, 2.5);
}

BOOST_AUTO_TEST_CASE(constants_equal_run_time) {
  testing::check_constant<[](auto x) { return math::tanh(x); }>();
  testing::check_constant<[](auto x) { return math::sinh(x); }>();
  testing::check_constant<[](auto x) { return math::cosh(x); }>();
  testing::check_constant<[](auto x) { return math::sigmoid(x); }>();
  testing::check_constant<[](auto x) { return math::softplus(x); }>();
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
