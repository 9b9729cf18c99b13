// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/graph/operations/traits.hpp>
#include <string_view>

namespace fusegrad::graph {

/// Consecutive parts into one row.
template <> struct rules<kind::concat> : usual_operation {
  static constexpr std::string_view name = "concat";
  static constexpr bool only_moves = true;

  static constexpr violation shape(const graph& g, const operation& op, shape_list& out) {
    std::size_t width = 0;
    for (const operand& x : op.inputs) width += g.width(x);
    out.push_back(tensor::vector_of(op.inputs.empty() ? 1 : width));
    if (op.inputs.empty()) return {rule::some_parts, {}, {}};
    return {};
  }
  static constexpr std::size_t flops(const graph&, const operation&) { return 0; }
  template <class Backward> static constexpr void differentiate(Backward& b, const operation& op) {
    growing<std::size_t> widths;
    for (const operand& x : op.inputs) widths.push_back(b.g.width(x));
    const wire parts = b.emit.split(b.gradient_row(op.outputs[0]), widths);
    for (std::size_t i = 0; i < op.inputs.size(); ++i) b.contribute(op.inputs[i], parts[i]);
  }
};

} // namespace fusegrad::graph
