// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/growing.hpp>
#include <fusegrad/base/numbered.hpp>
#include <fusegrad/graph/graph.hpp>
#include <fusegrad/graph/operations.hpp>
#include <fusegrad/plan/fused.hpp>
#include <fusegrad/plan/value_layout.hpp>
#include <fusegrad/plan/window_patterns.hpp>
#include <fusegrad/plan/window_walk.hpp>

namespace fusegrad::plan::inline FUSEGRAD_ABI {

/// Zeros that a product over a window needs around what it reads.
constexpr border border_for(const tensor::image_window& w, bool is_back) {
  const std::int64_t rows = is_back ? w.made_rows : w.image_rows, columns = is_back ? w.made_columns : w.image_columns;
  border out;
  const window_walks walks = walks_of(w, is_back);
  const auto larger = [](std::size_t& x, std::int64_t y) {
    if (static_cast<std::int64_t>(x) < y) x = static_cast<std::size_t>(y);
  };
  for (const side_walk& y : walks.rows) {
    larger(out.above, y.before());
    larger(out.below, y.after(rows));
  }
  for (const side_walk& x : walks.columns) {
    larger(out.left, x.before());
    larger(out.right, x.after(columns));
  }
  return out;
}

/// How each value lies in memory, for those that read it: with a border where a window reaches over its edges, tight
/// where channels would not fill vectors and all readers take numbers one by one.
template <class T>
constexpr numbered<graph::value_id, value_layout> lay_out_values(const graph::graph& g,
                                                                 const growing<const fused_operation*>& operations) {
  using graph::value_id;
  numbered<value_id, border> borders;
  numbered<value_id, char> is_loose; // some reader or maker works on whole vectors
  borders.resize(g.values.size());
  is_loose.resize(g.values.size());
  for (const fused_operation* op : operations) {
    const graph::operation_facts& facts = graph::facts_of(*op);
    const value_id first = op->has_left()                                    ? op->left
                           : op->inputs.empty() || !op->inputs[0].is_value() ? value_id::none
                                                                             : op->inputs[0].value();
    if (facts.sees_border && !(op->has_left() && op->reads_places()))
      borders[first] = both(borders[first], border_for(image_window_of(g, *op), op->transposed));
    // An epilogue reads whole vectors, also of what its product reads one by one.
    for (std::size_t i = 0; i < op->inputs.size(); ++i)
      if (const graph::operand& x = op->inputs[i]; x.is_value() || x.is_factor())
        if (i > 0 || op->has_left() || !facts.reads_numbers_one_by_one) is_loose[x.value()] = 1;
    if (op->has_left() && (!facts.reads_numbers_one_by_one || op->reads_places())) is_loose[op->left] = 1;
    if (op->has_right()) is_loose[op->right] = 1;
    if (op->reads_places()) is_loose[op->places_read] = 1;
    for (const value_id v : op->outputs)
      if (!facts.is_given && !facts.only_reshapes) is_loose[v] = 1;
  }
  numbered<value_id, value_layout> out;
  for (std::size_t i = 0; i < g.values.size(); ++i) {
    const value_id v = g.values.number(i);
    out.push_back(lay_out<T>(g.shape(v), borders[v], is_loose[v] == 0));
  }
  return out;
}

} // namespace fusegrad::plan::inline FUSEGRAD_ABI
