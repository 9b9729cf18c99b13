// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/graph/operations/traits.hpp>
#include <string_view>

namespace fusegrad::graph {

/// (x, dy): adds x^T dy, over all samples, to the gradient of the weight `parameter`.
template <> struct rules<kind::weight_gradient> : usual_sum {
  static constexpr std::string_view name = "weight_gradient";
  static constexpr bool joins_by_weight = true;
  static constexpr sum_into into = sum_into::matrix;
  static constexpr bool takes_row_of_batch = false;

  static constexpr std::size_t flops(const graph& g, const operation& op) { return 2 * g.parameter_size(op.parameter); }
};

} // namespace fusegrad::graph
