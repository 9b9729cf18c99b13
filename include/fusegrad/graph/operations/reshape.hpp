// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/graph/operations/traits.hpp>
#include <string_view>

namespace fusegrad::graph {

/// The same numbers, row-major, in another shape. It costs nothing where both lie in memory alike, else a copy.
template <> struct rules<kind::reshape> : usual_operation {
  static constexpr std::string_view name = "reshape";
  static constexpr bool is_linear = true;
  static constexpr bool only_moves = true;
  static constexpr bool reads_numbers_one_by_one = true;
  static constexpr bool only_reshapes = true;

  static constexpr violation shape(const graph& g, const operation& op, shape_list& out) {
    return shape_rules::reshape(g.shape(op.inputs[0]), out[0]);
  }
  static constexpr std::size_t flops(const graph&, const operation&) { return 0; }
  template <class Backward> static constexpr void differentiate(Backward& b, const operation& op) {
    const row dy = b.gradient_row(op.outputs[0]);
    b.contribute(op.inputs[0], b.emit.reshape(dy, b.shape_of(op.inputs[0])));
  }
};

} // namespace fusegrad::graph
