// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/base/growing.hpp>
#include <fusegrad/expr/hoist.hpp>

// A sum over rows of what is linear in something of the row, with coefficients that are the same for all rows, is that
// of the sums: sum(a x + b y) = a sum(x) + b sum(y). The right side multiplies once, not for each row.
namespace fusegrad::functions::inline FUSEGRAD_ABI {

namespace detail {

/// What is known of the nodes of a body while its sums are split.
struct split_state {
  const expr::expression& body;
  int varying;
  growing<bool> is_uniform; ///< computed from the prologue and constants alone
  growing<int> leaf_of;     ///< of each node: which of the sums it is, or -1
  growing<int> leaves;      ///< the nodes that are summed
  expr::builder epilogue;
  int sums = 0; ///< how many arguments of the epilogue are sums

  constexpr split_state(const expr::expression& f, int varying_arguments, int largest)
      : body{f}, varying{varying_arguments}, sums{largest} {
    for (const expr::node n : f.nodes) {
      leaf_of.push_back(-1);
      is_uniform.push_back(n.op == expr::operation::constant ||
                           (n.op == expr::operation::argument && n.a >= varying_arguments));
    }
  }

  constexpr int sum_of(std::uint16_t i) {
    if (leaf_of[i] < 0) {
      leaf_of[i] = static_cast<int>(leaves.size());
      leaves.push_back(i);
    }
    return epilogue.argument(leaf_of[i]);
  }
  constexpr int coefficient(std::uint16_t i) {
    const expr::node n = body.nodes[i];
    if (n.op == expr::operation::constant) return epilogue.constant(body.constants[n.a]);
    return epilogue.argument(sums + n.a - varying);
  }

  /// The node of the epilogue that is the sum of node `i` of the body. `whole`: sums are taken apart as well, not only
  /// factors and signs.
  constexpr int split(std::uint16_t i, bool whole) {
    using expr::operation;
    const expr::node n = body.nodes[i];
    if (is_uniform[i]) return sum_of(i);
    if (n.op == operation::negate) return epilogue.make(operation::negate, split(n.a, whole));
    if (n.op == operation::multiply && is_uniform[n.a])
      return epilogue.make(operation::multiply, coefficient(n.a), split(n.b, whole));
    if (n.op == operation::multiply && is_uniform[n.b])
      return epilogue.make(operation::multiply, split(n.a, whole), coefficient(n.b));
    if (n.op == operation::divide && is_uniform[n.b])
      return epilogue.make(operation::divide, split(n.a, whole), coefficient(n.b));
    if (whole && (n.op == operation::add || n.op == operation::subtract)) {
      // From left to right, whatever order a compiler takes for arguments.
      const int first = split(n.a, whole), second = split(n.b, whole);
      return epilogue.make(n.op, first, second);
    }
    return sum_of(i);
  }
};

/// How many nodes are summed if all results from number `kept` on are taken apart; -1 if more than `most`.
constexpr bool pays(const expr::expression& body, int varying, int kept, std::size_t most) {
  split_state state(body, varying, static_cast<int>(body.nodes.size()));
  for (std::size_t i = static_cast<std::size_t>(kept); i < body.results.size(); ++i) {
    state.split(body.results[i], true);
    if (state.leaves.size() > most) return false;
  }
  return true;
}

} // namespace detail

/// Splits the results of `cut.body` from number `kept` on: `body` gives what is summed instead, `epilogue` makes the
/// results of the sums and of the prologue's results behind them.
constexpr void split_sums(const expr::hoisted& cut, int kept, expr::expression& body, expr::expression& epilogue) {
  const std::size_t summed = cut.body.results.size() - static_cast<std::size_t>(kept);
  const bool whole = detail::pays(cut.body, cut.varying, kept, summed);
  // How many sums there are is known afterwards only; the prologue's results are numbered behind as many as there can
  // be.
  const int largest = static_cast<int>(cut.body.nodes.size());
  detail::split_state state(cut.body, cut.varying, largest);
  growing<int> results;
  for (std::size_t i = static_cast<std::size_t>(kept); i < cut.body.results.size(); ++i)
    results.push_back(state.split(cut.body.results[i], whole));
  const int uniform = static_cast<int>(cut.prologue.results.size()), sums = static_cast<int>(state.leaves.size());
  epilogue = expr::compact(state.epilogue, results, sums + uniform);
  for (expr::node& n : epilogue.nodes)
    if (n.op == expr::operation::argument && n.a >= largest) n.a = static_cast<std::uint16_t>(n.a - largest + sums);

  expr::builder again;
  growing<int> moved, kept_results;
  for (int i = 0; i < cut.body.arguments; ++i) again.argument(i);
  growing<int> arguments;
  for (int i = 0; i < cut.body.arguments; ++i) arguments.push_back(again.argument(i));
  expr::expression all = cut.body;
  all.results.clear();
  for (int i = 0; i < kept; ++i) all.results.push_back(cut.body.results[static_cast<std::size_t>(i)]);
  for (int i : state.leaves) all.results.push_back(static_cast<std::uint16_t>(i));
  const growing<int> nodes = expr::inline_into(again, all, arguments);
  body = expr::compact(again, nodes, cut.body.arguments);
}

} // namespace fusegrad::functions::inline FUSEGRAD_ABI
