// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/growing.hpp>
#include <fusegrad/expr/differentiate.hpp>
#include <fusegrad/expr/expression.hpp>
#include <fusegrad/graph/graph.hpp>

namespace fusegrad::graph {

/// The gradient of an elementwise operation with respect to one input, as an expression of the arguments in `used`:
/// numbers that count the operation's inputs, then the gradients of its outputs, then its outputs.
struct elementwise_gradient {
  expression_id of = expression_id::none;         ///< the operation's
  std::size_t which = 0;                          ///< the input
  expression_id expression = expression_id::none; ///< none: zero by construction
  growing<int> used;
};

/// Derivatives of elementwise expressions. Each is worked out once, however many layers share the expression.
class elementwise_derivatives {
public:
  constexpr const elementwise_gradient* find(graph& g, const operation& op, std::size_t which, const operand_list& dy) {
    for (const elementwise_gradient& known : known_)
      if (known.of == op.expression && known.which == which) return &known;
    known_.push_back(derive(g, op, which, dy.size()));
    return &known_.back();
  }

private:
  static constexpr elementwise_gradient derive(graph& g, const operation& op, std::size_t which, std::size_t results) {
    const expr::expression& f = g.expressions[op.expression]; // until another is interned
    const std::size_t inputs = op.inputs.size();
    expr::recorder r(static_cast<int>(inputs + 2 * results));
    growing<int> arguments, seeds;
    for (std::size_t i = 0; i < inputs; ++i) {
      arguments.push_back(r.build.argument(static_cast<int>(i)));
      seeds.push_back(i == which ? r.build.constant(1) : expr::no_node);
    }
    const growing<int> values = expr::inline_into(r.build, f, arguments);
    const growing<int> slopes = expr::tangents(r, arguments, seeds, values);
    int total = expr::no_node;
    for (std::size_t k = 0; k < results; ++k) {
      if (slopes[k] == expr::no_node) continue;
      const int dy = r.build.argument(static_cast<int>(inputs + k));
      total = expr::detail::sum(r, total, r.build.make(expr::operation::multiply, slopes[k], dy));
    }
    elementwise_gradient out{op.expression, which, expression_id::none, {}};
    if (total == expr::no_node) return out;

    growing<int> result;
    result.push_back(total);
    // In terms of the output if that spares the inputs; else from the inputs alone, so that only they are kept.
    growing<expr::replacement> outputs;
    for (std::size_t k = 0; k < results; ++k)
      if (expr::operand_count(r.build.at(values[k]).op) > 0)
        outputs.push_back({values[k], static_cast<int>(inputs + results + k)});
    const int count = static_cast<int>(inputs + 2 * results);
    expr::expression d = expr::compact(r.build, result, count, nullptr, &outputs);
    if (reads_a_row(d, op)) d = expr::compact(r.build, result, count);
    out.used = expr::keep_used_arguments(d);
    out.expression = g.intern(d);
    return out;
  }

  static constexpr bool reads_a_row(const expr::expression& f, const operation& op) {
    for (const expr::node& n : f.nodes)
      if (n.op == expr::operation::argument && n.a < op.inputs.size() && op.inputs[n.a].is_value()) return true;
    return false;
  }

  growing<elementwise_gradient> known_;
};

} // namespace fusegrad::graph
