// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/base/growing.hpp>
#include <fusegrad/expr/expression.hpp>

namespace fusegrad::expr::inline FUSEGRAD_ABI {

/// A function cut in two: what is the same for every element, and what is not.
struct hoisted {
  /// From all arguments of the whole function (it reads the uniform ones only) to the values that `body` needs:
  /// computed once, and in double if the caller likes.
  expression prologue;
  /// From the arguments that vary, in their order, followed by the results of `prologue`, to the results of the whole
  /// function.
  expression body;
  int varying = 0; ///< how many of the body's arguments vary
};

namespace detail {

/// Which nodes are the same for every element: the uniform arguments, and what is computed from nothing else but
/// constants.
constexpr growing<bool> uniform_nodes(const expression& whole, const growing<bool>& uniform_arguments) {
  growing<bool> uniform;
  for (const node n : whole.nodes) {
    const int operands = operand_count(n.op);
    if (n.op == operation::argument)
      uniform.push_back(uniform_arguments[n.a]);
    else if (n.op == operation::constant)
      uniform.push_back(true);
    else
      uniform.push_back(uniform[n.a] && (operands < 2 || uniform[n.b]) && (operands < 3 || uniform[n.c]));
  }
  return uniform;
}

/// The uniform nodes that a varying node or a result reads; constants stay where they are used.
constexpr growing<bool> frontier_nodes(const expression& whole, const growing<bool>& uniform) {
  growing<bool> frontier;
  frontier.resize(whole.nodes.size());
  const auto read = [&](std::size_t i) { frontier[i] = uniform[i] && whole.nodes[i].op != operation::constant; };
  for (std::size_t i = 0; i < whole.nodes.size(); ++i) {
    const node n = whole.nodes[i];
    const int operands = operand_count(n.op);
    if (uniform[i]) continue;
    if (operands > 0) read(n.a);
    if (operands > 1) read(n.b);
    if (operands > 2) read(n.c);
  }
  for (std::uint16_t result : whole.results) read(result);
  return frontier;
}

/// Records node `n` of `whole` on the nodes that its operands have become.
constexpr int record_moved(builder& build, const expression& whole, const node& n, const growing<int>& moved) {
  if (n.op == operation::constant) return build.constant(whole.constants[n.a]);
  const int operands = operand_count(n.op);
  return build.make_like(n, moved[n.a], operands > 1 ? moved[n.b] : 0, operands > 2 ? moved[n.c] : 0);
}

} // namespace detail

/// Cuts what depends on uniform arguments alone out of `whole`, so that `1 - pow(beta, step)` is computed once and not
/// for each element. `uniform_arguments` has one entry for each argument.
constexpr hoisted hoist(const expression& whole, const growing<bool>& uniform_arguments) {
  const growing<bool> uniform = detail::uniform_nodes(whole, uniform_arguments);
  const growing<bool> frontier = detail::frontier_nodes(whole, uniform);
  hoisted out;
  growing<int> place; // of each argument among the varying ones
  for (bool is_uniform : uniform_arguments) place.push_back(is_uniform ? -1 : out.varying++);

  builder prologue, body;
  growing<int> in_prologue, in_body, prologue_results;
  in_prologue.resize(whole.nodes.size());
  in_body.resize(whole.nodes.size());
  for (int i = 0; i < whole.arguments; ++i) prologue.argument(i);
  for (int i = 0; i < out.varying; ++i) body.argument(i);
  for (std::size_t i = 0; i < whole.nodes.size(); ++i) {
    const node n = whole.nodes[i];
    const bool is_argument = n.op == operation::argument;
    if (uniform[i])
      in_prologue[i] = is_argument ? prologue.argument(n.a) : detail::record_moved(prologue, whole, n, in_prologue);
    if (frontier[i]) {
      in_body[i] = body.argument(out.varying + static_cast<int>(prologue_results.size()));
      prologue_results.push_back(in_prologue[i]);
    } else if (!uniform[i] || n.op == operation::constant) {
      in_body[i] = is_argument ? body.argument(place[n.a]) : detail::record_moved(body, whole, n, in_body);
    }
  }

  growing<int> results;
  for (std::uint16_t result : whole.results) results.push_back(in_body[result]);
  out.prologue = compact(prologue, prologue_results, whole.arguments);
  out.body = compact(body, results, out.varying + static_cast<int>(prologue_results.size()));
  return out;
}

} // namespace fusegrad::expr::inline FUSEGRAD_ABI
