// SPDX-License-Identifier: MIT
#include <fusegrad/math/polygamma.hpp>

#include "ulp.hpp"

namespace {

// Qualified throughout: unqualified, the functions of <cmath> would win for scalars.
namespace math = fusegrad::math;
namespace testing = math::testing;

/// From 60 on by Stirling's series for the derivatives, below by steps: long sums in long double.
template <int N> long double exact_polygamma(long double x) {
  long double steps = 0;
  for (; x < 60; x += 1) steps += std::pow(x, -static_cast<long double>(N + 1));
  constexpr long double bernoulli[] = {1.0L / 6,  -1.0L / 30,     1.0L / 42, -1.0L / 30,
                                       5.0L / 66, -691.0L / 2730, 7.0L / 6};
  const auto factorial = [](int n) { return std::tgamma(static_cast<long double>(n) + 1); };
  long double sum = N == 0 ? -std::log(x) : factorial(N > 0 ? N - 1 : 0) * std::pow(x, static_cast<long double>(-N));
  sum += factorial(N) / 2 * std::pow(x, static_cast<long double>(-N - 1));
  for (int k = 1; k <= 7; ++k)
    sum += bernoulli[k - 1] * factorial(2 * k + N - 1) / factorial(2 * k) *
           std::pow(x, static_cast<long double>(-2 * k - N));
  return (N % 2 == 0 ? -1 : 1) * (sum + factorial(N) * steps);
}

/// The first terms of Taylor's series about the zero.
long double exact_near_zero(long double x) {
  const long double from_zero = (x - 0x1.762d86356be3fp+0L) - 0x1.b86a722197829p-54L;
  return from_zero *
         (exact_polygamma<1>(1.46163214496836234126L) + from_zero * exact_polygamma<2>(1.46163214496836234126L) / 2);
}

template <class T> std::vector<T> positive_numbers(T low, T high) {
  std::vector<T> result;
  for (int i = 0; i < 4'000; ++i) {
    result.push_back(low + (high - low) * static_cast<T>(i) / 4'000);
    result.push_back(low * std::pow(high / low, static_cast<T>(i) / 4'000));
  }
  return result;
}

template <int N> void check_order(float low) {
  const auto function = [](auto x) { return math::polygamma<N>(x); };
  const auto reference = [](long double x) { return exact_polygamma<N>(x); };
  testing::check_accuracy<float>(function, reference, 4.0 + N, positive_numbers<float>(low, 50));
  testing::check_accuracy<double>(function, reference, 4.0 + N, positive_numbers<double>(low, 50));
}

/// By the recurrence, which needs no reflection: digamma(x) = digamma(x + n) - the steps.
template <int N, class T> double worst_below_zero() {
  double worst = 0;
  for (int i = 1; i < 4'000; ++i) {
    const T x = static_cast<T>(-12.0 * i / 4'000);
    if (std::trunc(x) == x) continue;
    auto y = static_cast<long double>(x);
    long double steps = 0, largest = 0;
    for (; y < 0; y += 1) {
      const long double step =
          std::tgamma(static_cast<long double>(N) + 1) * std::pow(y, static_cast<long double>(-N - 1));
      steps += step;
      largest = std::max(largest, std::abs(step));
    }
    const long double exact = exact_polygamma<N>(y) + (N % 2 == 0 ? -steps : steps);
    const long double scale = std::max({std::abs(exact), largest, 1.0L});
    const T result = math::polygamma<N>(x);
    BOOST_TEST_REQUIRE(testing::same_bits(result, math::polygamma<N>(math::vector<T>(x))[0]));
    const auto unit = static_cast<long double>(std::numeric_limits<T>::epsilon()) * scale;
    worst = std::max(worst, static_cast<double>(std::abs(static_cast<long double>(result) - exact) / unit));
  }
  return worst;
}

BOOST_AUTO_TEST_SUITE(math_polygamma)

BOOST_AUTO_TEST_CASE(all_orders_keep_their_bounds) {
  check_order<0>(1e-10F);
  check_order<1>(1e-10F);
  check_order<2>(1e-8F);
  check_order<5>(1e-4F);
  check_order<12>(0.05F);
}

BOOST_AUTO_TEST_CASE(digamma_has_all_digits_next_to_its_zero) {
  std::vector<double> places;
  for (int i = 0; i < 160; ++i) places.push_back(1.4616321449683622 + 1e-12 * (i - 80));
  testing::check_accuracy<double>([](auto x) { return math::digamma(x); }, &exact_near_zero, 4.0, places);
}

BOOST_AUTO_TEST_CASE(all_orders_keep_their_bounds_below_zero) {
  BOOST_TEST((worst_below_zero<0, float>()) <= 8.0);
  BOOST_TEST((worst_below_zero<0, double>()) <= 8.0);
  BOOST_TEST((worst_below_zero<1, double>()) <= 10.0);
  BOOST_TEST((worst_below_zero<2, double>()) <= 12.0);
}

BOOST_AUTO_TEST_CASE(poles) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  BOOST_TEST(math::digamma(0.0) == -infinity);
  BOOST_TEST(math::digamma(-0.0) == infinity);
  BOOST_TEST(std::isnan(math::digamma(-2.0)));
  BOOST_TEST(math::digamma(infinity) == infinity);
  BOOST_TEST(math::polygamma<1>(0.0) == infinity);
  BOOST_TEST(math::polygamma<1>(-2.0) == infinity);
  BOOST_TEST(math::polygamma<2>(0.0) == -infinity);
  BOOST_TEST(math::polygamma<2>(-0.0) == infinity);
  BOOST_TEST(std::isnan(math::polygamma<2>(-2.0)));
  BOOST_TEST(math::polygamma<3>(infinity) == 0.0);
}

BOOST_AUTO_TEST_CASE(constants_equal_run_time) {
  testing::check_constant<[](auto x) { return math::digamma(x < 0 ? -x : x); }>();
  testing::check_constant<[](auto x) { return math::polygamma<1>(1 + (x < 0 ? -x : x)); }>();
  static_assert(math::polygamma<1>(-2.0) > 1e308 && math::digamma(0.0) < -1e308 && math::polygamma<2>(-1.5) != 0);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
