// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/graph/operations/traits.hpp>
#include <string_view>

namespace fusegrad::graph {

/// The sum of an `expression` over all positions of a sample, column by column -> one row.
template <> struct rules<kind::position_sum> : usual_operation {
  static constexpr std::string_view name = "position_sum";
  static constexpr bool is_linear = true;
  static constexpr fusing fuses = fusing::sum;
  static constexpr bool works_on_shape_of_input = true;

  static constexpr violation shape(const graph& g, const operation& op, shape_list& out) {
    out.push_back(tensor::vector_of(g.shape(op.inputs[0]).columns()));
    return {};
  }
  static constexpr std::size_t flops(const graph& g, const operation& op) { return width_of_input(g, op); }
  /// The same row for all positions.
  template <class Backward> static constexpr void differentiate(Backward& b, const operation& op) {
    b.contribute(op.inputs[0], b.gradient(op.outputs[0]));
  }
};

} // namespace fusegrad::graph
