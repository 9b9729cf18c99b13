// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/expr/contraction.hpp>
#include <fusegrad/expr/rules.hpp>
#include <fusegrad/expr/table.hpp>
#include <utility>

namespace fusegrad::expr::inline FUSEGRAD_ABI {

namespace detail {

/// A constant of the table as a T: a number, a vector, or any type made from a double.
template <class T> FUSEGRAD_INLINE constexpr T constant_as(double value) {
  if constexpr (requires { typename T::value_type; }) {
    return T(static_cast<typename T::value_type>(value));
  } else {
    return static_cast<T>(value);
  }
}

/// `condition ? a : b`. A comparison is used as it stands; any other condition is compared with zero.
template <std::uint64_t Condition, class T, class Values>
FUSEGRAD_INLINE constexpr T select_at(const Values& v, const T& value, const T& a, const T& b) {
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

/// `Sum` with the product that is part of it, `Factors`: a*b + c, a*b - c or c - a*b.
template <std::uint64_t Sum, std::uint64_t Factors, class T, class Values>
FUSEGRAD_INLINE constexpr T sum_with_product(const Values& v) {
  using math::multiply_add;
  constexpr node sum = unpacked(Sum), factors = unpacked(Factors);
  constexpr bool is_first = factors.c == 0;
  const T &a = v[factors.a], &b = v[factors.b], &c = v[is_first ? sum.b : sum.a];
  // Signs cost nothing: compilers make one instruction of each.
  if constexpr (sum.op == operation::add)
    return multiply_add(a, b, c);
  else if constexpr (is_first)
    return multiply_add(a, b, -c);
  else
    return multiply_add(-a, b, c);
}

/// The value of one node. It is keyed on the node alone, not on its table, so that long tables stay cheap: names are
/// short and equal nodes of different tables share it. `v[i]` is the value of node i. `LookedInto` is another node that
/// it looks into: the condition of a `select`, the product that is part of a sum.
template <std::uint64_t Node, std::uint64_t LookedInto, class T, class Values>
FUSEGRAD_INLINE constexpr T node_value(const T* arguments, const Values& v, double constant) {
  using math::pow, math::polygamma;
  constexpr node n = unpacked(Node);
  if constexpr (n.op == operation::argument)
    return arguments[n.a];
  else if constexpr (n.op == operation::constant)
    return constant_as<T>(constant);
  else if constexpr (n.op == operation::integer_power)
    return pow<static_cast<int>(static_cast<std::int16_t>(n.b))>(v[n.a]);
  else if constexpr (n.op == operation::polygamma)
    return polygamma<static_cast<int>(n.b)>(v[n.a]);
  else if constexpr (n.op == operation::select)
    return select_at<LookedInto>(v, v[n.a], v[n.b], v[n.c]);
  else if constexpr (operand_count(n.op) == 1)
    return rules::rule<n.op>.value(v[n.a]);
  else if constexpr (LookedInto != 0)
    return sum_with_product<Node, LookedInto, T>(v);
  else
    return rules::rule<n.op>.value(v[n.a], v[n.b]);
}

/// Some nodes of a table in a row. A compiler looks at a whole template argument for each element that is read of it:
/// with runs of fixed length long tables cost in proportion to their length.
template <std::size_t Count> struct run_of_nodes {
  std::uint64_t code[Count]{};
  std::uint64_t looked_into[Count]{}; ///< the node that a `select` asks, the product that is part of a sum
  double constant[Count]{};
};

template <std::size_t Count, class Table>
constexpr run_of_nodes<Count> run_from(const Table& table, std::size_t first) {
  run_of_nodes<Count> run;
  for (std::size_t i = 0; i < Count; ++i) {
    run.code[i] = table.code[first + i];
    const node n = unpacked(run.code[i]);
    if (n.op == operation::select) run.looked_into[i] = table.code[n.a];
    if (n.op == operation::constant) run.constant[i] = table.constants[n.a];
  }
  return run;
}
/// The same where products are part of sums. In the place of such a product stands a constant that nobody reads.
template <std::size_t Count, class Table, std::size_t Nodes>
constexpr run_of_nodes<Count> run_from(const Table& table, const contraction<Nodes>& contracted, std::size_t first) {
  run_of_nodes<Count> run = run_from<Count>(table, first);
  for (std::size_t i = 0; i < Count; ++i) {
    if (contracted.is_in_sum[first + i]) run.code[i] = packed({operation::constant, 0, 0, 0});
    if (contracted.factors[first + i] != 0) run.looked_into[i] = contracted.factors[first + i];
  }
  return run;
}
template <auto Table, products Products, std::size_t Count>
constexpr run_of_nodes<Count> run_of_table(std::size_t first) {
  if constexpr (Products == products::contracted)
    return run_from<Count>(Table, contraction_of<Table>, first);
  else
    return run_from<Count>(Table, first);
}

template <auto Run, class T, std::size_t... I>
FUSEGRAD_INLINE constexpr void fill(const T* arguments, T* v, T* to, std::index_sequence<I...>) {
  ((to[I] = node_value<Run.code[I], Run.looked_into[I]>(arguments, v, Run.constant[I])), ...);
}

/// The same as a function of its own.
template <auto Run, class T, std::size_t Count>
[[gnu::noinline]] constexpr void fill_apart(const T* arguments, T* v, std::size_t first) {
  fill<Run>(arguments, v, v + first, std::make_index_sequence<Count>{});
}

inline constexpr std::size_t run_length = 64;
/// Tables above it are filled by one function for each run: what an optimiser takes for one long function grows with
/// the square of its length, and no such number of values would fit into registers.
inline constexpr std::size_t longest_at_once = 1024;

template <auto Table, std::size_t First, products Products, class T>
FUSEGRAD_INLINE constexpr void fill_from([[maybe_unused]] const T* arguments, [[maybe_unused]] T* v) {
  constexpr std::size_t left = Table.node_count - First, count = left < run_length ? left : run_length;
  constexpr auto run = run_of_table<Table, Products, count>(First);
  if constexpr (Table.node_count > longest_at_once)
    fill_apart<run, T, count>(arguments, v, First);
  else
    fill<run>(arguments, v, v + First, std::make_index_sequence<count>{});
  if constexpr (count < left) fill_from<Table, First + count, Products>(arguments, v);
}

} // namespace detail

/// The results of the function `Table` at `arguments`: every node is computed once. T is a number, a vector of numbers
/// or any type with the operations used; `results` must not overlap `arguments`.
template <auto Table, products Products = products::rounded, class T>
FUSEGRAD_INLINE constexpr void evaluate(const T* arguments, T* results) {
  T v[Table.node_count + 1]; // one more, since a prologue can be empty
  if constexpr (Table.node_count > 0) detail::fill_from<Table, 0, Products>(arguments, v);
  for (std::size_t i = 0; i < Table.result_count; ++i) results[i] = v[Table.results[i]];
}

/// The same for a function that has one result.
template <auto Table, products Products = products::rounded, class T>
FUSEGRAD_INLINE constexpr T evaluate(const T* arguments) {
  static_assert(Table.result_count == 1);
  T result[1]{};
  evaluate<Table, Products>(arguments, result);
  return result[0];
}

} // namespace fusegrad::expr::inline FUSEGRAD_ABI
