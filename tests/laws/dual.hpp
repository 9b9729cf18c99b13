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
using std::tan, std::asin, std::acos, std::atan, std::sinh, std::cosh, std::asinh, std::acosh, std::atanh, std::exp2,
    std::log2, std::log10, std::cbrt, std::erfc, std::lgamma, std::floor, std::ceil, std::round, std::trunc, std::atan2,
    std::hypot, std::copysign, std::fmod;
inline double normal_cdf(double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); }
/// By steps to where Stirling's series is exact.
inline double polygamma(double x, int order) {
  long double y = x, sum = 0;
  const long double n = order, factorial = std::tgamma(n + 1);
  for (; y < 200; y += 1) sum += factorial * std::pow(y, -n - 1);
  sum += factorial / 2 * std::pow(y, -n - 1) + std::tgamma(n + 2) / 12 * std::pow(y, -n - 2) -
         std::tgamma(n + 4) / 720 * std::pow(y, -n - 4) + std::tgamma(n + 6) / 30240 * std::pow(y, -n - 6);
  sum += order == 0 ? -std::log(y) : std::tgamma(n) * std::pow(y, -n);
  return static_cast<double>(order % 2 == 0 ? -sum : sum);
}
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
template <class T> dual<T> tan(dual<T> x) {
  using detail::tan, detail::cos;
  const T c = cos(x.value);
  return {tan(x.value), x.slope / (c * c)};
}
template <class T> dual<T> asin(dual<T> x) {
  using detail::asin, detail::sqrt;
  return {asin(x.value), x.slope / sqrt(T(1) - x.value * x.value)};
}
template <class T> dual<T> acos(dual<T> x) {
  using detail::acos, detail::sqrt;
  return {acos(x.value), -(x.slope / sqrt(T(1) - x.value * x.value))};
}
template <class T> dual<T> atan(dual<T> x) {
  using detail::atan;
  return {atan(x.value), x.slope / (T(1) + x.value * x.value)};
}
template <class T> dual<T> sinh(dual<T> x) {
  using detail::sinh, detail::exp;
  return {sinh(x.value), x.slope * (exp(x.value) + exp(-x.value)) / T(2)};
}
template <class T> dual<T> cosh(dual<T> x) {
  using detail::cosh, detail::exp;
  return {cosh(x.value), x.slope * (exp(x.value) - exp(-x.value)) / T(2)};
}
template <class T> dual<T> asinh(dual<T> x) {
  using detail::asinh, detail::sqrt;
  return {asinh(x.value), x.slope / sqrt(x.value * x.value + T(1))};
}
template <class T> dual<T> acosh(dual<T> x) {
  using detail::acosh, detail::sqrt;
  return {acosh(x.value), x.slope / sqrt(x.value * x.value - T(1))};
}
template <class T> dual<T> atanh(dual<T> x) {
  using detail::atanh;
  return {atanh(x.value), x.slope / (T(1) - x.value * x.value)};
}
template <class T> dual<T> exp2(dual<T> x) {
  using detail::exp2;
  const T y = exp2(x.value);
  return {y, x.slope * y * T(0.6931471805599453)};
}
template <class T> dual<T> log2(dual<T> x) {
  using detail::log2;
  return {log2(x.value), x.slope / (x.value * T(0.6931471805599453))};
}
template <class T> dual<T> log10(dual<T> x) {
  using detail::log10;
  return {log10(x.value), x.slope / (x.value * T(2.302585092994046))};
}
template <class T> dual<T> cbrt(dual<T> x) {
  using detail::cbrt;
  const T y = cbrt(x.value);
  return {y, x.slope * y / (T(3) * x.value)};
}
template <class T> dual<T> erfc(dual<T> x) {
  using detail::exp, detail::erfc;
  return {erfc(x.value), -(x.slope * exp(-(x.value * x.value)) * T(1.1283791670955126))};
}
template <class T> dual<T> normal_cdf(dual<T> x) {
  using detail::exp, detail::normal_cdf;
  return {normal_cdf(x.value), x.slope * exp(-(x.value * x.value) / T(2)) / T(2.5066282746310002)};
}
template <class T> dual<T> polygamma(dual<T> x, int order) {
  using detail::polygamma;
  return {polygamma(x.value, order), x.slope * polygamma(x.value, order + 1)};
}
template <int Order, class T> dual<T> polygamma(dual<T> x) { return polygamma(x, Order); }
template <class T> dual<T> lgamma(dual<T> x) {
  using detail::lgamma, detail::polygamma;
  return {lgamma(x.value), x.slope * polygamma(x.value, 0)};
}
template <class T> dual<T> floor(dual<T> x) {
  using detail::floor;
  return floor(x.value);
}
template <class T> dual<T> ceil(dual<T> x) {
  using detail::ceil;
  return ceil(x.value);
}
template <class T> dual<T> round(dual<T> x) {
  using detail::round;
  return round(x.value);
}
template <class T> dual<T> trunc(dual<T> x) {
  using detail::trunc;
  return trunc(x.value);
}
template <class T> dual<T> atan2(dual<T> y, dual<T> x) {
  using detail::atan2;
  const T square = x.value * x.value + y.value * y.value;
  return {atan2(y.value, x.value), (y.slope * x.value - x.slope * y.value) / square};
}
template <class T> dual<T> hypot(dual<T> x, dual<T> y) { return sqrt(x * x + y * y); }
template <class T> dual<T> copysign(dual<T> x, dual<T> sign) {
  return (x.value < T(0)) == (sign.value < T(0)) ? x : -x;
}
template <class T> dual<T> fmod(dual<T> x, dual<T> y) { return x - trunc(x / y) * y; }
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
