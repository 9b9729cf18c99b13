// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/graph/operations/traits.hpp>
#include <string_view>

namespace fusegrad::graph {

/// Each column of a row several times, side by side: [c] -> [c times]. Transposed: the sums of so many neighbours.
template <> struct rules<kind::repetition> : usual_operation {
  static constexpr std::string_view name = "repetition";
  static constexpr bool is_linear = true;

  static constexpr violation shape(const graph& g, const operation& op, shape_list& out) {
    const tensor::extents& x = g.shape(op.inputs[0]);
    const std::size_t few = op.transposed ? out[0].columns() : x.columns(),
                      many = op.transposed ? x.columns() : out[0].columns();
    if (few == 0 || many == 0 || many % few != 0)
      return {rule::parts_of_row, tensor::vector_of(many), tensor::vector_of(few)};
    return {};
  }
  static constexpr std::size_t flops(const graph& g, const operation& op) {
    return op.transposed ? width_of_input(g, op) : 0;
  }
  template <class Backward> static constexpr void differentiate(Backward& b, const operation& op) {
    operation dx;
    dx.what = kind::repetition;
    dx.inputs.push_back(b.gradient_row(op.outputs[0]).value);
    dx.transposed = !op.transposed;
    b.contribute(op.inputs[0], b.emit.write(dx, b.shape_of(op.inputs[0]))[0]);
  }
};

} // namespace fusegrad::graph
