// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/base/growing.hpp>
#include <fusegrad/expr/expression.hpp>
#include <fusegrad/expr/operation.hpp>

namespace fusegrad::expr::inline FUSEGRAD_ABI {

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
    case operation::exp:
    case operation::expm1:
    case operation::tanh:
    case operation::sigmoid:
    case operation::softplus:
    case operation::erf: made = a; break;
    case operation::divide:
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
    case operation::less:
    case operation::less_equal:
    case operation::equal:
    case operation::select:
    case operation::stop_gradient:
    case operation::surrogate: // by what it reads alone
      made = a == course::still && b == course::still && (operands < 3 || courses[n.c] == course::still)
                 ? course::still
                 : course::unknown;
      break;
    }
    courses.push_back(made);
  }
  return courses[e.results[0]] == course::rising;
}

} // namespace fusegrad::expr::inline FUSEGRAD_ABI
