// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/expr/traced.hpp>
#include <fusegrad/math/polygamma.hpp>

// The functions a traced value can be given to. They are found by argument-dependent lookup: write `exp(x)`, not
// `std::exp(x)`.
namespace fusegrad::expr::inline FUSEGRAD_ABI {

template <symbolic X> constexpr auto abs(const X& x) { return detail::apply(operation::abs, x); }
/// -1, 0 or 1; its derivative is zero.
template <symbolic X> constexpr auto sign(const X& x) { return detail::apply(operation::sign, x); }
template <symbolic X> constexpr auto square(const X& x) { return detail::apply(operation::multiply, x, x); }
template <symbolic X> constexpr auto reciprocal(const X& x) { return detail::apply(operation::divide, 1, x); }
template <symbolic X> constexpr auto sqrt(const X& x) { return detail::apply(operation::sqrt, x); }
/// One over the square root.
template <symbolic X> constexpr auto rsqrt(const X& x) { return detail::apply(operation::rsqrt, x); }
template <symbolic X> constexpr auto exp(const X& x) { return detail::apply(operation::exp, x); }
/// exp(x) - 1, accurate near zero.
template <symbolic X> constexpr auto expm1(const X& x) { return detail::apply(operation::expm1, x); }
template <symbolic X> constexpr auto log(const X& x) { return detail::apply(operation::log, x); }
/// log(1 + x), accurate near zero.
template <symbolic X> constexpr auto log1p(const X& x) { return detail::apply(operation::log1p, x); }
template <symbolic X> constexpr auto sin(const X& x) { return detail::apply(operation::sin, x); }
template <symbolic X> constexpr auto cos(const X& x) { return detail::apply(operation::cos, x); }
template <symbolic X> constexpr auto tanh(const X& x) { return detail::apply(operation::tanh, x); }
/// 1 / (1 + exp(-x)), with full relative accuracy for large negative x.
template <symbolic X> constexpr auto sigmoid(const X& x) { return detail::apply(operation::sigmoid, x); }
/// log(1 + exp(x)), finite for every finite x.
template <symbolic X> constexpr auto softplus(const X& x) { return detail::apply(operation::softplus, x); }
template <symbolic X> constexpr auto erf(const X& x) { return detail::apply(operation::erf, x); }
template <symbolic X> constexpr auto tan(const X& x) { return detail::apply(operation::tan, x); }
template <symbolic X> constexpr auto asin(const X& x) { return detail::apply(operation::asin, x); }
template <symbolic X> constexpr auto acos(const X& x) { return detail::apply(operation::acos, x); }
template <symbolic X> constexpr auto atan(const X& x) { return detail::apply(operation::atan, x); }
template <symbolic X> constexpr auto sinh(const X& x) { return detail::apply(operation::sinh, x); }
template <symbolic X> constexpr auto cosh(const X& x) { return detail::apply(operation::cosh, x); }
template <symbolic X> constexpr auto asinh(const X& x) { return detail::apply(operation::asinh, x); }
template <symbolic X> constexpr auto acosh(const X& x) { return detail::apply(operation::acosh, x); }
template <symbolic X> constexpr auto atanh(const X& x) { return detail::apply(operation::atanh, x); }
/// 2 to the power x.
template <symbolic X> constexpr auto exp2(const X& x) { return detail::apply(operation::exp2, x); }
/// Logarithm to the base 2.
template <symbolic X> constexpr auto log2(const X& x) { return detail::apply(operation::log2, x); }
/// Logarithm to the base 10.
template <symbolic X> constexpr auto log10(const X& x) { return detail::apply(operation::log10, x); }
/// Cube root, of negative numbers, too.
template <symbolic X> constexpr auto cbrt(const X& x) { return detail::apply(operation::cbrt, x); }
/// 1 - erf(x), accurate where it is small.
template <symbolic X> constexpr auto erfc(const X& x) { return detail::apply(operation::erfc, x); }
/// The normal distribution's share below x, accurate where it is small.
template <symbolic X> constexpr auto normal_cdf(const X& x) { return detail::apply(operation::normal_cdf, x); }
/// The logarithm of |gamma(x)|.
template <symbolic X> constexpr auto lgamma(const X& x) { return detail::apply(operation::lgamma, x); }
/// The derivative of order N of digamma, which itself is that of lgamma; N from 0 to 30.
template <int N, symbolic X> constexpr auto polygamma(const X& x) {
  static_assert(0 <= N && N <= math::largest_polygamma, "fusegrad: polygamma<N> has an order from 0 to 30.");
  return detail::record_or_defer(
      [](recorder& r, const int* nodes) { return traced{&r, r.build.make_polygamma(nodes[0], N)}; }, x);
}
template <symbolic X> constexpr auto digamma(const X& x) { return polygamma<0>(x); }
/// The largest integer not above x; like that of each rounding, its derivative is zero.
template <symbolic X> constexpr auto floor(const X& x) { return detail::apply(operation::floor, x); }
template <symbolic X> constexpr auto ceil(const X& x) { return detail::apply(operation::ceil, x); }
/// The closest integer, halves away from zero.
template <symbolic X> constexpr auto round(const X& x) { return detail::apply(operation::round, x); }
template <symbolic X> constexpr auto trunc(const X& x) { return detail::apply(operation::trunc, x); }
template <symbolic X> constexpr auto fabs(const X& x) { return abs(x); }

/// x to a power, for x > 0.
template <class X, class Y>
  requires symbolic_operands<X, Y>
constexpr auto pow(const X& x, const Y& y) {
  return detail::apply(operation::power, x, y);
}
/// x to an integer power by multiplication, for any x.
template <int Exponent, symbolic X> constexpr auto pow(const X& x) {
  static_assert(-32768 <= Exponent && Exponent <= 32767);
  return detail::record_or_defer(
      [](recorder& r, const int* nodes) { return traced{&r, r.build.make_integer_power(nodes[0], Exponent)}; }, x);
}

/// The angle of the point (x, y); without a derivative at the origin.
template <class A, class B>
  requires symbolic_operands<A, B>
constexpr auto atan2(const A& a, const B& b) {
  return detail::apply(operation::atan2, a, b);
}
/// sqrt(x^2 + y^2), without overflow on the way; with derivative zero at the origin.
template <class A, class B>
  requires symbolic_operands<A, B>
constexpr auto hypot(const A& a, const B& b) {
  return detail::apply(operation::hypot, a, b);
}
/// The magnitude of a with the sign of b.
template <class A, class B>
  requires symbolic_operands<A, B>
constexpr auto copysign(const A& a, const B& b) {
  return detail::apply(operation::copysign, a, b);
}
/// What a / b leaves, with the sign of a.
template <class A, class B>
  requires symbolic_operands<A, B>
constexpr auto fmod(const A& a, const B& b) {
  return detail::apply(operation::fmod, a, b);
}
/// The smaller; at a tie the derivative is the second's, so `min(x, 0)` has derivative 0 at 0.
template <class A, class B>
  requires symbolic_operands<A, B>
constexpr auto min(const A& a, const B& b) {
  return detail::apply(operation::min, a, b);
}
/// The larger; at a tie the derivative is the second's, so `max(x, 0)` has derivative 0 at 0.
template <class A, class B>
  requires symbolic_operands<A, B>
constexpr auto max(const A& a, const B& b) {
  return detail::apply(operation::max, a, b);
}
template <class X, class Low, class High>
  requires symbolic_operands<X, Low, High>
constexpr auto clamp(const X& x, const Low& low, const High& high) {
  return min(max(x, low), high);
}
/// `condition ? a : b`; the derivative of the branch taken. Both are evaluated.
template <class C, class A, class B>
  requires symbolic_operands<C, A, B>
constexpr auto select(const C& condition, const A& a, const B& b) {
  return detail::apply(operation::select, condition, a, b);
}
/// The value of x, taken as a constant by every derivative.
template <symbolic X> constexpr auto stop_gradient(const X& x) { return detail::apply(operation::stop_gradient, x); }
/// The value of the first, the derivative of the second.
template <class A, class B>
  requires symbolic_operands<A, B>
constexpr auto surrogate(const A& value, const B& derivative_of) {
  return detail::apply(operation::surrogate, value, derivative_of);
}

} // namespace fusegrad::expr::inline FUSEGRAD_ABI
