// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <fusegrad/base/config.hpp>

namespace fusegrad::expr::inline FUSEGRAD_ABI {

/// Everything an expression can consist of. What each computes, and its derivative, is its row in rules.hpp.
enum class operation : std::uint8_t {
  argument, ///< the `a`-th argument of the function
  constant, ///< the `a`-th constant of the table
  add,
  subtract,
  multiply,
  divide,
  negate,
  abs,
  sign,
  sqrt,
  rsqrt,
  power,         ///< `a` to the power `b`, for a > 0
  integer_power, ///< `a` to the integer power stored in `b`
  exp,
  expm1,
  log,
  log1p,
  sin,
  cos,
  tanh,
  sigmoid,
  softplus,
  erf,
  tan,
  asin,
  acos,
  atan,
  sinh,
  cosh,
  asinh,
  acosh,
  atanh,
  exp2,
  log2,
  log10,
  cbrt,
  erfc,
  normal_cdf,
  lgamma,
  polygamma, ///< the derivative of digamma whose order is stored in `b`
  floor,
  ceil,
  round,
  trunc,
  atan2,
  hypot,
  copysign,
  fmod,
  min,
  max,
  less,
  less_equal,
  equal,
  select,        ///< `a` is not zero ? `b` : `c`
  stop_gradient, ///< the value of `a`, with derivative zero
  surrogate,     ///< the value of `a`, with the derivative of `b`
};

inline constexpr int operation_count = static_cast<int>(operation::surrogate) + 1;

/// One node of an expression: an operation on earlier nodes of the same table. Its members have no initial values, nor
/// is it compared by default: in constant evaluation Clang would start each node of a list by itself, and call what
/// compares two.
struct node {
  operation op;
  std::uint16_t a, b, c;
  friend constexpr bool operator==(const node& x, const node& y) {
    return x.op == y.op && x.a == y.a && x.b == y.b && x.c == y.c;
  }
};

/// How many of `a`, `b`, `c` are nodes.
constexpr int operand_count(operation op) noexcept {
  switch (op) {
  case operation::argument:
  case operation::constant: return 0;
  case operation::add:
  case operation::subtract:
  case operation::multiply:
  case operation::divide:
  case operation::power:
  case operation::atan2:
  case operation::hypot:
  case operation::copysign:
  case operation::fmod:
  case operation::min:
  case operation::max:
  case operation::less:
  case operation::less_equal:
  case operation::equal:
  case operation::surrogate: return 2;
  case operation::select: return 3;
  default: return 1;
  }
}

/// Whether `b` is a number and no node.
constexpr bool has_stored_number(operation op) noexcept {
  return op == operation::integer_power || op == operation::polygamma;
}

/// Whether the value has kinks or jumps: its derivatives say nothing about those.
constexpr bool is_piecewise(operation op) noexcept {
  return op == operation::select || op == operation::abs || op == operation::sign || op == operation::min ||
         op == operation::max || op == operation::copysign || op == operation::fmod ||
         (operation::floor <= op && op <= operation::trunc);
}

constexpr bool is_comparison(operation op) noexcept {
  return op == operation::less || op == operation::less_equal || op == operation::equal;
}

} // namespace fusegrad::expr::inline FUSEGRAD_ABI
