// SPDX-License-Identifier: MIT
#include <fusegrad/math/logarithm.hpp>

#include "ulp.hpp"

namespace {

// Qualified throughout: unqualified, the functions of <cmath> would win for scalars.
namespace math = fusegrad::math;
namespace testing = math::testing;

BOOST_AUTO_TEST_SUITE(math_logarithm)

BOOST_AUTO_TEST_CASE(log_keeps_its_bound) {
  testing::check_accuracy([](auto x) { return math::log(x); }, [](long double x) { return std::log(x); }, 1.0, 1.0);
}

BOOST_AUTO_TEST_CASE(log1p_keeps_its_bound) {
  testing::check_accuracy([](auto x) { return math::log1p(x); }, [](long double x) { return std::log1p(x); }, 1.5, 1.5);
}

BOOST_AUTO_TEST_CASE(log_is_accurate_around_one) {
  std::vector<float> inputs;
  for (int i = -4000; i < 4000; ++i) inputs.push_back(1.0F + static_cast<float>(i) * 0x1p-24F);
  testing::check_accuracy<float>([](auto x) { return math::log(x); }, [](long double x) { return std::log(x); }, 1.0,
                                 inputs);
}

BOOST_AUTO_TEST_CASE(constants_equal_run_time) {
  testing::check_constant<[](auto x) { return math::log(x < 0 ? -x : x); }>();
  testing::check_constant<[](auto x) { return math::log1p(x < 0 ? -x / 128 : x); }>();
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
