// SPDX-License-Identifier: MIT
#include <fusegrad/math/power.hpp>

#include "ulp.hpp"

namespace {

// Qualified throughout: unqualified, the functions of <cmath> would win for scalars.
namespace math = fusegrad::math;
using math::vector;
namespace testing = math::testing;

template <class T> void check_exponent(T y, double bound) {
  testing::check_accuracy<T>([y](auto x) { return math::pow(x, decltype(x)(y)); },
                             [y](long double x) { return std::pow(x, static_cast<long double>(y)); }, bound,
                             testing::sweep<T>(20'000));
}

template <class T> void check_base(T x, double bound) {
  testing::check_accuracy<T>([x](auto y) { return math::pow(decltype(y)(x), y); },
                             [x](long double y) { return std::pow(static_cast<long double>(x), y); }, bound,
                             testing::sweep<T>(20'000));
}

template <class T> void check_special_values() {
  const auto values = testing::edges<T>();
  std::size_t wrong = 0;
  for (const T x : values) {
    for (const T y : values) {
      const long double exact = std::pow(static_cast<long double>(x), static_cast<long double>(y));
      const T result = math::pow(x, y);
      if (testing::ulp_error(result, exact) > 2.0 ||
          !testing::same_bits(result, math::pow(vector<T>(x), vector<T>(y))[0]))
        ++wrong;
    }
  }
  BOOST_TEST(wrong == 0U);
}

BOOST_AUTO_TEST_SUITE(math_power)

BOOST_AUTO_TEST_CASE(pow_keeps_its_bound) {
  for (const double y : {2.5, -0.75, 3.0, 17.25, 0.333}) {
    check_exponent(static_cast<float>(y), 2.0);
    check_exponent(y, 2.0);
  }
  for (const double x : {1.5, 0.9999, 10.0, 1.0001, 0.01}) {
    check_base(static_cast<float>(x), 2.0);
    check_base(x, 2.0);
  }
}

BOOST_AUTO_TEST_CASE(pow_has_the_special_values_of_ieee_754) {
  check_special_values<float>();
  check_special_values<double>();
}

BOOST_AUTO_TEST_CASE(integer_powers_multiply_in_a_fixed_order) {
  volatile float input = 1.1F;
  const float x = input;
  BOOST_TEST(math::pow<2>(x) == x * x);
  BOOST_TEST(math::pow<3>(x) == (x * x) * x);
  BOOST_TEST(math::pow<6>(x) == ((x * x) * x) * ((x * x) * x));
  BOOST_TEST(math::pow<-2>(x) == 1 / (x * x));
  BOOST_TEST(math::pow<0>(x) == 1.0F);
  BOOST_TEST(math::pow<7>(vector<float>(x))[1] == math::pow<7>(x));
}

BOOST_AUTO_TEST_CASE(constants_equal_run_time) {
  testing::check_constant<[](auto x) { return math::pow(x < 0 ? -x : x, decltype(x)(2.3)); }>();
  testing::check_constant<[](auto x) { return math::pow(decltype(x)(1.7), x); }>();
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
