// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/graph/operations/traits.hpp>
#include <string_view>

namespace fusegrad::graph {

/// Sums over samples of each result of an `expression`, for whoever looks at a run: (slot: which observation).
template <> struct rules<kind::observe> : usual_sum {
  static constexpr std::string_view name = "observe";
  static constexpr sum_into into = sum_into::observation;

  static constexpr std::size_t flops(const graph&, const operation&) { return 0; } // of somebody who only looks
};

} // namespace fusegrad::graph
