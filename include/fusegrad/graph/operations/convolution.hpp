// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/graph/operations/window_product.hpp>
#include <string_view>

namespace fusegrad::graph {

/// A product at each position of a window: (image) -> [positions][out], with a weight of shape
/// [out][in][rows][columns], or [out][in] where the window is a single position. Transposed: from the positions back
/// to the image, as for the gradient of the image.
template <> struct rules<kind::convolution> : window_product<kind::convolution, kind::convolution_gradient, true> {
  static constexpr std::string_view name = "convolution";
  static constexpr bool is_linear = true;
  static constexpr bool reads_numbers_one_by_one = true;
  static constexpr bool multiplies_sparse = true;
  static constexpr bool makes_largest = true;

  static constexpr violation shape(const graph& g, const operation& op, shape_list& out) {
    const parameter& weight = g.parameters[op.parameter];
    const window& w = g.windows[op.window];
    const tensor::extents &x = g.shape(op.inputs[0]), &size = weight.shape;
    if (!op.transposed && out.empty()) out.push_back(tensor::with_columns(w.over(x), size[0]));
    const std::size_t in = op.transposed ? out[0].columns() : x.columns(),
                      made = op.transposed ? x.columns() : out[0].columns();
    if (weight.groups != 1 || size.rank < 2 || size[0] != made || size[1] != in || size.size() != made * in * w.taps())
      return {rule::weight_of_window, size, {4, {size[0], tensor::extent_of(in), w.rows.size, w.columns.size}}};
    if (weight.is_elementwise) return {rule::matrix_by_itself, size, {}};
    return op.transposed ? window_made(w, out[0], x) : window_fits(w, x);
  }
};

} // namespace fusegrad::graph
