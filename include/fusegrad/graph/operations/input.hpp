// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/graph/operations/traits.hpp>
#include <string_view>

namespace fusegrad::graph {

/// A row from outside: (slot).
template <> struct rules<kind::input> : usual_operation {
  static constexpr std::string_view name = "input";
  static constexpr bool is_given = true;

  static constexpr violation shape(const graph&, const operation&, shape_list& out) {
    return shape_rules::sensible_size(out[0]);
  }
  static constexpr std::size_t flops(const graph&, const operation&) { return 0; }
  template <class Backward> static constexpr void differentiate(Backward&, const operation&) {} // nobody asks for it
};

} // namespace fusegrad::graph
