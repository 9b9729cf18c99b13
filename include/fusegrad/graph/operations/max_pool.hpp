// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/graph/operations/traits.hpp>
#include <string_view>

namespace fusegrad::graph {

/// The largest number of each channel in a window -> (the numbers, which tap of its window each is). Of equal ones the
/// first, as in PyTorch; NaN is larger than any number. Zeros around the image count as smaller than any.
template <> struct rules<kind::max_pool> : usual_operation {
  static constexpr std::string_view name = "max_pool";
  static constexpr fusing fuses = fusing::pool;

  static constexpr violation shape(const graph& g, const operation& op, shape_list& out) {
    const tensor::extents& image = g.shape(op.inputs[0]);
    const window& w = g.windows[op.window];
    out.push_back(w.over(image));
    out.push_back(w.over(image));
    if (const violation v = window_fits(w, image); v.broken != rule::none) return v;
    if (!w.rows.sees_everywhere(image.image_rows()) || !w.columns.sees_everywhere(image.image_columns()))
      return {rule::window_sees, tensor::matrix_of(image.image_rows(), image.image_columns()), {}};
    return {};
  }
  // Comparisons.
  static constexpr std::size_t flops(const graph& g, const operation& op) {
    return g.width(op.outputs[0]) * g.windows[op.window].taps();
  }
  template <class Backward> static constexpr void differentiate(Backward& b, const operation& op) {
    operation dx;
    dx.what = kind::spread;
    dx.inputs.push_back(b.gradient_row(op.outputs[0]).value);
    dx.inputs.push_back(op.outputs[1]);
    dx.window = op.window;
    b.contribute(op.inputs[0], b.emit.write(dx, b.shape_of(op.inputs[0]))[0]);
  }
};

} // namespace fusegrad::graph
