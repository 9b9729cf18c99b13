// SPDX-License-Identifier: MIT
#pragma once

#include "laws/dual.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <fusegrad/expr/expression.hpp>
#include <stdexcept>
#include <vector>

namespace fusegrad::test {

namespace detail {
inline double abs(double x) { return std::fabs(x); }
inline double sign(double x) { return x > 0 ? 1 : x < 0 ? -1 : 0; }
inline double rsqrt(double x) { return 1 / std::sqrt(x); }
inline double min(double a, double b) { return a < b ? a : b; }
inline double max(double a, double b) { return b < a ? a : b; }
inline double pow(double a, double b) { return std::pow(a, b); }
} // namespace detail

inline double with_slope_of(double value, double) { return value; }
template <class T> dual<T> with_slope_of(dual<T> value, dual<T> slope) {
  return {with_slope_of(value.value, slope.value), slope.slope};
}

/// The value of one node of an expression, from the standard library's functions: no code in common with the library.
template <class R> R evaluate_node(const expr::node& n, const std::vector<R>& v) {
  using detail::abs, detail::sign, detail::rsqrt, detail::min, detail::max, detail::pow, detail::exp, detail::expm1,
      detail::log, detail::log1p, detail::sqrt, detail::sin, detail::cos, detail::tanh, detail::sigmoid,
      detail::softplus, detail::erf;
  using detail::tan, detail::asin, detail::acos, detail::atan, detail::sinh, detail::cosh, detail::asinh, detail::acosh,
      detail::atanh, detail::exp2, detail::log2, detail::log10, detail::cbrt, detail::erfc, detail::normal_cdf,
      detail::lgamma, detail::floor, detail::ceil, detail::round, detail::trunc, detail::atan2, detail::hypot,
      detail::copysign, detail::fmod, detail::polygamma;
  using expr::operation;
  const auto count = static_cast<std::size_t>(expr::operand_count(n.op));
  const R a = v[n.a], b = count > 1 ? v[n.b] : R(0), c = count > 2 ? v[n.c] : R(0);
  const auto truth = [](bool holds) { return R(holds ? 1.0 : 0.0); };
  switch (n.op) {
  case operation::add: return a + b;
  case operation::subtract: return a - b;
  case operation::multiply: return a * b;
  case operation::divide: return a / b;
  case operation::negate: return -a;
  case operation::abs: return abs(a);
  case operation::sign: return sign(a);
  case operation::sqrt: return sqrt(a);
  case operation::rsqrt: return rsqrt(a);
  case operation::power: return pow(a, b);
  case operation::integer_power: {
    const int exponent = static_cast<std::int16_t>(n.b);
    R y = 1.0;
    for (int i = 0; i < (exponent < 0 ? -exponent : exponent); ++i) y = y * a;
    return exponent < 0 ? R(1.0) / y : y;
  }
  case operation::exp: return exp(a);
  case operation::expm1: return expm1(a);
  case operation::log: return log(a);
  case operation::log1p: return log1p(a);
  case operation::sin: return sin(a);
  case operation::cos: return cos(a);
  case operation::tanh: return tanh(a);
  case operation::sigmoid: return sigmoid(a);
  case operation::softplus: return softplus(a);
  case operation::erf: return erf(a);
  case operation::tan: return tan(a);
  case operation::asin: return asin(a);
  case operation::acos: return acos(a);
  case operation::atan: return atan(a);
  case operation::sinh: return sinh(a);
  case operation::cosh: return cosh(a);
  case operation::asinh: return asinh(a);
  case operation::acosh: return acosh(a);
  case operation::atanh: return atanh(a);
  case operation::exp2: return exp2(a);
  case operation::log2: return log2(a);
  case operation::log10: return log10(a);
  case operation::cbrt: return cbrt(a);
  case operation::erfc: return erfc(a);
  case operation::normal_cdf: return normal_cdf(a);
  case operation::lgamma: return lgamma(a);
  case operation::floor: return floor(a);
  case operation::ceil: return ceil(a);
  case operation::round: return round(a);
  case operation::trunc: return trunc(a);
  case operation::polygamma: return polygamma(a, n.b);
  case operation::atan2: return atan2(a, b);
  case operation::hypot: return hypot(a, b);
  case operation::copysign: return copysign(a, b);
  case operation::fmod: return fmod(a, b);
  case operation::min: return min(a, b);
  case operation::max: return max(a, b);
  case operation::less: return truth(a < b);
  case operation::less_equal: return truth(a <= b);
  case operation::equal: return truth(a == b);
  case operation::select: return a == R(0.0) ? c : b;
  case operation::stop_gradient: return with_slope_of(a, R(0.0));
  case operation::surrogate: return with_slope_of(a, b);
  case operation::argument:
  case operation::constant: break;
  }
  throw std::logic_error("an operation that the reference does not know");
}

/// All results of an expression, node by node.
template <class R> std::vector<R> evaluate_plainly(const expr::expression& f, const std::vector<R>& arguments) {
  std::vector<R> v;
  for (const expr::node& n : f.nodes) {
    if (n.op == expr::operation::argument)
      v.push_back(arguments.at(n.a));
    else if (n.op == expr::operation::constant)
      v.push_back(R(f.constants[n.a]));
    else
      v.push_back(evaluate_node(n, v));
  }
  std::vector<R> results;
  for (std::uint16_t r : f.results) results.push_back(v[r]);
  return results;
}

} // namespace fusegrad::test
