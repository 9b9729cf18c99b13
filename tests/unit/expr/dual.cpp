// SPDX-License-Identifier: MIT
#include <fusegrad/expr/dual.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <fusegrad/expr/calculus.hpp>

namespace {

namespace fg = fusegrad;
using number = fg::dual<double>;
using second = fg::dual<number>;

void check_near(double found, double expected, const char* what, double x) {
  const double error = std::abs(found - expected) / std::max(1.0, std::abs(expected));
  BOOST_TEST(error <= 1e-12, what << " at " << x << ": " << found << ", expected " << expected);
}

second second_variable(double x) { return {number::variable(x), {number(1)}}; }

/// Value, first and second derivative against the traced function's.
template <class F> void check_row(const char* name, F f, double low, double high) {
  constexpr auto value = fg::function(F{});
  constexpr auto first = fg::derivative(F{});
  constexpr auto twice = fg::derivative(first);
  for (int i = 0; i <= 20; ++i) {
    const double x = low + (high - low) * i / 20;
    const second y = f(second_variable(x));
    check_near(y.value.value, value(x), name, x);
    check_near(y.slope[0].value, first(x), name, x);
    check_near(y.slope[0].slope[0], twice(x), name, x);
  }
}

#define CHECK_ROW(low, high, ...) check_row(#__VA_ARGS__, [](auto x) { return __VA_ARGS__; }, low, high)

/// By bisection: it branches on values, so it cannot be traced.
template <class T> constexpr T cube_root_of(T a) {
  T x = a > 1 ? a : T(1);
  while (x * x * x > a * (1 + 1e-14)) x -= (x * x * x - a) / (3 * x * x);
  return x - (x * x * x - a) / (3 * x * x);
}
static_assert(cube_root_of(number::variable(8)).value == 2);

BOOST_AUTO_TEST_SUITE(expr_dual)

BOOST_AUTO_TEST_CASE(arithmetic_and_roots) {
  CHECK_ROW(0.3, 3, (2 * x - 1) / (x * x + 1) + -x + +x);
  CHECK_ROW(0.3, 3, sqrt(x) * rsqrt(1 + x) + cbrt(x) + reciprocal(x) * square(x - 2));
  CHECK_ROW(0.3, 3, pow(x, 2.5) + pow(2.5, x) + pow<3>(x) + pow<-2>(x));
  CHECK_ROW(0.3, 0.9, abs(x - 2) * sign(x) + max(x, 0.1) * min(x, 2) + clamp(x, 0, 1));
  CHECK_ROW(0.3, 0.9, select(x > 0.6, x * x, sin(x)) + copysign(x, -1) + fmod(3.1 - x, 5));
}

BOOST_AUTO_TEST_CASE(functions_of_the_table) {
  CHECK_ROW(0.3, 3, exp(x) + expm1(-x) + exp2(x) + log(x) + log1p(x) + log2(x) + log10(x));
  CHECK_ROW(0.1, 0.9, sin(x) + cos(x) * tan(x) + asin(x) * acos(x) + atan(x));
  CHECK_ROW(1.1, 3, sinh(x) + cosh(x) * tanh(x) + asinh(x) * acosh(x) + atanh(x / 4));
  CHECK_ROW(0.3, 3, sigmoid(x) * softplus(x) + erf(x) * erfc(x) + normal_cdf(x));
  CHECK_ROW(0.6, 3, lgamma(x) + digamma(x) + polygamma<1>(x));
  CHECK_ROW(0.3, 0.9, floor(x + 3) * x + ceil(x) + round(x * 0.3) + trunc(x + 2) * x);
  CHECK_ROW(0.3, 3, atan2(x, 2 - x) * hypot(x, 3) + x * stop_gradient(x));
}

BOOST_AUTO_TEST_CASE(code_that_branches) {
  const number root = cube_root_of(number::variable(27));
  check_near(root.value, 3, "root", 27);
  check_near(root.slope[0], 1.0 / 27, "its slope", 27);
  const second again = cube_root_of(second_variable(27));
  check_near(again.slope[0].slope[0], -2.0 / 9 * std::pow(27.0, -5.0 / 3), "its curvature", 27);
}

BOOST_AUTO_TEST_CASE(several_directions) {
  const auto [x, y] = fg::variables(std::array{2.0, 3.0});
  const auto z = x * sin(y) + 2;
  BOOST_TEST(z.slope[0] == fg::math::sin(3.0));
  BOOST_TEST(z.slope[1] == 2 * fg::math::cos(3.0));
  // What does not depend on a variable has no derivative, however steep the function is.
  const auto steep = sqrt(x - 2) + y;
  BOOST_TEST(steep.slope[1] == 1.0);
  const fg::dual<float, 2> narrow = fg::variables(std::array{2.0F, 3.0F})[1] * 2 + 1.5;
  BOOST_TEST(narrow.slope[1] == 2.0F);
}

BOOST_AUTO_TEST_CASE(traced_functions_take_dual_numbers) {
  constexpr auto f = [](auto x, auto y) { return select(x < y, atan2(x, y), max(x, 2 * y)) * exp(x); };
  const auto [x, y] = fg::variables(std::array{0.3, 0.8});
  const auto z = fg::function(f)(x, y);
  const auto expected = fg::gradient(f)(0.3, 0.8);
  check_near(z.slope[0], expected[0], "x", 0.3);
  check_near(z.slope[1], expected[1], "y", 0.8);
  constexpr auto stopped = fg::function([](auto u) { return u * stop_gradient(u) + surrogate(floor(u), 3 * u); });
  const number found = stopped(number::variable(2.5));
  check_near(found.value, 8.25, "value", 2.5);
  check_near(found.slope[0], 5.5, "slope", 2.5);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
