// SPDX-License-Identifier: MIT
#include <fusegrad/expr/calculus.hpp>

#include "../dual.hpp"
#include "near.hpp"

#include <boost/test/unit_test.hpp>

// Every operation of one operand: first and second derivative against dual numbers and against differences.
namespace {

using namespace fusegrad::test;
namespace fg = fusegrad;

template <class F> void check_row(const char* name, F f, double low, double high) {
  constexpr auto value = fg::function(F{});
  constexpr auto first = fg::derivative(F{});
  constexpr auto second = fg::derivative(first);
  static_cast<void>(f);
  points at(low, high);
  for (int i = 0; i < 200; ++i) {
    const double x = at.next();
    const auto reference = value(second_variable(x));
    check_near(value(x), reference.value.value, 1e-13, name, x);
    check_near(first(x), reference.slope.value, 1e-12, name, x);
    check_near(second(x), reference.slope.slope, 1e-12, name, x);
    const double h = 1e-5 * std::max(1.0, std::abs(x));
    if (x - h < low || x + h > high) continue;
    check_near(first(x), (value(x + h) - value(x - h)) / (2 * h), 2e-8, name, x);
    check_near(second(x), (first(x + h) - first(x - h)) / (2 * h), 2e-8, name, x);
  }
}

#define CHECK_ROW(low, high, ...) check_row(#__VA_ARGS__, [](auto x) { return __VA_ARGS__; }, low, high)

BOOST_AUTO_TEST_SUITE(expr_unary_derivatives)

BOOST_AUTO_TEST_CASE(algebra) {
  CHECK_ROW(-3, 3, -x);
  CHECK_ROW(-3, -0.01, abs(x));
  CHECK_ROW(0.01, 3, abs(x));
  CHECK_ROW(0.01, 3, sign(x) * x);
  CHECK_ROW(-3, 3, square(x));
  CHECK_ROW(0.5, 3, reciprocal(x));
  CHECK_ROW(0.2, 9, sqrt(x));
  CHECK_ROW(0.5, 9, rsqrt(x));
  CHECK_ROW(-2, 2, pow<5>(x));
  CHECK_ROW(0.6, 2, pow<-3>(x));
  CHECK_ROW(0.3, 3, pow(x, 2.5));
}

BOOST_AUTO_TEST_CASE(exponentials_and_logarithms) {
  CHECK_ROW(-3, 3, exp(x));
  CHECK_ROW(-3, 3, expm1(x));
  CHECK_ROW(0.5, 9, log(x));
  CHECK_ROW(-0.5, 9, log1p(x));
  CHECK_ROW(-3, 3, pow(2.5, x));
}

BOOST_AUTO_TEST_CASE(waves) {
  CHECK_ROW(-9, 9, sin(x));
  CHECK_ROW(-9, 9, cos(x));
}

BOOST_AUTO_TEST_CASE(sigmoids) {
  CHECK_ROW(-9, 9, tanh(x));
  CHECK_ROW(-9, 9, sigmoid(x));
  CHECK_ROW(-9, 9, softplus(x));
  CHECK_ROW(-4, 4, erf(x));
}

BOOST_AUTO_TEST_CASE(angles) {
  CHECK_ROW(-1.2, 1.2, tan(x));
  CHECK_ROW(-0.8, 0.8, asin(x));
  CHECK_ROW(-0.8, 0.8, acos(x));
  CHECK_ROW(-9, 9, atan(x));
}

BOOST_AUTO_TEST_CASE(hyperbolic_functions) {
  CHECK_ROW(-3, 3, sinh(x));
  CHECK_ROW(-3, 3, cosh(x));
  CHECK_ROW(-9, 9, asinh(x));
  CHECK_ROW(1.5, 9, acosh(x));
  CHECK_ROW(-0.7, 0.7, atanh(x));
}

BOOST_AUTO_TEST_CASE(other_bases_and_roots) {
  CHECK_ROW(-3, 3, exp2(x));
  CHECK_ROW(0.5, 9, log2(x));
  CHECK_ROW(0.5, 9, log10(x));
  CHECK_ROW(0.5, 9, cbrt(x));
  CHECK_ROW(-9, -0.5, cbrt(x));
}

BOOST_AUTO_TEST_CASE(distributions) {
  CHECK_ROW(-3, 3, erfc(x));
  CHECK_ROW(-3, 3, normal_cdf(x));
  CHECK_ROW(0.7, 9, lgamma(x));
  CHECK_ROW(0.7, 9, digamma(x));
  CHECK_ROW(0.9, 9, polygamma<2>(x));
}

BOOST_AUTO_TEST_CASE(roundings) {
  CHECK_ROW(0.1, 0.9, x * floor(x + 2) + ceil(x) * x * x);
  CHECK_ROW(-1.4, -0.6, round(x) * exp(x) + trunc(x - 1.7) * x);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
