// SPDX-License-Identifier: MIT
#include <fusegrad/math/inverse_trigonometric.hpp>

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

BOOST_AUTO_TEST_SUITE(math_inverse_trigonometric)

BOOST_AUTO_TEST_CASE(all_keep_their_bounds) {
  testing::check_accuracy([](auto x) { return math::atan(x); }, [](long double x) { return std::atan(x); }, 2.0, 2.0,
                          60000);
  testing::check_accuracy([](auto x) { return math::asin(x); }, [](long double x) { return std::asin(x); }, 2.5, 2.5,
                          60000);
  testing::check_accuracy([](auto x) { return math::acos(x); }, [](long double x) { return std::acos(x); }, 2.5, 2.5,
                          60000);
}

template <class T> void check_quadrant(T other) {
  const auto exact = static_cast<long double>(other);
  testing::check_accuracy<T>([=](auto x) { return math::atan2(x, decltype(x)(other)); },
                             [=](long double x) { return std::atan2(x, exact); }, 2.5, testing::sweep<T>(20'000));
  testing::check_accuracy<T>([=](auto x) { return math::atan2(decltype(x)(other), x); },
                             [=](long double x) { return std::atan2(exact, x); }, 2.5, testing::sweep<T>(20'000));
}

BOOST_AUTO_TEST_CASE(atan2_keeps_its_bound_in_every_quadrant) {
  for (const float other : {0.7F, -3.25F, 1e-3F}) check_quadrant(other);
  for (const double other : {0.7, -3.25, 1e-3}) check_quadrant(other);
}

BOOST_AUTO_TEST_CASE(atan2_has_the_special_values_of_ieee_754) {
  constexpr auto angle = [](auto y, auto x) { return math::atan2(y, x); };
  check_pairs<angle, float>([](long double y, long double x) { return std::atan2(y, x); }, 2.5);
  check_pairs<angle, double>([](long double y, long double x) { return std::atan2(y, x); }, 2.5);
}

BOOST_AUTO_TEST_CASE(constants_equal_run_time) {
  testing::check_constant<[](auto x) { return math::atan(x); }>();
  testing::check_constant<[](auto x) { return math::asin(x); }>();
  testing::check_constant<[](auto x) { return math::acos(x); }>();
  testing::check_constant<[](auto x) { return math::atan2(x, decltype(x)(-0.7)); }>();
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
