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
  is_loose.resize(g.values.size());
  bool some_have_borders = false;
  for (const fused_operation* op : operations) {
    const graph::operation_facts& facts = graph::facts_of(*op);
    if (facts.sees_border && !(op->has_left() && op->reads_places())) {
      if (!some_have_borders) borders.resize(g.values.size());
      some_have_borders = true;
      const value_id seen = op->has_left() ? op->left : op->inputs[0].value();
      borders[seen] = both(borders[seen], border_for(image_window_of(g, *op), op->transposed));
    }
    // An epilogue reads whole vectors, also of what its product reads one by one.
    const bool has_left = op->has_left();
    const graph::operand* const inputs = op->inputs.begin();
    for (std::size_t i = 0, count = op->inputs.size(); i < count; ++i)
      if (i > 0 || has_left || !facts.reads_numbers_one_by_one)
        if (inputs[i].is_value() || inputs[i].is_factor()) is_loose[inputs[i].value()] = 1;
    if (has_left && (!facts.reads_numbers_one_by_one || op->reads_places())) is_loose[op->left] = 1;
    if (op->has_right()) is_loose[op->right] = 1;
    if (op->reads_places()) is_loose[op->places_read] = 1;
    if (facts.is_given || facts.only_reshapes) continue;
    for (const value_id v : op->outputs) is_loose[v] = 1;
  }
  const std::size_t count = g.values.size();
  numbered<value_id, value_layout> out;
  out.reserve(count);
  const graph::value* const values = g.values.begin();
  for (std::size_t i = 0; i < count; ++i) {
    // In a deep model most values lie as the one before.
    if (i > 0 && !some_have_borders && is_loose[i] == is_loose[i - 1] && values[i].shape == values[i - 1].shape)
      out.push_back(out.back());
    else
      out.push_back(lay_out<T>(values[i].shape, some_have_borders ? borders[i] : border{}, is_loose[i] == 0));
  }
  return out;
}

} // namespace fusegrad::plan::inline FUSEGRAD_ABI
