// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/graph/operations/traits.hpp>
#include <string_view>

namespace fusegrad::graph {

/// (image, dy): adds to the gradient of the weight `parameter`, over all samples and positions of the window, what it
/// sees of the image times dy.
template <> struct rules<kind::convolution_gradient> : usual_sum {
  static constexpr std::string_view name = "convolution_gradient";
  static constexpr sum_into into = sum_into::matrix;
  static constexpr bool takes_row_of_batch = false;
  static constexpr bool reads_numbers_one_by_one = true;
  static constexpr bool sees_border = true;
  static constexpr bool multiplies_sparse = true;

  static constexpr std::size_t flops(const graph& g, const operation& op) {
    return 2 * g.parameter_size(op.parameter) * g.shape(op.inputs[1]).positions();
  }
};

} // namespace fusegrad::graph
