// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/growing.hpp>
#include <fusegrad/base/numbered.hpp>
#include <fusegrad/graph/graph.hpp>
#include <fusegrad/graph/operations.hpp>
#include <fusegrad/plan/fused.hpp>
#include <fusegrad/plan/parameter_layout.hpp>

namespace fusegrad::plan::inline FUSEGRAD_ABI {

/// Rows of fewer bytes are copied for less than what a list of them costs.
inline constexpr std::size_t least_bytes_given = 256;

namespace detail {
/// Whether a call reads a value as nothing but the left factor of a product with a wide weight, or of its gradient:
/// number by number, wherever its rows begin.
constexpr bool reads_by_number(const fused_operation& op, graph::value_id v, const parameter_layout& parameters) {
  if (op.window != graph::window_id::none || op.has_right() || op.parameter == graph::parameter_id::none ||
      parameters.places[op.parameter].is_narrow)
    return false;
  const bool is_gradient = graph::facts_of(op).into == graph::sum_into::matrix;
  if (is_gradient) return op.inputs.size() == 2 && op.inputs[0].value() == v && op.inputs[1].value() != v;
  if (op.left != v || op.transposed) return false;
  for (const graph::operand& x : op.inputs)
    if (x.is_factor() || (x.is_value() && x.value() == v)) return false;
  return true;
}
} // namespace detail

/// The inputs of a model that no kernel needs a copy of: vectors wide enough for a copy to count.
template <class T>
constexpr growing<graph::value_id> values_read_where_given(const graph::graph& g, const parameter_layout& parameters,
                                                           const growing<const fused_operation*>& operations) {
  growing<graph::value_id> found;
  for (const fused_operation* given : operations) {
    if (!graph::facts_of(*given).is_given) continue;
    const graph::value_id v = given->outputs[0];
    if (g.shape(v).positions() != 1 || g.width(v) * sizeof(T) < least_bytes_given) continue;
    bool is_found = true;
    for (const fused_operation* op : operations)
      each_value_read(*op, [&](graph::value_id read) {
        if (read == v) is_found = is_found && detail::reads_by_number(*op, v, parameters);
      });
    for (const graph::value_id out : g.outputs) is_found = is_found && out != v;
    if (is_found) found.push_back(v);
  }
  return found;
}

} // namespace fusegrad::plan::inline FUSEGRAD_ABI
