// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstddef>
#include <fusegrad/expr/errors.hpp>
#include <fusegrad/expr/recorder.hpp>
#include <type_traits>

namespace fusegrad::expr::inline FUSEGRAD_ABI {

/// What a generic function is called with while it is traced: the index of a node, and the table it grows in.
struct traced {
  recorder* owner = nullptr;
  int index = 0;

  // Both say it in what they declare, not in their bodies: those g++ instantiates where it needs their values, which
  // may be at the end of all that leads to the function's being recorded.
  template <std::same_as<bool> B>
  constexpr explicit operator B() const noexcept(sizeof(branch_on_a_traced_value<B>) > 0) {
    return false;
  }
  /// Only there to explain: it is what `std::exp(x)` and `double a = x;` find.
  template <std::same_as<double> Number>
  constexpr operator Number() const noexcept(sizeof(traced_value_used_as_a_number<Number>) > 0) {
    return 0;
  }
};

/// What a function that the language does not have gives back: complete nowhere, so that calling it says so.
template <fixed_string Name, class... T> struct is_not_an_operation : traced {
  static_assert(fits<is_not_an_operation>,
                "fusegrad: this function is not an operation of the expression language; see "
                "docs/expressions.md for those that are.");
};

/// An expression of parameters and constants only, not yet in any table: it is recorded where it meets a traced value.
template <class Record> struct deferred {
  Record record; ///< recorder& -> traced

  template <std::same_as<bool> B> constexpr explicit operator B() const { return static_cast<B>(traced{}); }
  template <std::same_as<double> Number> constexpr operator Number() const { return traced{}; }
};
template <class Record> deferred(Record) -> deferred<Record>;

template <class> inline constexpr bool is_deferred = false;
template <class Record> inline constexpr bool is_deferred<deferred<Record>> = true;

template <class T>
concept number = std::is_arithmetic_v<T>;
template <class T>
concept symbolic = std::same_as<T, traced> || is_deferred<T>;
template <class T>
concept operand = number<T> || symbolic<T>;

namespace detail {
constexpr traced resolve(recorder&, traced x) { return x; }
template <number T> constexpr traced resolve(recorder& r, T x) {
  return {&r, r.build.constant(static_cast<double>(x))};
}
template <class Record> constexpr traced resolve(recorder& r, const deferred<Record>& x) { return x.record(r); }

template <class T> constexpr recorder* owner_of(const T& x) {
  if constexpr (std::same_as<T, traced>) return x.owner;
  return nullptr;
}

template <class... T> constexpr recorder* common_owner(const T&... x) {
  recorder* owner = nullptr;
  ((owner = owner == nullptr ? owner_of(x) : owner), ...);
  return owner;
}

/// The nodes of all operands, recorded from the first to the last. In braces: in which order the arguments of a call
/// are evaluated is the compiler's choice, and what is recorded first has the smaller number.
template <class... T> struct operand_nodes {
  int at[sizeof...(T)];
  constexpr operand_nodes(recorder& r, const T&... x) : at{resolve(r, x).index...} {}
};

/// Applies `make(recorder&, const int* nodes)` now if any operand is traced, else when the result meets a traced value.
template <class Make, operand... T> constexpr auto record_or_defer(Make make, const T&... x) {
  if constexpr ((std::same_as<T, traced> || ...)) {
    recorder& r = *common_owner(x...);
    return make(r, operand_nodes<T...>(r, x...).at);
  } else {
    return deferred{[=](recorder& r) { return make(r, operand_nodes<T...>(r, x...).at); }};
  }
}

/// The node of an operation, whose number is no part of a type: its functions would be others for each.
struct make_node {
  operation op;
  int operands;
  constexpr traced operator()(recorder& r, const int* nodes) const {
    if (operands == 1) return {&r, r.build.make(op, nodes[0])};
    if (operands == 2) return {&r, r.build.make(op, nodes[0], nodes[1])};
    return {&r, r.build.make(op, nodes[0], nodes[1], nodes[2])};
  }
};
template <operand... T> constexpr auto apply(operation op, const T&... x) {
  return record_or_defer(make_node{op, sizeof...(T)}, x...);
}
} // namespace detail

// First what is hardly ever so: every `|` of a model asks, and its type grows with each.
template <class... T>
concept symbolic_operands = (symbolic<T> || ...) && (operand<T> && ...);

template <class A, class B>
  requires symbolic_operands<A, B>
constexpr auto operator+(const A& a, const B& b) {
  return detail::apply(operation::add, a, b);
}
template <class A, class B>
  requires symbolic_operands<A, B>
constexpr auto operator-(const A& a, const B& b) {
  return detail::apply(operation::subtract, a, b);
}
template <class A, class B>
  requires symbolic_operands<A, B>
constexpr auto operator*(const A& a, const B& b) {
  return detail::apply(operation::multiply, a, b);
}
template <class A, class B>
  requires symbolic_operands<A, B>
constexpr auto operator/(const A& a, const B& b) {
  return detail::apply(operation::divide, a, b);
}
template <symbolic A> constexpr auto operator-(const A& a) { return detail::apply(operation::negate, a); }
template <symbolic A> constexpr auto operator+(const A& a) { return a; }

template <class A, class B>
  requires symbolic_operands<A, B>
constexpr auto operator<(const A& a, const B& b) {
  return detail::apply(operation::less, a, b);
}
template <class A, class B>
  requires symbolic_operands<A, B>
constexpr auto operator<=(const A& a, const B& b) {
  return detail::apply(operation::less_equal, a, b);
}
template <class A, class B>
  requires symbolic_operands<A, B>
constexpr auto operator>(const A& a, const B& b) {
  return detail::apply(operation::less, b, a);
}
template <class A, class B>
  requires symbolic_operands<A, B>
constexpr auto operator>=(const A& a, const B& b) {
  return detail::apply(operation::less_equal, b, a);
}
template <class A, class B>
  requires symbolic_operands<A, B>
constexpr auto operator==(const A& a, const B& b) {
  return detail::apply(operation::equal, a, b);
}
template <class A, class B>
  requires symbolic_operands<A, B>
constexpr auto operator!=(const A& a, const B& b) {
  return 1 - (a == b);
}

template <symbolic A> constexpr auto& operator+=(A& a, const operand auto& b) { return a = a + b; }
template <symbolic A> constexpr auto& operator-=(A& a, const operand auto& b) { return a = a - b; }
template <symbolic A> constexpr auto& operator*=(A& a, const operand auto& b) { return a = a * b; }
template <symbolic A> constexpr auto& operator/=(A& a, const operand auto& b) { return a = a / b; }

} // namespace fusegrad::expr::inline FUSEGRAD_ABI
