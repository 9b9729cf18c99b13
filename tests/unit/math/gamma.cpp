// SPDX-License-Identifier: MIT
#include <fusegrad/math/gamma.hpp>

#include "ulp.hpp"

namespace {

// Qualified throughout: unqualified, the functions of <cmath> would win for scalars.
namespace math = fusegrad::math;
namespace testing = math::testing;

template <class T> std::vector<T> positive_numbers(std::size_t count) {
  std::vector<T> result;
  for (const T x : testing::sweep<T>(count))
    if (!(x < 0)) result.push_back(x == 0 ? T{0} : x);
  result.resize(result.size() / 16 * 16);
  return result;
}

/// In units of the larger of 1 and the logarithm that the reflection takes: zeros keep no digits of their own.
template <class T> double worst_below_zero() {
  double worst = 0;
  for (int i = 1; i < 20'000; ++i) {
    const T x = static_cast<T>(-60.0 * i / 20'000);
    const long double exact = std::lgamma(static_cast<long double>(x));
    if (std::isinf(exact)) continue;
    const long double scale = std::max(1.0L, std::abs(std::lgamma(-static_cast<long double>(x))));
    const T result = math::lgamma(x);
    BOOST_TEST_REQUIRE(testing::same_bits(result, math::lgamma(math::vector<T>(x))[0]));
    const auto unit = static_cast<long double>(std::numeric_limits<T>::epsilon()) * scale;
    worst = std::max(worst, static_cast<double>(std::abs(static_cast<long double>(result) - exact) / unit));
  }
  return worst;
}

BOOST_AUTO_TEST_SUITE(math_gamma)

BOOST_AUTO_TEST_CASE(lgamma_keeps_its_bound) {
  const auto reference = [](long double x) { return std::lgamma(x); };
  const auto function = [](auto x) { return math::lgamma(x); };
  testing::check_accuracy<float>(function, reference, 4.0, positive_numbers<float>(100'000));
  testing::check_accuracy<double>(function, reference, 5.0, positive_numbers<double>(60'000));
}

BOOST_AUTO_TEST_CASE(lgamma_keeps_its_bound_below_zero) {
  BOOST_TEST(worst_below_zero<float>() <= 4.0);
  BOOST_TEST(worst_below_zero<double>() <= 4.0);
  BOOST_TEST(std::isinf(math::lgamma(-0.0)));
  BOOST_TEST(std::isinf(math::lgamma(-3.0F)));
  BOOST_TEST(std::isinf(math::lgamma(-1e300)));
  BOOST_TEST(std::isinf(math::lgamma(-std::numeric_limits<double>::infinity())));
}

BOOST_AUTO_TEST_CASE(constants_equal_run_time) {
  testing::check_constant<[](auto x) { return math::lgamma(x < 0 ? -x : x); }>();
  static_assert(math::lgamma(1.0) == 0 && math::lgamma(2.0F) == 0 && math::lgamma(-2.0) > 1e308);
  static_assert(math::lgamma(1e200) > 4.59e202 && math::lgamma(1e200) < 4.6e202);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
