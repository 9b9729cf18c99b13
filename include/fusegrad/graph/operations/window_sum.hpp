// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/graph/operations/traits.hpp>
#include <string_view>

namespace fusegrad::graph {

/// The sum of each channel over a window -> an image of the window's positions. Transposed: an image of which each
/// position has the sum of all windows that see it. Average pools, zeros around an image, cutting an image out and
/// repeating its positions are all of this kind.
template <> struct rules<kind::window_sum> : usual_operation {
  static constexpr std::string_view name = "window_sum";
  static constexpr bool is_linear = true;

  static constexpr violation shape(const graph& g, const operation& op, shape_list& out) {
    const tensor::extents& x = g.shape(op.inputs[0]);
    const window& w = g.windows[op.window];
    if (op.transposed) return window_made(w, out[0], x);
    out.push_back(w.over(x));
    return window_fits(w, x);
  }
  static constexpr std::size_t flops(const graph& g, const operation& op) {
    return g.width(op.transposed ? op.inputs[0].value() : op.outputs[0]) * g.windows[op.window].taps();
  }
  template <class Backward> static constexpr void differentiate(Backward& b, const operation& op) {
    operation dx;
    dx.what = kind::window_sum;
    dx.inputs.push_back(b.gradient_row(op.outputs[0]).value);
    dx.window = op.window;
    dx.transposed = !op.transposed;
    const tensor::extents image = b.shape_of(op.inputs[0]);
    b.contribute(op.inputs[0], dx.transposed ? b.emit.write(dx, image)[0] : b.emit.write(dx)[0]);
  }
};

} // namespace fusegrad::graph
