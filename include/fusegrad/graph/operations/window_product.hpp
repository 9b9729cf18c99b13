// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/graph/operations/traits.hpp>

namespace fusegrad::graph {

/// What products over a window have in common: `Own` from an image to the window's positions or, transposed, back, and
/// `OfWeight`, the gradient of its weight. `TurnsWeight`: the way back reads a transposed copy of the weight.
template <kind Own, kind OfWeight, bool TurnsWeight> struct window_product : usual_operation {
  static constexpr fusing fuses = fusing::product;
  static constexpr bool sees_border = true;

  static constexpr std::size_t flops(const graph& g, const operation& op) {
    const tensor::extents& positions = g.shape(op.transposed ? op.inputs[0].value() : op.outputs[0]);
    return 2 * g.parameter_size(op.parameter) * positions.positions();
  }

  template <class Backward> static constexpr void differentiate(Backward& b, const operation& op) {
    const operand x = op.inputs[0];
    const row dy = b.gradient_row(op.outputs[0]);
    if (b.g.parameters[op.parameter].is_trained) {
      operation dw;
      dw.what = OfWeight;
      dw.inputs.push_back(op.transposed ? operand(dy.value) : x);
      dw.inputs.push_back(op.transposed ? x : operand(dy.value));
      dw.parameter = op.parameter;
      dw.window = op.window;
      b.emit.write(dw);
    }
    if (!b.g.depends_on_parameter(x)) return;
    operation dx;
    dx.what = Own;
    dx.inputs.push_back(dy.value);
    dx.parameter = op.parameter;
    dx.window = op.window;
    dx.transposed = !op.transposed;
    if (TurnsWeight && dx.transposed) b.g.parameters[op.parameter].needs_transpose = true;
    b.contribute(x, b.emit.write(dx, b.shape_of(x))[0]);
  }
};

/// Sums of such products: the gradient of the weight.
struct window_gradient : usual_sum {
  static constexpr sum_into into = sum_into::matrix;
  static constexpr bool takes_row_of_batch = false;
  static constexpr bool sees_border = true;

  static constexpr std::size_t flops(const graph& g, const operation& op) {
    return 2 * g.parameter_size(op.parameter) * g.shape(op.inputs[1]).positions();
  }
};

} // namespace fusegrad::graph
