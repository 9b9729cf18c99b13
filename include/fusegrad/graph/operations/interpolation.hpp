// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/graph/operations/traits.hpp>
#include <string_view>

namespace fusegrad::graph {

/// Transposed: from the positions of windows that stand side by side to the image that they cover, linear between the
/// middles of neighbouring windows, constant beyond the first and the last. Else the way back: each position has the
/// sum of what it is a part of, times its share.
template <> struct rules<kind::interpolation> : usual_operation {
  static constexpr std::string_view name = "interpolation";
  static constexpr bool is_linear = true;

  static constexpr violation shape(const graph& g, const operation& op, shape_list& out) {
    const tensor::extents& x = g.shape(op.inputs[0]);
    const window& w = g.windows[op.window];
    if (op.transposed) return window_made(w, out[0], x);
    if (out.empty()) out.push_back(w.over(x));
    return window_fits(w, x);
  }
  /// Each number of the image is a mean of two in each direction that grows.
  static constexpr std::size_t flops(const graph& g, const operation& op) {
    const window& w = g.windows[op.window];
    const std::size_t parts = (w.rows.size > 1 ? 2u : 1u) * (w.columns.size > 1 ? 2u : 1u);
    return 2 * parts * g.width(op.transposed ? op.outputs[0] : op.inputs[0].value());
  }
  template <class Backward> static constexpr void differentiate(Backward& b, const operation& op) {
    operation dx;
    dx.what = kind::interpolation;
    dx.inputs.push_back(b.gradient_row(op.outputs[0]).value);
    dx.window = op.window;
    dx.transposed = !op.transposed;
    const tensor::extents image = b.shape_of(op.inputs[0]);
    b.contribute(op.inputs[0], dx.transposed ? b.emit.write(dx, image)[0] : b.emit.write(dx)[0]);
  }
};

} // namespace fusegrad::graph
