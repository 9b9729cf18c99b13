// SPDX-License-Identifier: MIT
#include <fusegrad/expr/calculus.hpp>

#include "near.hpp"

#include <boost/test/unit_test.hpp>

// A constant expression gives what the program gives; it has no fused multiply-add, so the last bits may differ.
namespace {

using namespace fusegrad::test;
namespace fg = fusegrad;

template <class F> void check_constant(const char* name, F f) {
  static constexpr double at[]{-2.5, -1, -0.125, 0.3, 1, 4.75};
  static constexpr double constants[]{F{}(at[0]), F{}(at[1]), F{}(at[2]), F{}(at[3]), F{}(at[4]), F{}(at[5])};
  for (int i = 0; i < 6; ++i) {
    const volatile double x = at[i];
    check_near(f(static_cast<double>(x)), constants[i], 4e-15, name, at[i]);
  }
}

#define CHECK_CONSTANT(...)                                                                                            \
  do {                                                                                                                 \
    constexpr auto f = [](auto x) { return __VA_ARGS__; };                                                             \
    check_constant(#__VA_ARGS__, fg::function(f));                                                                     \
    check_constant("the derivative of " #__VA_ARGS__, fg::derivative(f));                                              \
  } while (false)

BOOST_AUTO_TEST_SUITE(expr_constant_expressions)

BOOST_AUTO_TEST_CASE(same_as_at_run_time) {
  CHECK_CONSTANT(sin(x) * exp(x) + cos(x));
  CHECK_CONSTANT(tanh(x) + sigmoid(x) * softplus(x));
  CHECK_CONSTANT(erf(x) + expm1(x) * rsqrt(1 + x * x));
  CHECK_CONSTANT(log1p(x * x) - log(2 + x * x) / sqrt(3 + x * x));
  CHECK_CONSTANT(pow(1 + x * x, 0.3) + pow<3>(x) + abs(x) * sign(x));
  CHECK_CONSTANT(asin(0.2 * x) + atan(x) * cosh(0.3 * x) + asinh(x) + cbrt(x + 3));
  CHECK_CONSTANT(exp2(x) + log2(1 + x * x) + normal_cdf(x) * erfc(x) + atan2(x, 2) * hypot(x, 1));
  CHECK_CONSTANT(lgamma(3 + x) + digamma(3 + x) + floor(x) * round(3 * x) + fmod(x, 0.7) + copysign(2, x));
  CHECK_CONSTANT(select(x < 0, min(x, -1), max(x, 1)) * clamp(x, -2, 2));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
