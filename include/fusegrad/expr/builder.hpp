// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <fusegrad/base/growing.hpp>
#include <fusegrad/base/raise.hpp>
#include <fusegrad/expr/operation.hpp>

namespace fusegrad::expr::inline FUSEGRAD_ABI {

/// An expression while it grows, at compile time: a table of nodes in which an equal node is never stored twice,
/// so that the index of a node is its identity. `make` brings each node into normal form (docs/expressions.md).
class builder {
public:
  constexpr int argument(int index) {
    if (index >= argument_count_) argument_count_ = index + 1;
    return intern({operation::argument, static_cast<std::uint16_t>(index), 0, 0});
  }

  constexpr int constant(double value) {
    // Compared by bits: 0.0 and -0.0 are different constants, a NaN is itself.
    const auto bits = std::bit_cast<std::uint64_t>(value);
    for (std::size_t i = 0; i < constants_.size(); ++i)
      if (std::bit_cast<std::uint64_t>(constants_[i]) == bits) return constant_node(i);
    constants_.push_back(value);
    return constant_node(constants_.size() - 1);
  }

  /// The node for `op` on nodes `a`, `b`, `c`, in normal form. It never re-associates and never folds `0 * x`.
  constexpr int make(operation op, int a, int b = 0, int c = 0) {
    switch (op) {
    case operation::add: return make_add(a, b);
    case operation::subtract: return make_subtract(a, b);
    case operation::multiply: return make_multiply(a, b);
    case operation::divide: return make_divide(a, b);
    case operation::negate: return make_negate(a);
    case operation::abs: return make_abs(a);
    case operation::power: return make_power(a, b);
    case operation::log: return make_log(a);
    case operation::log1p: return is(a, operation::exp) ? plain(operation::softplus, at(a).a) : plain(op, a);
    case operation::less:
    case operation::less_equal:
    case operation::equal: return make_comparison(op, a, b);
    case operation::select: return make_select(a, b, c);
    case operation::stop_gradient: return is_constant(a) ? a : plain(op, a);
    case operation::surrogate: return a == b ? a : plain(op, a, b);
    default: return plain(op, a, b, c);
    }
  }

  /// `a` to an integer power; `exponent` is not a node.
  constexpr int make_integer_power(int a, int exponent) {
    if (exponent == 0) return constant(1);
    if (exponent == 1) return a;
    if (exponent == 2) return make_multiply(a, a);
    if (exponent == -1) return make_divide(constant(1), a);
    return plain(operation::integer_power, a, static_cast<std::uint16_t>(static_cast<std::int16_t>(exponent)));
  }

  /// The derivative of digamma of the given order; it is not a node.
  constexpr int make_polygamma(int a, int order) {
    return plain(operation::polygamma, a, static_cast<std::uint16_t>(order));
  }

  /// The node `n` of another table on operands that have become the nodes `a`, `b`, `c` of this one.
  constexpr int make_like(const node& n, int a, int b, int c) {
    if (n.op == operation::integer_power) return make_integer_power(a, static_cast<std::int16_t>(n.b));
    if (n.op == operation::polygamma) return make_polygamma(a, n.b);
    return make(n.op, a, b, c);
  }

  [[nodiscard]] constexpr bool is_constant(int i) const { return at(i).op == operation::constant; }
  [[nodiscard]] constexpr double constant_value(int i) const { return constants_[at(i).a]; }
  [[nodiscard]] constexpr bool is_constant(int i, double value) const {
    return is_constant(i) && std::bit_cast<std::uint64_t>(constant_value(i)) == std::bit_cast<std::uint64_t>(value);
  }

  [[nodiscard]] constexpr const node& at(int i) const { return entries_.begin()[i].what; }
  [[nodiscard]] constexpr int size() const { return static_cast<int>(entries_.size()); }
  [[nodiscard]] constexpr int argument_count() const { return argument_count_; }
  [[nodiscard]] constexpr const growing<double>& constants() const { return constants_; }

private:
  static constexpr std::size_t first_bucket_count = 61;

  constexpr int constant_node(std::size_t index) {
    return intern({operation::constant, static_cast<std::uint16_t>(index), 0, 0});
  }

  constexpr int plain(operation op, int a, int b = 0, int c = 0) {
    return intern({op, static_cast<std::uint16_t>(a), static_cast<std::uint16_t>(b), static_cast<std::uint16_t>(c)});
  }

  constexpr int commuted(operation op, int a, int b) {
    const bool swap = is_constant(a) != is_constant(b) ? is_constant(b) : b < a;
    return swap ? plain(op, b, a) : plain(op, a, b);
  }

  constexpr int make_add(int a, int b) {
    if (is_constant(a) && is_constant(b)) return constant(constant_value(a) + constant_value(b));
    if (a == b) return make_multiply(constant(2), a);
    if (has_sign(b)) return make_subtract(a, make_negate(b));
    if (has_sign(a)) return make_subtract(b, make_negate(a));
    return commuted(operation::add, a, b);
  }

  constexpr int make_subtract(int a, int b) {
    if (is_constant(a) && is_constant(b)) return constant(constant_value(a) - constant_value(b));
    if (is_constant(b, 0.0)) return a;
    if (has_sign(b)) return make_add(a, make_negate(b));
    return plain(operation::subtract, a, b);
  }

  constexpr int make_multiply(int a, int b) {
    if (is_constant(a) && is_constant(b)) return constant(constant_value(a) * constant_value(b));
    if (is_constant(b)) return make_scaled(b, a);
    if (is_constant(a)) return make_scaled(a, b);
    if (is_negated(a) && is_negated(b)) return make_multiply(at(a).a, at(b).a);
    if (is_negated(a)) return make_negate(make_multiply(at(a).a, b));
    if (is_negated(b)) return make_negate(make_multiply(a, at(b).a));
    if (a == b && is(a, operation::abs)) return make_multiply(at(a).a, at(a).a);
    return commuted(operation::multiply, a, b);
  }

  /// A constant times a node that is not one.
  constexpr int make_scaled(int factor, int x) {
    const double value = constant_value(factor);
    if (value == 1) return x;
    if (value == -1) return make_negate(x);
    if (is_negated(x)) return make_scaled(constant(-value), at(x).a);
    // Powers of two scale exactly: 0.5*(2*x) is x. No other association is changed.
    const node inner = at(x);
    if (inner.op == operation::multiply && is_constant(inner.a)) {
      const double other = constant_value(inner.a);
      if (scales_exactly(value) || scales_exactly(other)) return make_scaled(constant(value * other), inner.b);
    }
    return plain(operation::multiply, factor, x);
  }

  constexpr int make_divide(int a, int b) {
    if (is_constant(b)) {
      const double divisor = constant_value(b);
      if (is_constant(a) && divisor != 0) return constant(constant_value(a) / divisor);
      if (scales_exactly(divisor)) return make_multiply(constant(1 / divisor), a);
    }
    if (is_one_plus_exp(b)) return make_logistic(a, at(b).b);
    if (is_negated(a) && is_negated(b)) return make_divide(at(a).a, at(b).a);
    if (is_negated(a)) return make_negate(make_divide(at(a).a, b));
    if (is_negated(b)) return make_negate(make_divide(a, at(b).a));
    return plain(operation::divide, a, b);
  }

  /// `a / (1 + exponential)`: as it is written it overflows, and its derivative is infinity over infinity.
  constexpr int make_logistic(int a, int exponential) {
    if (a == exponential) return plain(operation::sigmoid, at(exponential).a);
    return make_multiply(a, plain(operation::sigmoid, make_negate(at(exponential).a)));
  }

  constexpr int make_negate(int a) {
    if (is_constant(a)) return constant(-constant_value(a));
    if (is_negated(a)) return at(a).a;
    const node inner = at(a);
    // A sign moves into a constant factor: -(2*x) is -2*x, the same bits.
    if (inner.op == operation::multiply && is_constant(inner.a))
      return make_multiply(constant(-constant_value(inner.a)), inner.b);
    return plain(operation::negate, a);
  }

  constexpr int make_abs(int a) {
    if (is(a, operation::abs)) return a;
    return plain(operation::abs, is_negated(a) ? at(a).a : a);
  }

  constexpr int make_power(int a, int b) {
    if (!is_constant(b)) return plain(operation::power, a, b);
    const double exponent = constant_value(b);
    if (!(-64 <= exponent && exponent <= 64) || exponent != static_cast<int>(exponent))
      return plain(operation::power, a, b);
    return make_integer_power(a, static_cast<int>(exponent));
  }

  /// Logarithms that would be infinite for an argument whose result is representable.
  constexpr int make_log(int a) {
    const node inner = at(a);
    if (is_one_plus_exp(a)) return plain(operation::softplus, at(inner.b).a);
    if (inner.op == operation::sigmoid) return make_negate(plain(operation::softplus, make_negate(inner.a)));
    if (inner.op == operation::subtract && is_constant(inner.a, 1) && is(inner.b, operation::sigmoid))
      return make_negate(plain(operation::softplus, at(inner.b).a));
    return plain(operation::log, a);
  }

  constexpr int make_comparison(operation op, int a, int b) {
    if (!is_constant(a) || !is_constant(b)) return plain(op, a, b);
    const double x = constant_value(a), y = constant_value(b);
    return constant((op == operation::less ? x < y : op == operation::less_equal ? x <= y : x == y) ? 1 : 0);
  }

  constexpr int make_select(int condition, int a, int b) {
    if (a == b) return a;
    if (is_constant(condition)) return constant_value(condition) != 0 ? a : b;
    return plain(operation::select, condition, a, b);
  }

  [[nodiscard]] constexpr bool is(int i, operation op) const { return at(i).op == op; }
  [[nodiscard]] constexpr bool is_negated(int i) const { return is(i, operation::negate); }

  /// A sign in front that a sum can take over: `-x`, `-2*x` or `-2`.
  [[nodiscard]] constexpr bool has_sign(int i) const {
    if (is_constant(i)) return constant_value(i) < 0;
    return is_negated(i) || (is(i, operation::multiply) && is_constant(at(i).a) && constant_value(at(i).a) < 0);
  }

  [[nodiscard]] constexpr bool is_one_plus_exp(int i) const {
    return is(i, operation::add) && is_constant(at(i).a, 1) && is(at(i).b, operation::exp);
  }

  /// A power of two that neither overflows nor underflows in a float.
  static constexpr bool scales_exactly(double value) {
    const auto bits = std::bit_cast<std::uint64_t>(value);
    const auto exponent = static_cast<int>(bits >> 52 & 0x7FF) - 1023;
    return (bits & 0x000F'FFFF'FFFF'FFFF) == 0 && -60 <= exponent && exponent <= 60;
  }

  /// A node, and the one before it in its bucket: one more than its index, 0 at the end of the chain.
  struct entry {
    node what;
    int next;
  };

  constexpr std::size_t bucket_of(const node& n) const {
    return (static_cast<std::size_t>(n.op) * 31 + n.a * 7U + n.b * 13U + n.c * 17U) % bucket_count_;
  }

  constexpr int intern(const node& n) {
    const std::size_t count = entries_.size();
    if (bucket_count_ == 0 || count > 2 * bucket_count_) spread();
    int& head = heads_.begin()[bucket_of(n)];
    const entry* const entries = entries_.begin();
    for (int i = head; i != 0; i = entries[i - 1].next)
      if (entries[i - 1].what == n) return i - 1;
    if (count == 65'535) base::end_constant_evaluation("fusegrad: a function of more than 65,535 nodes");
    entries_.push_back({n, head});
    head = static_cast<int>(count) + 1;
    return static_cast<int>(count);
  }

  /// More buckets, so that their chains stay short however many nodes there are.
  constexpr void spread() {
    bucket_count_ = bucket_count_ == 0 ? first_bucket_count : 4 * bucket_count_ + 1;
    heads_.clear();
    heads_.resize(bucket_count_);
    entries_.reserve(bucket_count_);
    for (int i = 0; i < size(); ++i) {
      entry& known = entries_.begin()[i];
      int& head = heads_[bucket_of(known.what)];
      known.next = head;
      head = i + 1;
    }
  }

  growing<entry> entries_;
  growing<double> constants_;
  growing<int> heads_; // where the chain of each bucket begins, as `next`
  std::size_t bucket_count_ = 0;
  int argument_count_ = 0;
};

} // namespace fusegrad::expr::inline FUSEGRAD_ABI
