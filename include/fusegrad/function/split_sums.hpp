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
  growing<int> split_of;    ///< of each node: the node of the epilogue that is its sum, or -1 while it is not known
  growing<int> leaves;      ///< the nodes that are summed
  expr::builder epilogue;
  int sums = 0; ///< how many arguments of the epilogue are sums

  constexpr split_state(const expr::expression& f, int varying_arguments, int largest)
      : body{f}, varying{varying_arguments}, sums{largest} {
    for (const expr::node n : f.nodes) {
      leaf_of.push_back(-1);
      split_of.push_back(-1);
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
  /// factors and signs. Not by recursion: a sum may have thousands of terms.
  constexpr int split(std::uint16_t i, bool whole) {
    growing<std::uint16_t> waiting;
    waiting.push_back(i);
    while (waiting.size() > 0) {
      const std::uint16_t now = waiting.back();
      if (split_of[now] >= 0) {
        waiting.pop_back();
        continue;
      }
      const parts of = parts_of(now, whole);
      const bool first = of.first >= 0 && split_of[static_cast<std::size_t>(of.first)] < 0;
      const bool second = of.second >= 0 && split_of[static_cast<std::size_t>(of.second)] < 0;
      // What stands left is taken first: the sums are numbered in this order.
      if (second) waiting.push_back(static_cast<std::uint16_t>(of.second));
      if (first) waiting.push_back(static_cast<std::uint16_t>(of.first));
      if (first || second) continue;
      split_of[now] = made_of(now, of);
      waiting.pop_back();
    }
    return split_of[i];
  }

private:
  /// Of which operands of a node the sums are made; -1: of none, and the node itself is summed, or of one only.
  struct parts {
    int first = -1, second = -1;
  };
  [[nodiscard]] constexpr parts parts_of(std::uint16_t i, bool whole) const {
    using expr::operation;
    const expr::node n = body.nodes[i];
    if (is_uniform[i]) return {};
    if (n.op == operation::negate) return {n.a, -1};
    if (n.op == operation::multiply && is_uniform[n.a]) return {-1, n.b};
    if ((n.op == operation::multiply || n.op == operation::divide) && is_uniform[n.b]) return {n.a, -1};
    if (whole && (n.op == operation::add || n.op == operation::subtract)) return {n.a, n.b};
    return {};
  }
  constexpr int made_of(std::uint16_t i, const parts& of) {
    const expr::node n = body.nodes[i];
    if (of.first < 0 && of.second < 0) return sum_of(i);
    const bool is_unary = n.op == expr::operation::negate;
    const int first = of.first >= 0 ? split_of[static_cast<std::size_t>(of.first)] : coefficient(n.a);
    const int second = is_unary ? 0 : of.second >= 0 ? split_of[static_cast<std::size_t>(of.second)] : coefficient(n.b);
    return is_unary ? epilogue.make(n.op, first) : epilogue.make(n.op, first, second);
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

  expr::expression all = cut.body;
  all.results.resize(static_cast<std::size_t>(kept));
  for (int i : state.leaves) all.results.push_back(static_cast<std::uint16_t>(i));
  body = expr::without_unused(all);
}

} // namespace fusegrad::functions::inline FUSEGRAD_ABI
