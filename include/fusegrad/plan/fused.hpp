// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/graph/graph.hpp>

namespace fusegrad::plan::inline FUSEGRAD_ABI {

/// One kernel call: an operation of the graph with all that was fused into it. A product has an expression then, its
/// epilogue, and what it multiplies stands apart from what that reads.
struct fused_operation : graph::operation {
  graph::value_id left = graph::value_id::none;
  bool alive = true;

  [[nodiscard]] constexpr bool has_left() const { return left != graph::value_id::none; }
};

} // namespace fusegrad::plan::inline FUSEGRAD_ABI
