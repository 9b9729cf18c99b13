// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <fusegrad/expr/rules.hpp>
#include <type_traits>

// In a namespace of their own, where a call finds them by its argument: `fusegrad::tanh` is a layer.
namespace fusegrad::dual_numbers {

/// A number that carries its derivatives in N directions along: for code that cannot be traced, because it branches or
/// loops on values. T is float, double or another dual number, which gives derivatives of the next order. All
/// arithmetic, comparisons (of the values) and the functions of the expression language, with its rules.
template <class T, std::size_t N = 1> struct dual {
  using value_type = T;
  static constexpr std::size_t directions = N;

  T value{};
  std::array<T, N> slope{};

  constexpr dual() = default;
  /// A constant.
  template <class Number>
    requires(std::is_arithmetic_v<Number> || std::same_as<Number, T>)
  constexpr dual(const Number& v) : value(static_cast<T>(v)) {}
  constexpr dual(const T& v, const std::array<T, N>& s) : value(v), slope(s) {}

  /// The variable of direction number `which`.
  static constexpr dual variable(const T& v, std::size_t which = 0) {
    dual x(v);
    x.slope[which] = T(1);
    return x;
  }

  constexpr dual& operator+=(const dual& b) { return *this = *this + b; }
  constexpr dual& operator-=(const dual& b) { return *this = *this - b; }
  constexpr dual& operator*=(const dual& b) { return *this = *this * b; }
  constexpr dual& operator/=(const dual& b) { return *this = *this / b; }
};

} // namespace fusegrad::dual_numbers

namespace fusegrad {
/// A number that carries its derivatives along: for code that cannot be traced, because it branches or loops on values.
using dual_numbers::dual;
} // namespace fusegrad

namespace fusegrad::expr::inline FUSEGRAD_ABI {
namespace dual_rules {

/// What is no derivative stays none, however steep the function is.
template <class T> constexpr T scaled(const T& factor, const T& slope) {
  if constexpr (std::is_floating_point_v<T>)
    return slope == 0 ? T(0) : factor * slope;
  else
    return factor * slope;
}

template <class T, class Derivative> constexpr T number_from(const Derivative& d) {
  if constexpr (std::same_as<Derivative, zero_derivative>)
    return T(0);
  else
    return static_cast<T>(d);
}

/// The number `y` of one operand, with the derivative `by_x`.
template <class T, std::size_t N> constexpr dual<T, N> chain(const T& y, const T& by_x, const dual<T, N>& x) {
  dual<T, N> out(y);
  for (std::size_t i = 0; i < N; ++i) out.slope[i] = scaled(by_x, x.slope[i]);
  return out;
}
template <class T, std::size_t N>
constexpr dual<T, N> chain(const T& y, const T& by_a, const dual<T, N>& a, const T& by_b, const dual<T, N>& b) {
  dual<T, N> out(y);
  for (std::size_t i = 0; i < N; ++i) out.slope[i] = scaled(by_a, a.slope[i]) + scaled(by_b, b.slope[i]);
  return out;
}

template <operation Op, class T, std::size_t N> constexpr dual<T, N> unary(const dual<T, N>& x) {
  const T y = rules::rule<Op>.value(x.value);
  return chain(y, number_from<T>(rules::rule<Op>.derivative(x.value, y)), x);
}
template <operation Op, class T, std::size_t N> constexpr dual<T, N> binary(const dual<T, N>& a, const dual<T, N>& b) {
  const T y = rules::rule<Op>.value(a.value, b.value);
  return chain(y, number_from<T>(rules::rule<Op>.first(a.value, b.value, y)), a,
               number_from<T>(rules::rule<Op>.second(a.value, b.value, y)), b);
}

} // namespace dual_rules

template <class T> inline constexpr bool is_dual = false;
template <class T, std::size_t N> inline constexpr bool is_dual<dual<T, N>> = true;

/// The dual number that two operands have in common: one of them is it, or can become it.
template <class A, class B> struct dual_of {};
template <class A, class B>
  requires(is_dual<A> && (std::same_as<A, B> || std::is_arithmetic_v<B> || std::same_as<B, typename A::value_type>))
struct dual_of<A, B> {
  using type = A;
};
template <class A, class B>
  requires(is_dual<B> && !std::same_as<A, B> && (std::is_arithmetic_v<A> || std::same_as<A, typename B::value_type>))
struct dual_of<A, B> {
  using type = B;
};
template <class A, class B> using dual_of_t = typename dual_of<A, B>::type;

} // namespace fusegrad::expr::inline FUSEGRAD_ABI

namespace fusegrad::dual_numbers {

// clang-format off
template <class A, class B, class D = expr::dual_of_t<A, B>> constexpr D operator+(const A& a, const B& b) { const D x(a), y(b); return expr::dual_rules::chain(x.value + y.value, typename D::value_type(1), x, typename D::value_type(1), y); }
template <class A, class B, class D = expr::dual_of_t<A, B>> constexpr D operator-(const A& a, const B& b) { const D x(a), y(b); return expr::dual_rules::chain(x.value - y.value, typename D::value_type(1), x, typename D::value_type(-1), y); }
template <class A, class B, class D = expr::dual_of_t<A, B>> constexpr D operator*(const A& a, const B& b) { return expr::dual_rules::binary<expr::operation::multiply>(D(a), D(b)); }
template <class A, class B, class D = expr::dual_of_t<A, B>> constexpr D operator/(const A& a, const B& b) { return expr::dual_rules::binary<expr::operation::divide>(D(a), D(b)); }
template <class T, std::size_t N> constexpr dual<T, N> operator-(const dual<T, N>& x) { return expr::dual_rules::chain(-x.value, T(-1), x); }
template <class T, std::size_t N> constexpr dual<T, N> operator+(const dual<T, N>& x) { return x; }
template <class A, class B, class D = expr::dual_of_t<A, B>> constexpr bool operator<(const A& a, const B& b) { return D(a).value < D(b).value; }
template <class A, class B, class D = expr::dual_of_t<A, B>> constexpr bool operator>(const A& a, const B& b) { return D(a).value > D(b).value; }
template <class A, class B, class D = expr::dual_of_t<A, B>> constexpr bool operator<=(const A& a, const B& b) { return D(a).value <= D(b).value; }
template <class A, class B, class D = expr::dual_of_t<A, B>> constexpr bool operator>=(const A& a, const B& b) { return D(a).value >= D(b).value; }
template <class A, class B, class D = expr::dual_of_t<A, B>> constexpr bool operator==(const A& a, const B& b) { return D(a).value == D(b).value; }

/// Functions of dual numbers, by the rules of the table; see docs/expressions.md.
template <class T, std::size_t N> constexpr dual<T, N> abs(const dual<T, N>& x) { return expr::dual_rules::unary<expr::operation::abs>(x); }
template <class T, std::size_t N> constexpr dual<T, N> fabs(const dual<T, N>& x) { return abs(x); }
template <class T, std::size_t N> constexpr dual<T, N> sign(const dual<T, N>& x) { return expr::dual_rules::unary<expr::operation::sign>(x); }
template <class T, std::size_t N> constexpr dual<T, N> sqrt(const dual<T, N>& x) { return expr::dual_rules::unary<expr::operation::sqrt>(x); }
template <class T, std::size_t N> constexpr dual<T, N> rsqrt(const dual<T, N>& x) { return expr::dual_rules::unary<expr::operation::rsqrt>(x); }
template <class T, std::size_t N> constexpr dual<T, N> exp(const dual<T, N>& x) { return expr::dual_rules::unary<expr::operation::exp>(x); }
template <class T, std::size_t N> constexpr dual<T, N> expm1(const dual<T, N>& x) { return expr::dual_rules::unary<expr::operation::expm1>(x); }
template <class T, std::size_t N> constexpr dual<T, N> exp2(const dual<T, N>& x) { return expr::dual_rules::unary<expr::operation::exp2>(x); }
template <class T, std::size_t N> constexpr dual<T, N> log(const dual<T, N>& x) { return expr::dual_rules::unary<expr::operation::log>(x); }
template <class T, std::size_t N> constexpr dual<T, N> log1p(const dual<T, N>& x) { return expr::dual_rules::unary<expr::operation::log1p>(x); }
template <class T, std::size_t N> constexpr dual<T, N> log2(const dual<T, N>& x) { return expr::dual_rules::unary<expr::operation::log2>(x); }
template <class T, std::size_t N> constexpr dual<T, N> log10(const dual<T, N>& x) { return expr::dual_rules::unary<expr::operation::log10>(x); }
template <class T, std::size_t N> constexpr dual<T, N> sin(const dual<T, N>& x) { return expr::dual_rules::unary<expr::operation::sin>(x); }
template <class T, std::size_t N> constexpr dual<T, N> cos(const dual<T, N>& x) { return expr::dual_rules::unary<expr::operation::cos>(x); }
template <class T, std::size_t N> constexpr dual<T, N> tan(const dual<T, N>& x) { return expr::dual_rules::unary<expr::operation::tan>(x); }
template <class T, std::size_t N> constexpr dual<T, N> asin(const dual<T, N>& x) { return expr::dual_rules::unary<expr::operation::asin>(x); }
template <class T, std::size_t N> constexpr dual<T, N> acos(const dual<T, N>& x) { return expr::dual_rules::unary<expr::operation::acos>(x); }
template <class T, std::size_t N> constexpr dual<T, N> atan(const dual<T, N>& x) { return expr::dual_rules::unary<expr::operation::atan>(x); }
template <class T, std::size_t N> constexpr dual<T, N> sinh(const dual<T, N>& x) { return expr::dual_rules::unary<expr::operation::sinh>(x); }
template <class T, std::size_t N> constexpr dual<T, N> cosh(const dual<T, N>& x) { return expr::dual_rules::unary<expr::operation::cosh>(x); }
template <class T, std::size_t N> constexpr dual<T, N> tanh(const dual<T, N>& x) { return expr::dual_rules::unary<expr::operation::tanh>(x); }
template <class T, std::size_t N> constexpr dual<T, N> asinh(const dual<T, N>& x) { return expr::dual_rules::unary<expr::operation::asinh>(x); }
template <class T, std::size_t N> constexpr dual<T, N> acosh(const dual<T, N>& x) { return expr::dual_rules::unary<expr::operation::acosh>(x); }
template <class T, std::size_t N> constexpr dual<T, N> atanh(const dual<T, N>& x) { return expr::dual_rules::unary<expr::operation::atanh>(x); }
template <class T, std::size_t N> constexpr dual<T, N> sigmoid(const dual<T, N>& x) { return expr::dual_rules::unary<expr::operation::sigmoid>(x); }
template <class T, std::size_t N> constexpr dual<T, N> softplus(const dual<T, N>& x) { return expr::dual_rules::unary<expr::operation::softplus>(x); }
template <class T, std::size_t N> constexpr dual<T, N> cbrt(const dual<T, N>& x) { return expr::dual_rules::unary<expr::operation::cbrt>(x); }
template <class T, std::size_t N> constexpr dual<T, N> erf(const dual<T, N>& x) { return expr::dual_rules::unary<expr::operation::erf>(x); }
template <class T, std::size_t N> constexpr dual<T, N> erfc(const dual<T, N>& x) { return expr::dual_rules::unary<expr::operation::erfc>(x); }
template <class T, std::size_t N> constexpr dual<T, N> normal_cdf(const dual<T, N>& x) { return expr::dual_rules::unary<expr::operation::normal_cdf>(x); }
template <class T, std::size_t N> constexpr dual<T, N> floor(const dual<T, N>& x) { return expr::dual_rules::unary<expr::operation::floor>(x); }
template <class T, std::size_t N> constexpr dual<T, N> ceil(const dual<T, N>& x) { return expr::dual_rules::unary<expr::operation::ceil>(x); }
template <class T, std::size_t N> constexpr dual<T, N> round(const dual<T, N>& x) { return expr::dual_rules::unary<expr::operation::round>(x); }
template <class T, std::size_t N> constexpr dual<T, N> trunc(const dual<T, N>& x) { return expr::dual_rules::unary<expr::operation::trunc>(x); }
template <class A, class B, class D = expr::dual_of_t<A, B>> constexpr D pow(const A& a, const B& b) { return expr::dual_rules::binary<expr::operation::power>(D(a), D(b)); }
template <class A, class B, class D = expr::dual_of_t<A, B>> constexpr D atan2(const A& a, const B& b) { return expr::dual_rules::binary<expr::operation::atan2>(D(a), D(b)); }
template <class A, class B, class D = expr::dual_of_t<A, B>> constexpr D hypot(const A& a, const B& b) { return expr::dual_rules::binary<expr::operation::hypot>(D(a), D(b)); }
template <class A, class B, class D = expr::dual_of_t<A, B>> constexpr D fmod(const A& a, const B& b) { return expr::dual_rules::binary<expr::operation::fmod>(D(a), D(b)); }
// clang-format on

/// Functions of dual numbers that <cmath> has not.
template <class T, std::size_t N> constexpr dual<T, N> square(const dual<T, N>& x) { return x * x; }
template <class T, std::size_t N> constexpr dual<T, N> reciprocal(const dual<T, N>& x) { return 1 / x; }
/// The value alone, through all orders.
template <class T, std::size_t N> constexpr dual<T, N> stop_gradient(const dual<T, N>& x) {
  if constexpr (expr::is_dual<T>)
    return dual<T, N>(stop_gradient(x.value));
  else
    return dual<T, N>(x.value);
}

/// As in the expression language: at a tie the derivative is the second's.
template <class A, class B, class D = expr::dual_of_t<A, B>> constexpr D min(const A& a, const B& b) {
  const D x(a), y(b);
  return x.value < y.value || x.value != x.value ? x : y;
}
template <class A, class B, class D = expr::dual_of_t<A, B>> constexpr D max(const A& a, const B& b) {
  const D x(a), y(b);
  return x.value > y.value || x.value != x.value ? x : y;
}
template <class T, std::size_t N, class Low, class High>
constexpr dual<T, N> clamp(const dual<T, N>& x, const Low& low, const High& high) {
  return min(max(x, low), high);
}
template <class A, class B, class D = expr::dual_of_t<A, B>>
constexpr D select(bool condition, const A& a, const B& b) {
  return condition ? D(a) : D(b);
}
template <class A, class B, class D = expr::dual_of_t<A, B>> constexpr D copysign(const A& a, const B& b) {
  const D x(a), y(b);
  using math::copysign;
  const auto magnitude = copysign(x.value, y.value);
  return expr::dual_rules::chain(magnitude, sign(D(x)).value * copysign(typename D::value_type(1), y.value), x);
}
template <class A, class B, class D = expr::dual_of_t<A, B>>
constexpr D surrogate(const A& value, const B& derivative_of) {
  const D x(value), y(derivative_of);
  if constexpr (expr::is_dual<typename D::value_type>)
    return D(surrogate(x.value, y.value), y.slope);
  else
    return D(x.value, y.slope);
}

/// x to an integer power by multiplication, for any x.
template <int Exponent, class T, std::size_t N> constexpr dual<T, N> pow(const dual<T, N>& x) {
  using math::pow;
  if constexpr (Exponent == 0)
    return dual<T, N>(1);
  else
    return expr::dual_rules::chain(pow<Exponent>(x.value), static_cast<T>(Exponent * pow<Exponent - 1>(x.value)), x);
}
/// The derivative of order `Order` of digamma; see docs/expressions.md.
template <int Order, class T, std::size_t N> constexpr dual<T, N> polygamma(const dual<T, N>& x) {
  using math::polygamma;
  return expr::dual_rules::chain(polygamma<Order>(x.value), polygamma<Order + 1>(x.value), x);
}
/// The derivative of `lgamma`.
template <class T, std::size_t N> constexpr dual<T, N> digamma(const dual<T, N>& x) { return polygamma<0>(x); }
/// log |gamma(x)|.
template <class T, std::size_t N> constexpr dual<T, N> lgamma(const dual<T, N>& x) {
  using math::lgamma, math::polygamma;
  return expr::dual_rules::chain(lgamma(x.value), polygamma<0>(x.value), x);
}

/// Each number as the variable of a direction of its own.
template <class T, std::size_t N> constexpr std::array<dual<T, N>, N> variables(const std::array<T, N>& values) {
  std::array<dual<T, N>, N> out{};
  for (std::size_t i = 0; i < N; ++i) out[i] = dual<T, N>::variable(values[i], i);
  return out;
}

} // namespace fusegrad::dual_numbers

namespace fusegrad {
/// Each number as the variable of a direction of its own.
using dual_numbers::variables;
} // namespace fusegrad
