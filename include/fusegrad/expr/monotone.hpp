// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/base/growing.hpp>
#include <fusegrad/expr/expression.hpp>
#include <fusegrad/expr/operation.hpp>
#include <limits>

namespace fusegrad::expr::inline FUSEGRAD_ABI {

namespace detail {

/// The values of the nodes where `argument` is x; NaN where they depend on others or are not plain to see.
constexpr growing<double> values_where(const expression& e, std::size_t argument, double x) {
  constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
  growing<double> values;
  for (const node& n : e.nodes) {
    const int operands = operand_count(n.op);
    const double a = operands > 0 ? values[n.a] : unknown, b = operands > 1 ? values[n.b] : unknown;
    double made = unknown;
    switch (n.op) {
    case operation::argument: made = n.a == argument ? x : unknown; break;
    case operation::constant: made = e.constants[n.a]; break;
    case operation::add: made = a + b; break;
    case operation::subtract: made = a - b; break;
    case operation::multiply: made = a * b; break;
    case operation::divide: made = b != 0 ? a / b : unknown; break;
    case operation::negate: made = -a; break;
    case operation::min: made = a <= b ? a : a > b ? b : unknown; break;
    case operation::max: made = a >= b ? a : a < b ? b : unknown; break;
    case operation::expm1: made = a == 0 ? 0 : unknown; break;
    default: break;
    }
    values.push_back(made);
  }
  return values;
}

/// Whether `condition ? upper : lower` asks on which side of a constant the argument lies, and does not fall there.
constexpr bool rises_at_its_threshold(const expression& e, const node& choice, std::size_t argument) {
  const node& condition = e.nodes[choice.a];
  if (condition.op != operation::less && condition.op != operation::less_equal) return false;
  const node &smaller = e.nodes[condition.a], &larger = e.nodes[condition.b];
  const auto is_argument = [&](const node& n) { return n.op == operation::argument && n.a == argument; };
  const bool is_above = smaller.op == operation::constant && is_argument(larger);
  if (!is_above && !(larger.op == operation::constant && is_argument(smaller))) return false;
  const double threshold = e.constants[(is_above ? smaller : larger).a];
  const growing<double> values = values_where(e, argument, threshold);
  return is_above ? values[choice.b] >= values[choice.c] : values[choice.c] >= values[choice.b];
}

} // namespace detail

/// Whether the only result of an expression never falls as one of its arguments grows, whatever the others are: then
/// the largest of several results is the result of the largest argument. "No" where that is not plain to see.
constexpr bool is_rising(const expression& e, std::size_t argument) {
  enum class course : std::uint8_t { unknown, still, rising, falling };
  if (e.results.size() != 1) return false;
  const auto flipped = [](course c) {
    return c == course::rising ? course::falling : c == course::falling ? course::rising : c;
  };
  const auto together = [](course a, course b) {
    return a == b || b == course::still ? a : a == course::still ? b : course::unknown;
  };
  growing<course> courses;
  for (const node& n : e.nodes) {
    const int operands = operand_count(n.op);
    const course a = operands > 0 ? courses[n.a] : course::still, b = operands > 1 ? courses[n.b] : course::still;
    const auto scaled = [&](course x, std::uint16_t factor) {
      if (e.nodes[factor].op != operation::constant) return course::unknown;
      const double by = e.constants[e.nodes[factor].a];
      return by > 0 ? x : by < 0 ? flipped(x) : course::unknown;
    };
    course made = course::unknown;
    switch (n.op) {
    case operation::argument: made = n.a == argument ? course::rising : course::still; break;
    case operation::constant: made = course::still; break;
    case operation::add:
    case operation::min:
    case operation::max: made = together(a, b); break;
    case operation::subtract: made = together(a, flipped(b)); break;
    case operation::negate: made = flipped(a); break;
    case operation::multiply:
      made = b == course::still ? scaled(a, n.b) : a == course::still ? scaled(b, n.a) : course::unknown;
      if (a == course::still && b == course::still) made = course::still;
      break;
    case operation::divide:
      made = a == course::still && b == course::still ? course::still
             : b == course::still                     ? scaled(a, n.b)
                                                      : course::unknown;
      break;
    case operation::select:
      // Both, since what is no number takes one of them.
      if (b == course::rising && courses[n.c] == course::rising && detail::rises_at_its_threshold(e, n, argument))
        made = course::rising;
      if (a == course::still && b == course::still && courses[n.c] == course::still) made = course::still;
      break;
    case operation::exp:
    case operation::expm1:
    case operation::tanh:
    case operation::sigmoid:
    case operation::softplus:
    case operation::erf:
    case operation::atan:
    case operation::sinh:
    case operation::asinh:
    case operation::exp2:
    case operation::cbrt:
    case operation::normal_cdf:
    case operation::floor:
    case operation::ceil:
    case operation::round:
    case operation::trunc: made = a; break;
    case operation::erfc: made = flipped(a); break;
    case operation::abs:
    case operation::sign:
    case operation::sqrt:
    case operation::rsqrt:
    case operation::power:
    case operation::integer_power:
    case operation::log:
    case operation::log1p:
    case operation::sin:
    case operation::cos:
    case operation::tan:
    case operation::asin:
    case operation::acos:
    case operation::cosh:
    case operation::acosh:
    case operation::atanh:
    case operation::log2:
    case operation::log10:
    case operation::lgamma:
    case operation::polygamma:
    case operation::atan2:
    case operation::hypot:
    case operation::copysign:
    case operation::fmod:
    case operation::less:
    case operation::less_equal:
    case operation::equal:
    case operation::stop_gradient:
    case operation::surrogate: // by what it reads alone
      made = a == course::still && b == course::still ? course::still : course::unknown;
      break;
    }
    courses.push_back(made);
  }
  return courses[e.results[0]] == course::rising;
}

} // namespace fusegrad::expr::inline FUSEGRAD_ABI
