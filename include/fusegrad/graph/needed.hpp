// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/growing.hpp>
#include <fusegrad/base/numbered.hpp>
#include <fusegrad/graph/graph.hpp>
#include <fusegrad/graph/operations.hpp>

namespace fusegrad::graph {

namespace detail {
/// Goes back from the values that `is_read` says are read at first, and from the operations that are `wanted` anyway; a
/// value that `is_there` needs nobody to make it.
template <class Wanted, class IsThere>
constexpr growing<char> mark_needed(const graph& g, numbered<value_id, char> is_read, Wanted wanted, IsThere is_there) {
  growing<char> needed;
  needed.resize(g.operations.size());
  for (std::size_t i = g.operations.size(); i-- > 0;) {
    const operation& op = g.operations[i];
    bool is_needed = wanted(op);
    const value_id* const made = op.outputs.begin();
    for (std::size_t k = op.outputs.size(); !is_needed && k-- > 0;)
      is_needed = is_read[made[k]] != 0 && !is_there(made[k]);
    if (!is_needed) continue;
    needed[i] = 1;
    const operand* const inputs = op.inputs.begin();
    for (std::size_t k = op.inputs.size(); k-- > 0;)
      if (inputs[k].is_value()) is_read[inputs[k].value()] = 1;
  }
  return needed;
}
} // namespace detail

/// For each operation whether anything needs it: the outputs of the graph, a sum, or another one that is needed. What
/// is given from outside always is.
constexpr growing<char> needed_operations(const graph& g) {
  numbered<value_id, char> is_read;
  is_read.resize(g.values.size());
  for (value_id out : g.outputs) is_read[out] = 1;
  const auto wanted = [](const operation& op) {
    const operation_facts& facts = facts_of(op);
    return facts.into != sum_into::nothing || facts.is_given;
  };
  return detail::mark_needed(g, is_read, wanted, [](value_id) { return false; });
}

/// For each operation whether it is on the way to a value; nothing is on the way to one that `is_there`.
template <class IsThere>
constexpr growing<char> operations_on_the_way_to(const graph& g, value_id target, IsThere is_there) {
  numbered<value_id, char> is_read;
  is_read.resize(g.values.size());
  is_read[target] = 1;
  return detail::mark_needed(g, is_read, [](const operation&) { return false; }, is_there);
}
constexpr growing<char> operations_on_the_way_to(const graph& g, value_id target) {
  return operations_on_the_way_to(g, target, [](value_id) { return false; });
}

} // namespace fusegrad::graph
