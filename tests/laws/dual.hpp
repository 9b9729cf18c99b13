// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <fusegrad/math/elementary.hpp>
#include <type_traits>

namespace fusegrad::test {

/// A number that carries its derivative along: the independent reference for every derivative of the library.
/// T is double, or another dual number for second derivatives. The formulas differ from the library's own where there
/// is a choice.
template <class T> struct dual {
  using value_type = T;

  T value{};
  T slope{};

  constexpr dual() = default;
  constexpr dual(T v, T s = T(0)) : value{v}, slope{s} {}
  template <class Number>
    requires(std::is_arithmetic_v<Number> && !std::is_same_v<Number, T>)
  constexpr dual(Number v) : value{static_cast<T>(v)}, slope{static_cast<T>(0)} {}

  friend constexpr dual operator+(dual a, dual b) { return {a.value + b.value, a.slope + b.slope}; }
  friend constexpr dual operator-(dual a, dual b) { return {a.value - b.value, a.slope - b.slope}; }
  friend constexpr dual operator*(dual a, dual b) { return {a.value * b.value, a.slope * b.value + a.value * b.slope}; }
  friend constexpr dual operator/(dual a, dual b) {
    return {a.value / b.value, (a.slope * b.value - a.value * b.slope) / (b.value * b.value)};
  }
  friend constexpr dual operator-(dual a) { return {-a.value, -a.slope}; }
  constexpr dual& operator+=(dual b) { return *this = *this + b; }
  constexpr dual& operator-=(dual b) { return *this = *this - b; }
  constexpr dual& operator*=(dual b) { return *this = *this * b; }
  constexpr dual& operator/=(dual b) { return *this = *this / b; }

  friend constexpr bool operator<(dual a, dual b) { return a.value < b.value; }
  friend constexpr bool operator>(dual a, dual b) { return b.value < a.value; }
  friend constexpr bool operator<=(dual a, dual b) { return a.value <= b.value; }
  friend constexpr bool operator>=(dual a, dual b) { return b.value <= a.value; }
  friend constexpr bool operator==(dual a, dual b) { return a.value == b.value; }
};

/// The variable with respect to which is differentiated.
template <class T> constexpr dual<T> variable(T value) { return {value, T(1)}; }

/// The variable for second derivatives: the answer stands in `.slope.slope`.
constexpr dual<dual<double>> second_variable(double value) { return {variable(value), dual<double>(1.0)}; }

template <class T> constexpr dual<T> select(bool condition, dual<T> a, dual<T> b) { return condition ? a : b; }

namespace detail {
using std::erf, std::exp, std::expm1, std::log, std::log1p, std::sqrt, std::sin, std::cos, std::tanh;
// Functions that the standard library does not have.
inline double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }
inline double softplus(double x) { return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x)); }
} // namespace detail

// Each: the value, and the slope by the chain rule.
template <class T> dual<T> exp(dual<T> x) {
  using detail::exp;
  const T y = exp(x.value);
  return {y, x.slope * y};
}
template <class T> dual<T> expm1(dual<T> x) {
  using detail::exp, detail::expm1;
  return {expm1(x.value), x.slope * exp(x.value)};
}
template <class T> dual<T> log(dual<T> x) {
  using detail::log;
  return {log(x.value), x.slope / x.value};
}
template <class T> dual<T> log1p(dual<T> x) {
  using detail::log1p;
  return {log1p(x.value), x.slope / (x.value + T(1))};
}
template <class T> dual<T> sqrt(dual<T> x) {
  using detail::sqrt;
  const T y = sqrt(x.value);
  return {y, x.slope / (y + y)};
}
template <class T> dual<T> rsqrt(dual<T> x) { return dual<T>(T(1)) / sqrt(x); }
template <class T> dual<T> sin(dual<T> x) {
  using detail::sin, detail::cos;
  return {sin(x.value), x.slope * cos(x.value)};
}
template <class T> dual<T> cos(dual<T> x) {
  using detail::sin, detail::cos;
  return {cos(x.value), -(x.slope * sin(x.value))};
}
template <class T> dual<T> tanh(dual<T> x) {
  using detail::exp, detail::tanh;
  const T cosine = (exp(x.value) + exp(-x.value)) / T(2);
  return {tanh(x.value), x.slope / (cosine * cosine)};
}
template <class T> dual<T> sigmoid(dual<T> x) {
  using detail::exp, detail::sigmoid;
  const T sum = exp(x.value / T(2)) + exp(-x.value / T(2));
  return {sigmoid(x.value), x.slope / (sum * sum)};
}
template <class T> dual<T> softplus(dual<T> x) {
  using detail::exp, detail::softplus;
  return {softplus(x.value), x.slope / (T(1) + exp(-x.value))};
}
template <class T> dual<T> erf(dual<T> x) {
  using detail::exp, detail::erf;
  return {erf(x.value), x.slope * exp(-(x.value * x.value)) * T(1.1283791670955126)};
}
template <class T> dual<T> abs(dual<T> x) { return x.value < T(0) ? -x : x; }
template <class T> constexpr dual<T> sign(dual<T> x) { return T(0) < x.value ? T(1) : x.value < T(0) ? T(-1) : T(0); }
template <class T> constexpr dual<T> square(dual<T> x) { return x * x; }
template <class T> constexpr dual<T> reciprocal(dual<T> x) { return dual<T>(T(1)) / x; }
template <class T> constexpr dual<T> min(dual<T> a, dual<T> b) { return a < b ? a : b; }
template <class T> constexpr dual<T> max(dual<T> a, dual<T> b) { return b < a ? a : b; }
/// Through exponential and logarithm; a > 0.
template <class T> dual<T> pow(dual<T> a, dual<T> b) { return exp(b * log(a)); }
template <int Exponent, class T> constexpr dual<T> pow(dual<T> x) {
  dual<T> y = T(1);
  for (int i = 0; i < (Exponent < 0 ? -Exponent : Exponent); ++i) y *= x;
  return Exponent < 0 ? reciprocal(y) : y;
}

} // namespace fusegrad::test
