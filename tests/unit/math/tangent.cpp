// SPDX-License-Identifier: MIT
#include <fusegrad/math/tangent.hpp>

#include "ulp.hpp"

namespace {

// Qualified throughout: unqualified, the functions of <cmath> would win for scalars.
namespace math = fusegrad::math;
namespace testing = math::testing;

constexpr auto tangent = [](auto x) { return math::tan(x); };
constexpr auto reference = [](long double x) { return std::tan(x); };

BOOST_AUTO_TEST_SUITE(math_tangent)

BOOST_AUTO_TEST_CASE(tan_keeps_its_bound) { testing::check_accuracy(tangent, reference, 4.0, 4.0, 60'000); }

// The numbers closest to k pi / 2: zeros and poles.
BOOST_AUTO_TEST_CASE(tan_keeps_its_bound_next_to_zeros_and_poles) {
  std::vector<float> floats;
  std::vector<double> doubles;
  for (int k = 1; k <= 8'000; ++k) {
    const long double place = 1.57079632679489661923132169163975144L * static_cast<long double>(k);
    floats.push_back(static_cast<float>(place));
    doubles.push_back(static_cast<double>(place * (k > 4'000 ? 97.0L : 1.0L)));
  }
  testing::check_accuracy<float>(tangent, reference, 4.0, floats);
  testing::check_accuracy<double>(tangent, reference, 4.0, doubles);
}

BOOST_AUTO_TEST_CASE(constants_equal_run_time) {
  testing::check_constant<[](auto x) { return math::tan(x); }>();
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
