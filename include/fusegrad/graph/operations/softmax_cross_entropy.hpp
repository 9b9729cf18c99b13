// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/graph/operations/traits.hpp>
#include <string_view>

namespace fusegrad::graph {

/// (logits, target) -> (probabilities, the sum of the target, loss): the last two have width 1.
template <> struct rules<kind::softmax_cross_entropy> : usual_operation {
  static constexpr std::string_view name = "softmax_cross_entropy";

  static constexpr violation shape(const graph& g, const operation& op, shape_list& out) {
    const tensor::extents &logits = g.shape(op.inputs[0]), &target = g.shape(op.inputs[1]);
    out.push_back(logits);
    out.push_back(tensor::with_columns(logits, 1));
    out.push_back(tensor::with_columns(logits, 1));
    if (logits.columns() != target.columns() || logits.positions() != target.positions())
      return {rule::logits_and_target, target, logits};
    return {};
  }
  // The softmax, its logarithm, the product with the target, and two sums.
  static constexpr std::size_t flops(const graph& g, const operation& op) { return 9 * width_of_input(g, op); }
  template <class Tangents> static constexpr void move(Tangents& t, const operation& op) {
    if (t.is_second_order() || t.tangent(op.inputs[1]) != value_id::none) return t.refuse(op);
    if (t.tangent(op.inputs[0]) == value_id::none) return;
    const auto row_of = [&](const operand& x) { return row{x.value(), t.g.shape(x)}; };
    // The probabilities that it makes have no gradient of their own.
    const row probabilities = t.emit.softmax(row_of(op.inputs[0])), target = row_of(op.inputs[1]);
    t.set(op.outputs[2],
          t.emit.row_sum(t.emit.map([](auto p, auto sum, auto y, auto moved) { return (p * sum - y) * moved; },
                                    probabilities, t.emit.row_sum(target), target, t.tangent_row(op.inputs[0]))));
  }
  template <class Backward> static constexpr void differentiate(Backward& b, const operation& op) {
    const auto slope = [](auto probability, auto target_sum, auto target, auto dy) {
      return (probability * target_sum - target) * dy;
    };
    const operand dy = b.gradient(op.outputs[2]);
    if (b.g.depends_on_parameter(op.inputs[0]))
      b.contribute(op.inputs[0], b.emit.map(slope, operand(op.outputs[0]), operand(op.outputs[1]), op.inputs[1], dy));
    // The target of a net that learns from another is one that is computed.
    if (!b.g.depends_on_parameter(op.inputs[1])) return;
    const row logarithms = b.emit.log_softmax(b.row_of(op.inputs[0].value()));
    b.contribute(op.inputs[1], b.emit.map([](auto logarithm, auto d) { return -logarithm * d; }, logarithms, dy));
  }
};

} // namespace fusegrad::graph
