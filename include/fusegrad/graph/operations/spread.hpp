// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/graph/operations/traits.hpp>
#include <string_view>

namespace fusegrad::graph {

/// (numbers, their taps): an image with each number at its tap of its window, summed where several meet, and zero
/// elsewhere: the gradient of a max pool. Whatever multiplies it can do so without it ever being made.
template <> struct rules<kind::spread> : usual_operation {
  static constexpr std::string_view name = "spread";
  static constexpr bool is_sparse = true;

  static constexpr violation shape(const graph& g, const operation& op, shape_list& out) {
    return window_made(g.windows[op.window], out[0], g.shape(op.inputs[0]));
  }
  static constexpr std::size_t flops(const graph& g, const operation& op) { return g.width(op.inputs[0]); }
  /// What was read at a tap: the gradient there.
  template <class Backward> static constexpr void differentiate(Backward&, const operation&) {} // only ever a gradient
};

} // namespace fusegrad::graph
