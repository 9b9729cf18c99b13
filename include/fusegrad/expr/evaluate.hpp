// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/expr/rules.hpp>
#include <fusegrad/expr/table.hpp>
#include <utility>

namespace fusegrad::expr::inline FUSEGRAD_ABI {

namespace detail {

/// A constant of the table as a T: a number, a vector, or any type made from a double.
template <class T> [[gnu::always_inline]] constexpr T constant_as(double value) {
  if constexpr (requires { typename T::value_type; }) {
    return T(static_cast<typename T::value_type>(value));
  } else {
    return static_cast<T>(value);
  }
}

/// `condition ? a : b`. A comparison is used as it stands; any other condition is compared with zero.
template <std::uint64_t Condition, class T>
[[gnu::always_inline]] constexpr T select_at(const T* v, const T& value, const T& a, const T& b) {
  using math::select;
  constexpr node condition = unpacked(Condition);
  if constexpr (condition.op == operation::less)
    return select(v[condition.a] < v[condition.b], a, b);
  else if constexpr (condition.op == operation::less_equal)
    return select(v[condition.a] <= v[condition.b], a, b);
  else if constexpr (condition.op == operation::equal)
    return select(v[condition.a] == v[condition.b], a, b);
  else
    return select(value == constant_as<T>(0), b, a);
}

/// The value of one node. It is keyed on the node alone, not on its table, so that long tables stay cheap: names are
/// short and equal nodes of different tables share it.
template <std::uint64_t Node, std::uint64_t Condition, class T>
[[gnu::always_inline]] constexpr T node_value(const T* arguments, const T* v, double constant) {
  using math::pow;
  constexpr node n = unpacked(Node);
  if constexpr (n.op == operation::argument)
    return arguments[n.a];
  else if constexpr (n.op == operation::constant)
    return constant_as<T>(constant);
  else if constexpr (n.op == operation::integer_power)
    return pow<static_cast<int>(static_cast<std::int16_t>(n.b))>(v[n.a]);
  else if constexpr (n.op == operation::select)
    return select_at<Condition>(v, v[n.a], v[n.b], v[n.c]);
  else if constexpr (operand_count(n.op) == 1)
    return rules::rule<n.op>.value(v[n.a]);
  else
    return rules::rule<n.op>.value(v[n.a], v[n.b]);
}

template <auto Table> constexpr std::uint64_t condition_of(std::size_t i) {
  return Table[i].op == operation::select ? Table.code[Table[i].a] : 0;
}
template <auto Table> constexpr double constant_of(std::size_t i) {
  return Table[i].op == operation::constant ? Table.constants[Table[i].a] : 0.0;
}

template <auto Table, std::size_t First, class T, std::size_t... I>
[[gnu::always_inline]] constexpr void fill([[maybe_unused]] const T* arguments, [[maybe_unused]] T* v,
                                           std::index_sequence<I...>) {
  ((v[First + I] =
        node_value<Table.code[First + I], condition_of<Table>(First + I)>(arguments, v, constant_of<Table>(First + I))),
   ...);
}

/// Clang refuses folds of more than 256 operands: long tables are filled in runs.
inline constexpr std::size_t run_length = 128;

template <auto Table, std::size_t First, class T>
[[gnu::always_inline]] constexpr void fill_from(const T* arguments, T* v) {
  constexpr std::size_t left = Table.node_count - First;
  if constexpr (left <= run_length) {
    fill<Table, First>(arguments, v, std::make_index_sequence<left>{});
  } else {
    fill<Table, First>(arguments, v, std::make_index_sequence<run_length>{});
    fill_from<Table, First + run_length>(arguments, v);
  }
}

} // namespace detail

/// The results of the function `Table` at `arguments`: every node is computed once. T is a number, a vector of numbers
/// or any type with the operations used; `results` must not overlap `arguments`.
template <auto Table, class T> [[gnu::always_inline]] constexpr void evaluate(const T* arguments, T* results) {
  T v[Table.node_count + 1]{}; // one more, since a prologue can be empty
  detail::fill_from<Table, 0>(arguments, v);
  for (std::size_t i = 0; i < Table.result_count; ++i) results[i] = v[Table.results[i]];
}

/// The same for a function that has one result.
template <auto Table, class T> [[gnu::always_inline]] constexpr T evaluate(const T* arguments) {
  static_assert(Table.result_count == 1);
  T result[1]{};
  evaluate<Table>(arguments, result);
  return result[0];
}

} // namespace fusegrad::expr::inline FUSEGRAD_ABI
