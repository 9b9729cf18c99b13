// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/graph/operations/window_product.hpp>
#include <string_view>

namespace fusegrad::graph {

/// A convolution of each channel by itself: (image) -> [positions][channels], with a weight of shape
/// [channels][1][rows][columns]. Transposed: from the positions back to the image.
template <> struct rules<kind::depthwise> : window_product<kind::depthwise, kind::depthwise_gradient, false> {
  static constexpr std::string_view name = "depthwise";
  static constexpr bool is_linear = true;
  static constexpr bool keeps_columns_apart = true;

  static constexpr violation shape(const graph& g, const operation& op, shape_list& out) {
    const parameter& weight = g.parameters[op.parameter];
    const window& w = g.windows[op.window];
    const tensor::extents &x = g.shape(op.inputs[0]), &size = weight.shape;
    const std::size_t channels = x.columns();
    if (!op.transposed && out.empty()) out.push_back(w.over(x));
    if (weight.groups != 1 || size.rank < 2 || size[0] != channels || size[1] != 1 ||
        size.size() != channels * w.taps())
      return {rule::weight_of_window, size, {4, {tensor::extent_of(channels), 1, w.rows.size, w.columns.size}}};
    if (weight.is_elementwise) return {rule::matrix_by_itself, size, {}};
    return op.transposed ? window_made(w, out[0], x) : window_fits(w, x);
  }
};

} // namespace fusegrad::graph
