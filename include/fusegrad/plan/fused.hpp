// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/graph/graph.hpp>

namespace fusegrad::plan::inline FUSEGRAD_ABI {

/// One kernel call: an operation of the graph with all that was fused into it. A product has an expression then, its
/// epilogue, and what it multiplies stands apart from what that reads.
struct fused_operation : graph::operation {
  tensor::extents work; ///< the rows that it works on
  graph::value_id left = graph::value_id::none, right = graph::value_id::none;
  graph::window_id pool = graph::window_id::none; ///< of a product: its epilogue works on the largest of each window
  graph::value_id places = graph::value_id::none; ///< of that: which of each window was the largest
  graph::value_id places_read =
      graph::value_id::none; ///< of its gradients: the same, with the numbers that belong there
  bool alive = true;

  [[nodiscard]] constexpr bool is_pooled() const { return pool != graph::window_id::none; }

  [[nodiscard]] constexpr bool reads_places() const { return places_read != graph::value_id::none; }
  [[nodiscard]] constexpr bool has_left() const { return left != graph::value_id::none; }
  /// Whether it is a product of two values.
  [[nodiscard]] constexpr bool has_right() const { return right != graph::value_id::none; }
};

/// Calls `visit(value)` for all that a call reads, some of it maybe twice.
template <class Visit> constexpr void each_value_read(const fused_operation& op, Visit visit) {
  for (const graph::operand& x : op.inputs)
    if (x.is_value() || x.is_factor()) visit(x.value());
  if (op.has_left()) visit(op.left);
  if (op.has_right()) visit(op.right);
  if (op.reads_places()) visit(op.places_read);
}
/// And for all that it makes.
template <class Visit> constexpr void each_value_made(const fused_operation& op, Visit visit) {
  for (const graph::value_id v : op.outputs) visit(v);
  if (op.places != graph::value_id::none) visit(op.places);
}

} // namespace fusegrad::plan::inline FUSEGRAD_ABI
