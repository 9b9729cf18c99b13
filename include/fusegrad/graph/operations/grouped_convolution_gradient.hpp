// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/graph/operations/window_product.hpp>
#include <string_view>

namespace fusegrad::graph {

/// (image, dy): adds to the gradient of the weight `parameter` of a grouped convolution, group by group.
template <> struct rules<kind::grouped_convolution_gradient> : window_gradient {
  static constexpr std::string_view name = "grouped_convolution_gradient";
  static constexpr bool reads_numbers_one_by_one = true;
};

} // namespace fusegrad::graph
