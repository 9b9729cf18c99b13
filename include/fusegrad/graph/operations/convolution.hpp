// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/graph/operations/traits.hpp>
#include <string_view>

namespace fusegrad::graph {

/// A product at each position of a window: (image) -> [positions][out], with a weight of shape
/// [out][in][rows][columns], or [out][in] where the window is a single position. Transposed: from the positions back
/// to the image, as for the gradient of the image.
template <> struct rules<kind::convolution> : usual_operation {
  static constexpr std::string_view name = "convolution";
  static constexpr fusing fuses = fusing::product;
  static constexpr bool reads_numbers_one_by_one = true;
  static constexpr bool sees_border = true;
  static constexpr bool multiplies_sparse = true;

  static constexpr violation shape(const graph& g, const operation& op, shape_list& out) {
    const parameter& weight = g.parameters[op.parameter];
    const window& w = g.windows[op.window];
    const tensor::extents &x = g.shape(op.inputs[0]), &size = weight.shape;
    if (!op.transposed && out.empty()) out.push_back(tensor::with_columns(w.over(x), size[0]));
    const std::size_t in = op.transposed ? out[0].columns() : x.columns(),
                      made = op.transposed ? x.columns() : out[0].columns();
    if (size.rank < 2 || size[0] != made || size[1] != in || size.size() != made * in * w.taps())
      return {rule::weight_of_window, size, {4, {size[0], tensor::extent_of(in), w.rows.size, w.columns.size}}};
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
      dw.what = kind::convolution_gradient;
      dw.inputs.push_back(op.transposed ? operand(dy.value) : x);
      dw.inputs.push_back(op.transposed ? x : operand(dy.value));
      dw.parameter = op.parameter;
      dw.window = op.window;
      b.emit.write(dw);
    }
    if (!b.g.depends_on_parameter(x)) return;
    operation dx;
    dx.what = kind::convolution;
    dx.inputs.push_back(dy.value);
    dx.parameter = op.parameter;
    dx.window = op.window;
    dx.transposed = !op.transposed;
    if (dx.transposed) b.g.parameters[op.parameter].needs_transpose = true;
    b.contribute(x, b.emit.write(dx, b.shape_of(x))[0]);
  }
};

} // namespace fusegrad::graph
