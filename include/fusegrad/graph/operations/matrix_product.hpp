// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/graph/operations/traits.hpp>
#include <string_view>

namespace fusegrad::graph {

/// x W: (x) -> [out]; W is `parameter`, of shape [out][in], or its transpose.
template <> struct rules<kind::matrix_product> : usual_operation {
  static constexpr std::string_view name = "matrix_product";
  static constexpr bool joins_by_weight = true;
  static constexpr bool is_linear = true;
  static constexpr fusing fuses = fusing::product;

  static constexpr violation shape(const graph& g, const operation& op, shape_list& out) {
    const parameter& weight = g.parameters[op.parameter];
    const tensor::extents& size = weight.shape;
    if (out.empty()) out.push_back(tensor::with_columns(g.shape(op.inputs[0]), size[op.transposed ? 1 : 0]));
    const std::size_t width = g.width(op.inputs[0]); // one position
    if (size.rank != 2 || size[op.transposed ? 0 : 1] != width)
      return {rule::matrix_of_row, size, tensor::matrix_of(size[0], width)};
    if (weight.is_elementwise) return {rule::matrix_by_itself, size, {}};
    return {};
  }
  static constexpr std::size_t flops(const graph& g, const operation& op) { return 2 * g.parameter_size(op.parameter); }

  template <class Backward> static constexpr void differentiate(Backward& b, const operation& op) {
    const operand x = op.inputs[0];
    const row dy = b.gradient_row(op.outputs[0]);
    // A state's next value would stand where its gradient would be summed.
    if (b.g.parameters[op.parameter].is_trained) {
      operation dw;
      dw.what = kind::weight_gradient;
      dw.inputs.push_back(op.transposed ? operand(dy.value) : x);
      dw.inputs.push_back(op.transposed ? x : operand(dy.value));
      dw.parameter = op.parameter;
      b.emit.write(dw);
    }
    if (!b.g.depends_on_parameter(x)) return;
    operation dx;
    dx.what = kind::matrix_product;
    dx.inputs.push_back(dy.value);
    dx.parameter = op.parameter;
    dx.transposed = !op.transposed;
    if (dx.transposed) b.g.parameters[op.parameter].needs_transpose = true;
    b.contribute(x, b.emit.write_row(dx, b.shape_of(x)));
  }
};

} // namespace fusegrad::graph
