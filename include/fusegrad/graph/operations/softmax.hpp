// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/graph/operations/traits.hpp>
#include <string_view>

namespace fusegrad::graph {

/// The softmax of each row; of one that is causal the columns up to its position, and 0 behind them.
template <> struct rules<kind::softmax> : usual_operation {
  static constexpr std::string_view name = "softmax";

  static constexpr auto shape = &same_shape;
  static constexpr std::size_t flops(const graph& g, const operation& op) { return 4 * width_of_input(g, op); }
  template <class Tangents> static constexpr void move(Tangents& t, const operation& op) {
    if (t.is_second_order()) return t.refuse(op);
    if (t.tangent(op.inputs[0]) == value_id::none) return;
    const row y{op.outputs[0], t.g.shape(op.outputs[0])}, dx = t.tangent_row(op.inputs[0]);
    const row sum = t.emit.row_sum(t.emit.map([](auto out, auto d) { return out * d; }, y, dx));
    t.set(op.outputs[0], t.emit.map([](auto out, auto d, auto total) { return out * (d - total); }, y, dx, sum));
  }
  template <class Backward> static constexpr void differentiate(Backward& b, const operation& op) {
    const row y = b.row_of(op.outputs[0]), dy = b.gradient_row(op.outputs[0]);
    const row sum = b.emit.row_sum(b.emit.map([](auto out, auto d) { return out * d; }, y, dy));
    b.contribute(op.inputs[0], b.emit.map([](auto out, auto d, auto total) { return out * (d - total); }, y, dy, sum));
  }
};

} // namespace fusegrad::graph
