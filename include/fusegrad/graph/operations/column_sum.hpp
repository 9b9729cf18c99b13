// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/graph/operations/traits.hpp>
#include <string_view>

namespace fusegrad::graph {

/// (x): adds the sum over samples and positions to the gradient of `parameter`; of a row of the batch: sets the next
/// value of a state.
template <> struct rules<kind::column_sum> : usual_sum {
  static constexpr std::string_view name = "column_sum";
  static constexpr sum_into into = sum_into::vector;

  static constexpr std::size_t flops(const graph& g, const operation& op) { return width_of_input(g, op); }
};

} // namespace fusegrad::graph
