// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/graph/operations/traits.hpp>
#include <string_view>

namespace fusegrad::graph {

/// (image, dy): adds to the gradient of the weight `parameter` of a depthwise convolution, channel by channel.
template <> struct rules<kind::depthwise_gradient> : usual_sum {
  static constexpr std::string_view name = "depthwise_gradient";
  static constexpr sum_into into = sum_into::matrix;
  static constexpr bool takes_row_of_batch = false;
  static constexpr bool sees_border = true;

  static constexpr std::size_t flops(const graph& g, const operation& op) {
    return 2 * g.parameter_size(op.parameter) * g.shape(op.inputs[1]).positions();
  }
};

} // namespace fusegrad::graph
