// SPDX-License-Identifier: MIT
#pragma once

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

  friend constexpr bool operator==(const expression&, const expression&) = default;
};

/// A node that becomes an argument: what is known already need not be computed.
struct replacement {
  int node = 0;
  int argument = 0;
};

namespace detail {
/// A node behind those of a table, with the places of its operands and of its constant there. `constant_places` knows
/// of each old constant one more than its new number, 0 where it is not in the table yet.
template <class Moved>
constexpr void append_moved(expression& table, node n, const growing<double>& constants, growing<int>& constant_places,
                            const Moved& moved) {
  if (n.op == operation::constant) {
    int& place = constant_places[n.a];
    if (place == 0) {
      table.constants.push_back(constants[n.a]);
      place = static_cast<int>(table.constants.size());
    }
    n.a = static_cast<std::uint16_t>(place - 1);
  }
  const int operands = operand_count(n.op);
  if (operands > 0) n.a = moved(n.a);
  if (operands > 1) n.b = moved(n.b);
  if (operands > 2) n.c = moved(n.c);
  table.nodes.push_back(n);
}
} // namespace detail

/// The part of `build` that `results` need, renumbered, so that equal functions are equal values.
/// `tracked`, where given, is a node to follow: it becomes its new number, or -1 where it is not needed.
constexpr expression compact(const builder& build, const growing<int>& results, int arguments, int* tracked = nullptr,
                             const growing<replacement>* replaced = nullptr) {
  growing<int> renumbered; // 0: not needed, 1: needed, i + 2: is node i of the new table
  renumbered.resize(static_cast<std::size_t>(build.size()));
  const auto mark = [&](int i) { renumbered[static_cast<std::size_t>(i)] = 1; };
  for (int result : results) mark(result);
  const auto node_at = [&](int i) {
    if (replaced != nullptr)
      for (const replacement& by : *replaced)
        if (by.node == i) return node{operation::argument, static_cast<std::uint16_t>(by.argument), 0, 0};
    return build.at(i);
  };
  for (int i = build.size() - 1; i >= 0; --i) {
    if (renumbered[static_cast<std::size_t>(i)] == 0) continue;
    const node n = node_at(i);
    const int operands = operand_count(n.op);
    if (operands > 0) mark(n.a);
    if (operands > 1) mark(n.b);
    if (operands > 2) mark(n.c);
  }

  expression out;
  out.arguments = arguments;
  growing<int> constant_places;
  constant_places.resize(build.constants().size());
  const auto moved = [&](std::uint16_t i) { return static_cast<std::uint16_t>(renumbered[i] - 2); };
  for (int i = 0; i < build.size(); ++i) {
    if (renumbered[static_cast<std::size_t>(i)] == 0) continue;
    detail::append_moved(out, node_at(i), build.constants(), constant_places, moved);
    renumbered[static_cast<std::size_t>(i)] = static_cast<int>(out.nodes.size()) + 1;
  }
  for (int result : results) out.results.push_back(moved(static_cast<std::uint16_t>(result)));
  if (tracked != nullptr && *tracked >= 0) *tracked = renumbered[static_cast<std::size_t>(*tracked)] - 2;
  if (tracked != nullptr && *tracked < 0) *tracked = -1;
  return out;
}

/// The same function without the nodes and constants that its results do not need.
constexpr expression without_unused(const expression& f) {
  growing<char> is_needed;
  growing<int> place, constant_places;
  is_needed.resize(f.nodes.size());
  place.resize(f.nodes.size());
  constant_places.resize(f.constants.size());
  for (std::uint16_t result : f.results) is_needed[result] = 1;
  for (std::size_t i = f.nodes.size(); i-- > 0;) {
    if (is_needed[i] == 0) continue;
    const node n = f.nodes[i];
    const int operands = operand_count(n.op);
    if (operands > 0) is_needed[n.a] = 1;
    if (operands > 1) is_needed[n.b] = 1;
    if (operands > 2) is_needed[n.c] = 1;
  }
  expression out;
  out.arguments = f.arguments;
  const auto moved = [&](std::uint16_t i) { return static_cast<std::uint16_t>(place[i]); };
  for (std::size_t i = 0; i < f.nodes.size(); ++i) {
    if (is_needed[i] == 0) continue;
    place[i] = static_cast<int>(out.nodes.size());
    detail::append_moved(out, f.nodes[i], f.constants, constant_places, moved);
  }
  for (std::uint16_t result : f.results) out.results.push_back(moved(result));
  return out;
}

/// Renumbers the arguments so that only those in use remain; gives back their old numbers in order.
constexpr growing<int> keep_used_arguments(expression& f) {
  growing<int> used;
  for (int argument = 0; argument < f.arguments; ++argument) {
    bool found = false;
    for (node& n : f.nodes) {
      if (n.op != operation::argument || n.a != argument) continue;
      found = true;
      n.a = static_cast<std::uint16_t>(used.size());
    }
    if (found) used.push_back(argument);
  }
  f.arguments = static_cast<int>(used.size());
  return used;
}

/// Records `f` in `build` with its arguments replaced by the nodes `arguments`; gives back the nodes of its results.
template <class Expression>
constexpr growing<int> inline_into(builder& build, const Expression& f, const growing<int>& arguments) {
  growing<int> moved;
  const auto at = [&](std::uint16_t i) { return moved[i]; };
  for (const node n : f.nodes) {
    switch (n.op) {
    case operation::argument: moved.push_back(arguments[n.a]); break;
    case operation::constant: moved.push_back(build.constant(f.constants[n.a])); break;
    default: {
      const int operands = operand_count(n.op);
      moved.push_back(build.make_like(n, at(n.a), operands > 1 ? at(n.b) : 0, operands > 2 ? at(n.c) : 0));
    }
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
