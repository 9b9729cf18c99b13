// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/graph/operations/traits.hpp>
#include <string_view>

namespace fusegrad::graph {

/// (x): adds the sum over samples and columns, times `weight`, to the loss.
template <> struct rules<kind::loss_term> : usual_sum {
  static constexpr std::string_view name = "loss_term";
  static constexpr sum_into into = sum_into::loss;

  static constexpr std::size_t flops(const graph& g, const operation& op) { return width_of_input(g, op); }
  /// Where every gradient begins.
  template <class Backward> static constexpr void differentiate(Backward& b, const operation& op) {
    b.contribute(op.inputs[0], operand(op.weight));
  }
};

} // namespace fusegrad::graph
