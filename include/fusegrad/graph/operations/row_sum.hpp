// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/graph/operations/traits.hpp>
#include <string_view>

namespace fusegrad::graph {

/// The sum of each row -> one column.
template <> struct rules<kind::row_sum> : usual_operation {
  static constexpr std::string_view name = "row_sum";
  static constexpr bool is_linear = true;
  static constexpr bool takes_row_of_batch = true;
  static constexpr bool works_on_shape_of_input = true;

  static constexpr violation shape(const graph& g, const operation& op, shape_list& out) {
    out.push_back(tensor::with_columns(g.shape(op.inputs[0]), 1));
    return {};
  }
  static constexpr std::size_t flops(const graph& g, const operation& op) { return width_of_input(g, op); }
  /// The same number for all columns.
  template <class Backward> static constexpr void differentiate(Backward& b, const operation& op) {
    b.contribute(op.inputs[0], b.gradient(op.outputs[0]));
  }
};

} // namespace fusegrad::graph
