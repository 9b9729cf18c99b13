// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/growing.hpp>
#include <fusegrad/base/numbered.hpp>
#include <fusegrad/graph/graph.hpp>
#include <fusegrad/graph/operations.hpp>

namespace fusegrad::graph {

/// For each operation whether anything needs it: the outputs of the graph, a sum, or another one that is needed. What
/// is given from outside always is.
constexpr growing<char> needed_operations(const graph& g) {
  numbered<value_id, char> is_read;
  is_read.resize(g.values.size());
  for (value_id out : g.outputs) is_read[out] = 1;
  growing<char> needed;
  needed.resize(g.operations.size());
  for (std::size_t i = g.operations.size(); i-- > 0;) {
    const operation& op = g.operations[i];
    bool is_needed = facts_of(op).is_sum() || facts_of(op).is_given;
    for (value_id v : op.outputs) is_needed = is_needed || is_read[v] != 0;
    needed[i] = is_needed ? 1 : 0;
    if (!is_needed) continue;
    for (const operand& x : op.inputs)
      if (x.is_value()) is_read[x.value()] = 1;
  }
  return needed;
}

} // namespace fusegrad::graph
