// SPDX-License-Identifier: MIT
#include <fusegrad/math/roots.hpp>

#include "ulp.hpp"

namespace {

// Qualified throughout: unqualified, the functions of <cmath> would win for scalars.
namespace math = fusegrad::math;
namespace testing = math::testing;

template <auto Function, class T> void check_pairs(long double (*exact)(long double, long double), double bound) {
  const auto values = testing::edges<T>();
  std::size_t wrong = 0;
  for (const T x : values) {
    for (const T y : values) {
      const T result = Function(x, y);
      if (testing::ulp_error(result, exact(x, y)) > bound ||
          !testing::same_bits(result, Function(math::vector<T>(x), math::vector<T>(y))[0]))
        ++wrong;
    }
  }
  BOOST_TEST(wrong == 0U);
}

BOOST_AUTO_TEST_SUITE(math_roots)

BOOST_AUTO_TEST_CASE(both_keep_their_bounds) {
  testing::check_accuracy([](auto x) { return math::cbrt(x); }, [](long double x) { return std::cbrt(x); }, 1.0, 1.0,
                          60000);
  testing::check_accuracy([](auto x) { return math::hypot(x, decltype(x)(3.7)); },
                          [](long double x) { return std::hypot(x, 3.7L); }, 1.5, 1.5, 60'000);
}

BOOST_AUTO_TEST_CASE(hypot_has_the_special_values_of_ieee_754) {
  constexpr auto length = [](auto x, auto y) { return math::hypot(x, y); };
  check_pairs<length, float>([](long double x, long double y) { return std::hypot(x, y); }, 1.5);
  check_pairs<length, double>([](long double x, long double y) { return std::hypot(x, y); }, 1.5);
}

BOOST_AUTO_TEST_CASE(constants_equal_run_time) {
  testing::check_constant<[](auto x) { return math::cbrt(x); }>();
  testing::check_constant<[](auto x) { return math::hypot(x, decltype(x)(3.7)); }>();
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
