// SPDX-License-Identifier: MIT
#include <fusegrad/expr/calculus.hpp>

#include "../dual.hpp"
#include "near.hpp"

#include <boost/test/unit_test.hpp>

#include <type_traits>

// Operations of two operands and functions that combine many: forward mode, reverse mode and dual numbers agree, float
// agrees with double.
namespace {

using namespace fusegrad::test;
namespace fg = fusegrad;

template <class F> void check_function(const char* name, F, double low, double high) {
  constexpr auto value = fg::function(F{});
  constexpr auto by_a = fg::derivative<0>(F{});
  constexpr auto by_b = fg::derivative<1>(F{});
  constexpr auto gradient = fg::gradient(F{});
  points at(low, high), and_at(low, high, 7);
  static_cast<void>(and_at.next()), static_cast<void>(and_at.next());
  for (int i = 0; i < 100; ++i) {
    const double a = at.next(), b = and_at.next();
    const dual<double> along_a = value(variable(a), dual<double>(b)), along_b = value(dual<double>(a), variable(b));
    const auto reverse = gradient(a, b);
    check_near(by_a(a, b), along_a.slope, 1e-12, name, a);
    check_near(by_b(a, b), along_b.slope, 1e-12, name, a);
    check_near(reverse[0], along_a.slope, 1e-12, name, a);
    check_near(reverse[1], along_b.slope, 1e-12, name, a);
    const auto fa = static_cast<float>(a), fb = static_cast<float>(b);
    const double exact = value(static_cast<double>(fa), static_cast<double>(fb));
    check_near(value(fa, fb), exact, 3e-5, name, a);
    static_assert(std::is_same_v<decltype(value(fa, fb)), float>);
  }
}

#define CHECK_FUNCTION(low, high, ...)                                                                                 \
  check_function(#__VA_ARGS__, [](auto x, auto y) { return __VA_ARGS__; }, low, high)

BOOST_AUTO_TEST_SUITE(expr_functions)

BOOST_AUTO_TEST_CASE(operations_of_two_operands) {
  CHECK_FUNCTION(-3, 3, x + y);
  CHECK_FUNCTION(-3, 3, x - y);
  CHECK_FUNCTION(-3, 3, x * y);
  CHECK_FUNCTION(0.3, 3, x / y);
  CHECK_FUNCTION(0.3, 3, pow(x, y));
  CHECK_FUNCTION(-3, 3, min(x, y) * max(x, y) + min(x, 2 * y));
  CHECK_FUNCTION(-3, 3, clamp(x, -1, 1) * clamp(y, -0.5, x));
  CHECK_FUNCTION(-3, 3, select(x < y, x * x, y * sin(x)));
  CHECK_FUNCTION(-3, 3, select(x <= y, x, y) + select(x == y, 1, x) * (x > 0) * (y >= 1));
}

BOOST_AUTO_TEST_CASE(plane_geometry_and_remainders) {
  CHECK_FUNCTION(0.3, 3, atan2(x, y));
  CHECK_FUNCTION(0.3, 3, atan2(-x, x - 4) * hypot(x, 2 * y));
  CHECK_FUNCTION(0.3, 3, copysign(x, y - 2) + copysign(-2, y) * x);
  CHECK_FUNCTION(2.1, 3.9, fmod(3 * x, 4 - 0.1 * y) + fmod(x, 2));
}

BOOST_AUTO_TEST_CASE(networks_of_operations) {
  CHECK_FUNCTION(-2, 2, tanh(x * y) * exp(x) - sin(y) / (2 + cos(x)));
  CHECK_FUNCTION(-2, 2, log(1 + exp(x)) * sigmoid(y) + x / (1 + exp(-y)));
  CHECK_FUNCTION(-2, 2, sqrt(1 + x * x + y * y) * rsqrt(2 + x * y * x * y));
  CHECK_FUNCTION(-2, 2, erf(x - y) + softplus(x * y) - log1p(square(x)));
  CHECK_FUNCTION(0.2, 2, pow(x, 1.5) * pow<3>(y) / pow<-2>(x + y));
  CHECK_FUNCTION(-2, 2, expm1(x) / (3 + square(square(y))) + abs(x) * abs(y));
  CHECK_FUNCTION(-2, 2, select(x > 0, sqrt(abs(x) + 1), exp(x)) * select(y > x, x, y * y));
  CHECK_FUNCTION(-2, 2, 0.5 * x * (1 + tanh(0.7978845608 * (x + 0.044715 * x * x * x))) + y);
  CHECK_FUNCTION(-2, 2, -x * -y + -(3 * x) - (-y) / (2 + x * x));
}

/// A function with much sharing, written as a loop.
constexpr auto iterated = [](auto x, auto y) {
  for (int i = 0; i < 6; ++i) {
    x = sin(x) * exp(-0.1 * y);
    y = y + x * x;
  }
  return x + y;
};
BOOST_AUTO_TEST_CASE(loops) { check_function("iterated", iterated, -2, 2); }

BOOST_AUTO_TEST_CASE(second_derivatives_mix) {
  constexpr auto f = [](auto x, auto y) { return tanh(x * y) * exp(x) - sin(y) / (2 + cos(x)); };
  constexpr auto hessian = fg::hessian(f);
  points at(-2, 2);
  for (int i = 0; i < 100; ++i) {
    const double a = at.next(), b = at.next();
    using second = dual<dual<double>>;
    const second xx = fg::function(f)(second_variable(a), second(b));
    const second xy = fg::function(f)(second(variable(a)), second(dual<double>(b), dual<double>(1)));
    const auto found = hessian(a, b);
    check_near(found[0][0], xx.slope.slope, 1e-12, "xx", a);
    check_near(found[0][1], xy.slope.slope, 1e-12, "xy", a);
    check_near(found[1][0], xy.slope.slope, 1e-12, "yx", a);
  }
}

BOOST_AUTO_TEST_CASE(second_derivatives_of_two_operands_mix) {
  constexpr auto f = [](auto x, auto y) { return atan2(y, x) * hypot(x, 2 * y) + normal_cdf(x * y) * lgamma(x + y); };
  constexpr auto hessian = fg::hessian(f);
  points at(0.4, 2);
  for (int i = 0; i < 50; ++i) {
    const double a = at.next(), b = at.next();
    using second = dual<dual<double>>;
    const second xy = fg::function(f)(second(variable(a)), second(dual<double>(b), dual<double>(1)));
    check_near(hessian(a, b)[0][1], xy.slope.slope, 1e-12, "xy", a);
    check_near(hessian(a, b)[1][0], xy.slope.slope, 1e-12, "yx", a);
  }
  BOOST_TEST(fg::gradient([](auto x, auto y) { return hypot(x, y); })(0.0, 0.0) == fg::values(0.0, 0.0));
}

BOOST_AUTO_TEST_CASE(a_branch_not_taken_does_no_harm) {
  constexpr auto root = [](auto x) { return select(x > 0, sqrt(x), 0) + max(log(x), -3); };
  BOOST_TEST(fg::gradient(root)(0.0) == 0.0);
  BOOST_TEST(fg::derivative(root)(0.0) == 0.0);
  BOOST_TEST(fg::gradient([](auto x) { return select(x > 0, sqrt(x) * log(x), x); })(0.0) == 1.0);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
