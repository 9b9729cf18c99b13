// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/graph/operations/traits.hpp>
#include <string_view>

namespace fusegrad::graph {

/// () -> random numbers, uniform in [0, 1), new in each step: (slot: which stream).
template <> struct rules<kind::random> : usual_operation {
  static constexpr std::string_view name = "random";
  static constexpr bool is_random = true;

  static constexpr violation shape(const graph&, const operation&, shape_list& out) {
    return shape_rules::sensible_size(out[0]);
  }
  static constexpr std::size_t flops(const graph&, const operation&) { return 0; } // integer arithmetic
  /// Nothing moves them.
  template <class Tangents> static constexpr void move(Tangents&, const operation&) {}
  template <class Backward> static constexpr void differentiate(Backward&, const operation&) {} // reads nothing
};

} // namespace fusegrad::graph
