// SPDX-License-Identifier: MIT
#include <fusegrad/math/error_function.hpp>

#include "ulp.hpp"

namespace {

// Qualified throughout: unqualified, the functions of <cmath> would win for scalars.
namespace math = fusegrad::math;
namespace testing = math::testing;

BOOST_AUTO_TEST_SUITE(math_error_function)

BOOST_AUTO_TEST_CASE(erf_keeps_its_bound) {
  testing::check_accuracy([](auto x) { return math::erf(x); }, [](long double x) { return std::erf(x); }, 1.5, 1.5,
                          100'000);
}

BOOST_AUTO_TEST_CASE(constants_equal_run_time) {
  testing::check_constant<[](auto x) { return math::erf(x); }>();
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
