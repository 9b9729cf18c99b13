// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <fusegrad/base/growing.hpp>
#include <fusegrad/expr/builder.hpp>

namespace fusegrad::expr::inline FUSEGRAD_ABI {

/// A finished function as a compile-time value: only the nodes its results need, in evaluation order.
struct expression {
  growing<node> nodes;
  growing<double> constants;
  growing<std::uint16_t> results;
  int arguments = 0;

  /// What tells most functions apart comes first. Of constants the bits count: zero has a sign.
  friend constexpr bool operator==(const expression& x, const expression& y) {
    if (x.arguments != y.arguments || x.nodes.size() != y.nodes.size()) return false;
    if (x.constants.size() != y.constants.size()) return false;
    for (std::size_t i = 0; i < x.constants.size(); ++i)
      if (std::bit_cast<std::uint64_t>(x.constants[i]) != std::bit_cast<std::uint64_t>(y.constants[i])) return false;
    return x.results == y.results && x.nodes == y.nodes;
  }
};

/// A node that becomes an argument: what is known already need not be computed.
struct replacement {
  int node = 0;
  int argument = 0;
};

namespace detail {
/// Marks what a node reads.
constexpr void mark_operands(const node& n, int* needed) {
  const int operands = operand_count(n.op);
  if (operands > 0) needed[n.a] = 1;
  if (operands > 1) needed[n.b] = 1;
  if (operands > 2) needed[n.c] = 1;
}
/// A node behind those of a table, with the places of its operands and of its constant there. `places` knows of each
/// old node, and `constant_places` of each old constant, one more than its new number; of a constant that is not in the
/// table yet 0.
constexpr void append_moved(expression& table, node n, const growing<double>& constants, int* constant_places,
                            const int* places) {
  if (n.op == operation::constant) {
    int& place = constant_places[n.a];
    if (place == 0) {
      table.constants.push_back(constants[n.a]);
      place = static_cast<int>(table.constants.size());
    }
    n.a = static_cast<std::uint16_t>(place - 1);
  }
  const int operands = operand_count(n.op);
  if (operands > 0) n.a = static_cast<std::uint16_t>(places[n.a] - 1);
  if (operands > 1) n.b = static_cast<std::uint16_t>(places[n.b] - 1);
  if (operands > 2) n.c = static_cast<std::uint16_t>(places[n.c] - 1);
  table.nodes.push_back(n);
}
} // namespace detail

/// The part of `build` that `results` need, renumbered, so that equal functions are equal values.
/// `tracked`, where given, is a node to follow: it becomes its new number, or -1 where it is not needed.
constexpr expression compact(const builder& build, const growing<int>& results, int arguments, int* tracked = nullptr,
                             const growing<replacement>* replaced = nullptr) {
  const int count = build.size();
  growing<int> places_of_nodes, places_of_constants;
  places_of_nodes.resize(static_cast<std::size_t>(count));
  places_of_constants.resize(build.constants().size());
  // 0: not needed; then 1: needed, or below 0: replaced by an argument; in the end one more than the new number.
  int* const place = places_of_nodes.begin();
  for (int result : results) place[result] = 1;
  for (int i = count; i-- > 0;) {
    if (place[i] == 0) continue;
    if (replaced != nullptr)
      for (const replacement& by : *replaced)
        if (by.node == i) place[i] = -1 - by.argument;
    if (place[i] > 0) detail::mark_operands(build.at(i), place);
  }

  expression out;
  out.arguments = arguments;
  for (int i = 0; i < count; ++i) {
    if (place[i] == 0) continue;
    if (place[i] < 0)
      out.nodes.push_back({operation::argument, static_cast<std::uint16_t>(-1 - place[i]), 0, 0});
    else
      detail::append_moved(out, build.at(i), build.constants(), places_of_constants.begin(), place);
    place[i] = static_cast<int>(out.nodes.size());
  }
  for (int result : results) out.results.push_back(static_cast<std::uint16_t>(place[result] - 1));
  if (tracked != nullptr) *tracked = *tracked < 0 ? -1 : place[*tracked] - 1;
  return out;
}

/// The same function without the nodes and constants that its results do not need.
constexpr expression without_unused(const expression& f) {
  growing<int> places_of_nodes, places_of_constants;
  places_of_nodes.resize(f.nodes.size());
  places_of_constants.resize(f.constants.size());
  int* const place = places_of_nodes.begin(); // as in compact
  for (std::uint16_t result : f.results) place[result] = 1;
  for (std::size_t i = f.nodes.size(); i-- > 0;)
    if (place[i] != 0) detail::mark_operands(f.nodes[i], place);
  expression out;
  out.arguments = f.arguments;
  for (std::size_t i = 0; i < f.nodes.size(); ++i) {
    if (place[i] == 0) continue;
    detail::append_moved(out, f.nodes[i], f.constants, places_of_constants.begin(), place);
    place[i] = static_cast<int>(out.nodes.size());
  }
  for (std::uint16_t result : f.results) out.results.push_back(static_cast<std::uint16_t>(place[result] - 1));
  return out;
}

/// Renumbers the arguments so that only those in use remain; gives back their old numbers in order.
constexpr growing<int> keep_used_arguments(expression& f) {
  growing<int> places, used;
  places.resize(static_cast<std::size_t>(f.arguments));
  for (const node& n : f.nodes)
    if (n.op == operation::argument && n.a < places.size()) places[n.a] = 1;
  for (int argument = 0; argument < f.arguments; ++argument) {
    int& place = places[static_cast<std::size_t>(argument)];
    if (place == 0) continue;
    place = static_cast<int>(used.size());
    used.push_back(argument);
  }
  for (node& n : f.nodes)
    if (n.op == operation::argument && n.a < places.size()) n.a = static_cast<std::uint16_t>(places[n.a]);
  f.arguments = static_cast<int>(used.size());
  return used;
}

/// Records `f` in `build` with its arguments replaced by the nodes `arguments`; gives back the nodes of its results.
template <class Expression>
constexpr growing<int> inline_into(builder& build, const Expression& f, const growing<int>& arguments) {
  growing<int> moved;
  moved.reserve(f.nodes.size());
  const int* const at = moved.begin();
  for (const node& n : f.nodes) {
    if (n.op == operation::argument) {
      moved.push_back(arguments[n.a]);
    } else if (n.op == operation::constant) {
      moved.push_back(build.constant(f.constants[n.a]));
    } else {
      const int operands = operand_count(n.op);
      moved.push_back(build.make_like(n, at[n.a], operands > 1 ? at[n.b] : 0, operands > 2 ? at[n.c] : 0));
    }
  }
  growing<int> results;
  for (std::uint16_t result : f.results) results.push_back(moved[result]);
  return results;
}

/// Its only argument, unchanged. Written down as it is: a builder takes as long as twenty such tables.
constexpr expression identity_expression() {
  expression e;
  e.nodes.push_back({operation::argument, 0, 0, 0});
  e.results.push_back(0);
  e.arguments = 1;
  return e;
}
/// A number, whatever is read.
constexpr expression constant_expression(double value) {
  expression e;
  e.nodes.push_back({operation::constant, 0, 0, 0});
  e.constants.push_back(value);
  e.results.push_back(0);
  return e;
}
/// Whether an expression is that one, without making it.
constexpr bool is_identity(const expression& e) {
  return e.arguments == 1 && e.nodes.size() == 1 && e.nodes[0].op == operation::argument && e.results.size() == 1;
}

} // namespace fusegrad::expr::inline FUSEGRAD_ABI
