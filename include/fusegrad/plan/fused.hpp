// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
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

/// Calls `visit(value)` for all that a call reads, some of it maybe twice. All planning asks this all the time: in
/// constant evaluation each call of a function that only names a comparison takes longer than that.
template <class Visit> constexpr void each_value_read(const fused_operation& op, Visit visit) {
  const graph::operand* const inputs = op.inputs.begin();
  for (std::size_t i = 0, count = op.inputs.size(); i < count; ++i)
    if (inputs[i].from == graph::source::value || inputs[i].from == graph::source::factor) visit(inputs[i].value());
  if (op.left != graph::value_id::none) visit(op.left);
  if (op.right != graph::value_id::none) visit(op.right);
  if (op.places_read != graph::value_id::none) visit(op.places_read);
}
/// And for all that it makes.
template <class Visit> constexpr void each_value_made(const fused_operation& op, Visit visit) {
  const graph::value_id* const made = op.outputs.begin();
  for (std::size_t i = 0, count = op.outputs.size(); i < count; ++i) visit(made[i]);
  if (op.places != graph::value_id::none) visit(op.places);
}

} // namespace fusegrad::plan::inline FUSEGRAD_ABI
