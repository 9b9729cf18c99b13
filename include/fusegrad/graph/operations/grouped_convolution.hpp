// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/graph/operations/window_product.hpp>
#include <string_view>

namespace fusegrad::graph {

/// A convolution whose channels are made in groups, each of a group of the image's channels: (image) ->
/// [positions][out], with a weight of shape [out][in of a group][rows][columns], which says how many groups there are.
/// Transposed: from the positions back to the image.
template <>
struct rules<kind::grouped_convolution>
    : window_product<kind::grouped_convolution, kind::grouped_convolution_gradient, true> {
  static constexpr std::string_view name = "grouped_convolution";
  static constexpr bool is_linear = true;
  static constexpr bool reads_numbers_one_by_one = true;

  static constexpr violation shape(const graph& g, const operation& op, shape_list& out) {
    const parameter& weight = g.parameters[op.parameter];
    const window& w = g.windows[op.window];
    const tensor::extents &x = g.shape(op.inputs[0]), &size = weight.shape;
    if (!op.transposed && out.empty()) out.push_back(tensor::with_columns(w.over(x), size[0]));
    const std::size_t in = op.transposed ? out[0].columns() : x.columns(),
                      made = op.transposed ? x.columns() : out[0].columns(), groups = weight.groups;
    if (groups == 0 || size.rank < 2 || size[0] != made || size[1] * groups != in || made % groups != 0 ||
        size.size() != made * (in / groups) * w.taps())
      return {rule::weight_of_window,
              size,
              {4, {size[0], tensor::extent_of(in / (groups == 0 ? 1 : groups)), w.rows.size, w.columns.size}}};
    if (weight.is_elementwise) return {rule::matrix_by_itself, size, {}};
    return op.transposed ? window_made(w, out[0], x) : window_fits(w, x);
  }
};

} // namespace fusegrad::graph
