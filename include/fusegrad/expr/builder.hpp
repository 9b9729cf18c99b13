// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <fusegrad/base/growing.hpp>
#include <fusegrad/expr/operation.hpp>

namespace fusegrad::expr {

/// An expression while it grows, at compile time: a table of nodes in which an equal node is never stored twice,
/// so that the index of a node is its identity. `make` brings each node into normal form (docs/expressions.md).
class builder {
public:
  constexpr builder() { heads_.resize(bucket_count); }

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
    case operation::select: return b == c ? b : plain(op, a, b, c);
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

  [[nodiscard]] constexpr bool is_constant(int i) const { return at(i).op == operation::constant; }
  [[nodiscard]] constexpr double constant_value(int i) const { return constants_[at(i).a]; }
  [[nodiscard]] constexpr bool is_constant(int i, double value) const {
    return is_constant(i) && std::bit_cast<std::uint64_t>(constant_value(i)) == std::bit_cast<std::uint64_t>(value);
  }

  [[nodiscard]] constexpr const node& at(int i) const { return nodes_[static_cast<std::size_t>(i)]; }
  [[nodiscard]] constexpr int size() const { return static_cast<int>(nodes_.size()); }
  [[nodiscard]] constexpr int argument_count() const { return argument_count_; }
  [[nodiscard]] constexpr const growing<double>& constants() const { return constants_; }

private:
  static constexpr std::size_t bucket_count = 128;

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
    if (is_negated(b)) return make_subtract(a, at(b).a);
    if (is_negated(a)) return make_subtract(b, at(a).a);
    return commuted(operation::add, a, b);
  }

  constexpr int make_subtract(int a, int b) {
    if (is_constant(a) && is_constant(b)) return constant(constant_value(a) - constant_value(b));
    if (is_constant(b, 0.0)) return a;
    if (is_negated(b)) return make_add(a, at(b).a);
    return plain(operation::subtract, a, b);
  }

  constexpr int make_multiply(int a, int b) {
    if (is_constant(a) && is_constant(b)) return constant(constant_value(a) * constant_value(b));
    if (is_constant(a, 1)) return b;
    if (is_constant(b, 1)) return a;
    if (is_constant(a, -1)) return make_negate(b);
    if (is_constant(b, -1)) return make_negate(a);
    if (is_negated(a) && is_negated(b)) return make_multiply(at(a).a, at(b).a);
    if (is_negated(a)) return make_negate(make_multiply(at(a).a, b));
    if (is_negated(b)) return make_negate(make_multiply(a, at(b).a));
    return commuted(operation::multiply, a, b);
  }

  constexpr int make_divide(int a, int b) {
    if (is_constant(b, 1)) return a;
    if (is_constant(a) && is_constant(b) && constant_value(b) != 0) return constant(constant_value(a) / constant_value(b));
    if (is_negated(a) && is_negated(b)) return make_divide(at(a).a, at(b).a);
    if (is_negated(a)) return make_negate(make_divide(at(a).a, b));
    if (is_negated(b)) return make_negate(make_divide(a, at(b).a));
    return plain(operation::divide, a, b);
  }

  constexpr int make_negate(int a) {
    if (is_constant(a)) return constant(-constant_value(a));
    if (is_negated(a)) return at(a).a;
    const node inner = at(a);
    // A sign moves into a constant factor: -(2*x) is -2*x, the same bits.
    if (inner.op == operation::multiply && is_constant(inner.a)) return make_multiply(constant(-constant_value(inner.a)), inner.b);
    return plain(operation::negate, a);
  }

  [[nodiscard]] constexpr bool is_negated(int i) const { return at(i).op == operation::negate; }

  constexpr int intern(node n) {
    const std::size_t bucket = (static_cast<std::size_t>(n.op) * 31 + n.a * 7 + n.b * 13 + n.c * 17) % bucket_count;
    for (int i = heads_[bucket]; i != 0; i = next_[static_cast<std::size_t>(i - 1)])
      if (at(i - 1) == n) return i - 1;
    nodes_.push_back(n);
    next_.push_back(heads_[bucket]);
    heads_[bucket] = size();
    return size() - 1;
  }

  growing<node> nodes_;
  growing<double> constants_;
  growing<int> heads_; // one more than a node's index; 0 is the end of a chain
  growing<int> next_;
  int argument_count_ = 0;
};

} // namespace fusegrad::expr
