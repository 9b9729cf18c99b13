// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/graph/operations/window_product.hpp>
#include <string_view>

namespace fusegrad::graph {

/// (image, dy): adds to the gradient of the weight `parameter`, over all samples and positions of the window, what it
/// sees of the image times dy.
template <> struct rules<kind::convolution_gradient> : window_gradient {
  static constexpr std::string_view name = "convolution_gradient";
  static constexpr bool reads_numbers_one_by_one = true;
  static constexpr bool multiplies_sparse = true;
};

} // namespace fusegrad::graph
