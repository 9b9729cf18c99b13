// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/graph/operations/traits.hpp>
#include <string_view>

namespace fusegrad::graph {

/// (x): adds the sum over samples and columns to the gradient of a parameter of size 1.
template <> struct rules<kind::total_sum> : usual_sum {
  static constexpr std::string_view name = "total_sum";
  static constexpr sum_into into = sum_into::number;

  static constexpr std::size_t flops(const graph& g, const operation& op) { return width_of_input(g, op); }
};

} // namespace fusegrad::graph
