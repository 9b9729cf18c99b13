// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/expr/function.hpp>
#include <fusegrad/graph/operations/traits.hpp>
#include <string_view>

namespace fusegrad::graph {

/// The sum over the batch, and over all positions, of an `expression`, times `weight` -> a row of the batch. Whatever
/// reads it couples the samples of a batch.
template <> struct rules<kind::batch_sum> : usual_operation {
  static constexpr std::string_view name = "batch_sum";
  static constexpr fusing fuses = fusing::sum;
  static constexpr bool sums_batch = true;
  static constexpr bool works_on_shape_of_input = true;

  static constexpr violation shape(const graph& g, const operation& op, shape_list& out) {
    out.push_back(tensor::vector_of(g.shape(op.inputs[0]).columns()));
    return {};
  }
  static constexpr std::size_t flops(const graph& g, const operation& op) { return width_of_input(g, op); }
  /// Every sample has the gradient of the sum.
  template <class Backward> static constexpr void differentiate(Backward& b, const operation& op) {
    const operand dy = b.gradient(op.outputs[0]);
    if (op.weight == uniform::one) return b.contribute(op.inputs[0], dy);
    operand_list inputs;
    inputs.push_back(dy);
    inputs.push_back(op.weight);
    const expression_id product = b.emit.template interned<2>([](auto d, auto weight) { return d * weight; });
    b.contribute(op.inputs[0], operand(b.emit.elementwise(product, inputs, b.shape_of(op.outputs[0]), true).value));
  }
};

} // namespace fusegrad::graph
