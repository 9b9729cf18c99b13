// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/graph/operations/traits.hpp>
#include <string_view>

namespace fusegrad::graph {

/// Consecutive parts into one row, at each position.
template <> struct rules<kind::concat> : usual_operation {
  static constexpr std::string_view name = "concat";
  static constexpr bool is_linear = true;
  static constexpr bool only_moves = true;
  static constexpr column_parts parts = column_parts::inputs;

  static constexpr violation shape(const graph& g, const operation& op, shape_list& out) {
    out.push_back(tensor::vector_of(1));
    if (op.inputs.empty()) return {rule::some_parts, {}, {}};
    const tensor::extents first = g.shape(op.inputs[0]);
    std::size_t columns = 0;
    for (const operand& x : op.inputs) {
      const tensor::extents& part = g.shape(x);
      if (!(tensor::with_columns(part, 1) == tensor::with_columns(first, 1))) return {rule::equal_images, part, first};
      columns += part.columns();
    }
    out[0] = tensor::with_columns(first, columns);
    return {};
  }
  static constexpr std::size_t flops(const graph&, const operation&) { return 0; }
  template <class Backward> static constexpr void differentiate(Backward& b, const operation& op) {
    growing<std::size_t> widths;
    for (const operand& x : op.inputs) widths.push_back(b.g.shape(x).columns());
    const wire slopes = b.emit.split(b.gradient_row(op.outputs[0]), widths);
    for (std::size_t i = 0; i < op.inputs.size(); ++i) b.contribute(op.inputs[i], slopes[i]);
  }
};

} // namespace fusegrad::graph
