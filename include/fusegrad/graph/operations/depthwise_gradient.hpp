// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/graph/operations/window_product.hpp>
#include <string_view>

namespace fusegrad::graph {

/// (image, dy): adds to the gradient of the weight `parameter` of a depthwise convolution, channel by channel.
template <> struct rules<kind::depthwise_gradient> : window_gradient {
  static constexpr std::string_view name = "depthwise_gradient";
};

} // namespace fusegrad::graph
