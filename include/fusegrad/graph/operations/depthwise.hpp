// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/graph/operations/traits.hpp>
#include <string_view>

namespace fusegrad::graph {

/// A convolution of each channel by itself: (image) -> [positions][channels], with a weight of shape
/// [channels][1][rows][columns]. Transposed: from the positions back to the image.
template <> struct rules<kind::depthwise> : usual_operation {
  static constexpr std::string_view name = "depthwise";
  static constexpr fusing fuses = fusing::product;
  static constexpr bool sees_border = true;

  static constexpr violation shape(const graph& g, const operation& op, shape_list& out) {
    const parameter& weight = g.parameters[op.parameter];
    const window& w = g.windows[op.window];
    const tensor::extents &x = g.shape(op.inputs[0]), &size = weight.shape;
    const std::size_t channels = x.columns();
    if (!op.transposed) out.push_back(w.over(x));
    if (size.rank < 2 || size[0] != channels || size[1] != 1 || size.size() != channels * w.taps())
      return {rule::weight_of_window, size, {4, {tensor::extent_of(channels), 1, w.rows.size, w.columns.size}}};
    if (weight.is_elementwise) return {rule::matrix_by_itself, size, {}};
    return op.transposed ? window_made(w, out[0], x) : window_fits(w, x);
  }
  static constexpr std::size_t flops(const graph& g, const operation& op) {
    const tensor::extents& positions = g.shape(op.transposed ? op.inputs[0].value() : op.outputs[0]);
    return 2 * g.parameter_size(op.parameter) * positions.positions();
  }

  template <class Backward> static constexpr void differentiate(Backward& b, const operation& op) {
    const operand x = op.inputs[0];
    const row dy = b.gradient_row(op.outputs[0]);
    if (b.g.parameters[op.parameter].is_trained) {
      operation dw;
      dw.what = kind::depthwise_gradient;
      dw.inputs.push_back(op.transposed ? operand(dy.value) : x);
      dw.inputs.push_back(op.transposed ? x : operand(dy.value));
      dw.parameter = op.parameter;
      dw.window = op.window;
      b.emit.write(dw);
    }
    if (!b.g.depends_on_parameter(x)) return;
    operation dx;
    dx.what = kind::depthwise;
    dx.inputs.push_back(dy.value);
    dx.parameter = op.parameter;
    dx.window = op.window;
    dx.transposed = !op.transposed;
    b.contribute(x, dx.transposed ? b.emit.write(dx, b.shape_of(x))[0] : b.emit.write(dx)[0]);
  }
};

} // namespace fusegrad::graph
