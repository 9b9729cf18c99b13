// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/graph/operations/traits.hpp>
#include <string_view>

namespace fusegrad::graph {

/// Each row into consecutive parts.
template <> struct rules<kind::split> : usual_operation {
  static constexpr std::string_view name = "split";
  static constexpr bool is_linear = true;
  static constexpr bool only_moves = true;
  static constexpr column_parts parts = column_parts::results;

  static constexpr violation shape(const graph& g, const operation& op, shape_list& out) {
    std::size_t sum = 0;
    bool some_empty = out.empty();
    for (const tensor::extents& part : out) {
      const std::size_t columns = part.columns();
      some_empty = some_empty || columns == 0;
      sum = columns < too_many_numbers && sum < too_many_numbers ? sum + columns : too_many_numbers;
    }
    const std::size_t width = g.shape(op.inputs[0]).columns();
    if (sum != width || some_empty) return {rule::parts_of_row, tensor::vector_of(sum), tensor::vector_of(width)};
    return {};
  }
  static constexpr std::size_t flops(const graph&, const operation&) { return 0; }
  template <class Backward> static constexpr void differentiate(Backward& b, const operation& op) {
    wire slopes;
    for (value_id out : op.outputs) slopes.push_back(b.gradient_row(out));
    b.contribute(op.inputs[0], b.emit.concat(slopes));
  }
};

} // namespace fusegrad::graph
