// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/numbered.hpp>
#include <fusegrad/graph/graph.hpp>
#include <fusegrad/graph/operations.hpp>
#include <fusegrad/plan/fused.hpp>
#include <fusegrad/plan/value_layout.hpp>

namespace fusegrad::plan::inline FUSEGRAD_ABI {

/// Values that lie among the columns of another: what is cut out of it is read where it stands, and what it is joined
/// of is made where it belongs, so that nothing is copied. All parts but the last are whole vectors wide: each kernel
/// then reads and writes vectors of one part only.
template <class T> class value_parts {
  using value_id = graph::value_id;

public:
  constexpr value_parts() = default;
  /// Finds them, and changes their layouts to those of what they lie in.
  constexpr value_parts(const graph::graph& g, const growing<const fused_operation*>& operations,
                        numbered<value_id, value_layout>& layouts)
      : g_{&g} {
    if (none_has_parts(operations)) return;
    is_by_itself_.resize(g.values.size());
    needs_vectors_.resize(g.values.size());
    is_ragged_.resize(g.values.size());
    before_.resize(g.values.size());
    for (std::size_t i = 0; i < g.values.size(); ++i) whole_.push_back(g.values.number(i));
    for (const value_id out : g.outputs) is_by_itself_[out] = 1;
    for (const fused_operation* op : operations) {
      note_what_lies_by_itself(*op);
      note_what_needs_vectors(*op);
    }
    for (const fused_operation* op : operations) look_for_parts(*op, layouts);
    lie_in_wholes(layouts);
  }

  /// What a value lies in: itself, where it is no part.
  [[nodiscard]] constexpr value_id whole_of(value_id v) const { return outermost_[v]; }
  /// Whether a vector may be read that begins among the last columns of a row, and ends behind it.
  [[nodiscard]] constexpr bool are_read_beyond() const { return some_are_ragged_; }
  /// Whether all that an operation would move lies already where it belongs.
  [[nodiscard]] constexpr bool are_in_place(const fused_operation& op) const {
    const value_id read = op.inputs[0].value(), made = op.outputs[0];
    switch (graph::facts_of(op).parts) {
    case graph::column_parts::inputs: return whole_[read] == made;
    case graph::column_parts::results: return whole_[made] == read;
    case graph::column_parts::none: break;
    }
    return false;
  }

private:
  static constexpr bool none_has_parts(const growing<const fused_operation*>& operations) {
    for (const fused_operation* op : operations)
      if (graph::facts_of(*op).parts != graph::column_parts::none) return false;
    return true;
  }

  /// What comes from outside is written, and what goes there is read, as values by themselves; and what only takes
  /// another shape needs its numbers one after the other.
  constexpr void note_what_lies_by_itself(const fused_operation& op) {
    const graph::operation_facts& facts = graph::facts_of(op);
    if (!facts.is_given && !facts.only_reshapes) return;
    for (const value_id v : op.outputs) is_by_itself_[v] = 1;
    for (const graph::operand& x : op.inputs) is_by_itself_[x.value()] = 1;
  }

  /// Expressions and products of two values read columns from anywhere.
  constexpr void note_what_needs_vectors(const fused_operation& op) {
    const graph::operation_facts& facts = graph::facts_of(op);
    const bool reads_anywhere = facts.fuses == graph::fusing::expression || facts.fuses == graph::fusing::product;
    if (op.has_left() && !op.has_right()) needs_vectors_[op.left] = 1;
    for (const graph::operand& x : op.inputs)
      if (x.is_factor()) needs_vectors_[x.value()] = 1;
    if (op.reads_places()) needs_vectors_[op.places_read] = 1;
    if (reads_anywhere || facts.parts != graph::column_parts::none) return; // parts are moved number by number
    for (const graph::operand& x : op.inputs)
      if (x.is_value()) needs_vectors_[x.value()] = 1;
  }

  constexpr void look_for_parts(const fused_operation& op, const numbered<value_id, value_layout>& layouts) {
    const graph::column_parts parts = graph::facts_of(op).parts;
    if (parts == graph::column_parts::none) return;
    graph::value_list list;
    if (parts == graph::column_parts::results)
      list = op.outputs;
    else if (op.inputs.size() <= graph::most_operands)
      for (const graph::operand& x : op.inputs) list.push_back(x.value());
    const value_id whole = parts == graph::column_parts::results ? op.inputs[0].value() : op.outputs[0];
    if (list.empty() || !is_plain(whole, layouts)) return;
    constexpr auto lanes = static_cast<std::size_t>(math::native_lanes<T>);
    bool is_ragged = is_ragged_[whole] != 0;
    for (std::size_t i = 0; i < list.size(); ++i) {
      const value_id v = list[i];
      if (is_by_itself_[v] != 0 || whole_[v] != v || !is_plain(v, layouts)) return;
      is_ragged = is_ragged || (i + 1 < list.size() && layouts[v].columns % lanes != 0);
      for (std::size_t k = 0; k < i; ++k)
        if (list[k] == v) return;
    }
    if (is_ragged)
      for (const value_id v : list)
        if (parts == graph::column_parts::inputs || needs_vectors_[v] != 0) return;
    std::size_t columns = 0;
    for (const value_id v : list) {
      is_ragged_[v] = is_ragged ? 1 : 0;
      some_are_ragged_ = some_are_ragged_ || is_ragged;
      whole_[v] = whole;
      before_[v] = columns;
      columns += layouts[v].columns;
    }
  }
  /// Whole vectors, and no border that somebody relies on.
  constexpr bool is_plain(value_id v, const numbered<value_id, value_layout>& layouts) const {
    const value_layout& l = layouts[v];
    return l.edges.is_none() && !l.is_tight && !g_->is_of_batch(v);
  }

  /// Parts of parts lie in what those lie in.
  constexpr void lie_in_wholes(numbered<value_id, value_layout>& layouts) {
    outermost_ = whole_;
    for (std::size_t i = 0; i < whole_.size(); ++i) {
      const value_id v = g_->values.number(i);
      if (whole_[v] == v) continue;
      std::size_t before = before_[v];
      value_id whole = whole_[v];
      for (; whole_[whole] != whole; whole = whole_[whole]) before += before_[whole];
      outermost_[v] = whole;
      value_layout& l = layouts[v];
      const value_layout& around = layouts[whole];
      l.is_part = true;
      l.columns_before = before;
      l.column_step = around.column_step;
      l.row_step = around.row_step;
      l.sample_step = around.sample_step;
    }
  }

  const graph::graph* g_ = nullptr;
  bool some_are_ragged_ = false;
  numbered<value_id, value_id> whole_, outermost_;
  numbered<value_id, std::size_t> before_;
  numbered<value_id, char> is_by_itself_;
  numbered<value_id, char> needs_vectors_; ///< somebody reads whole vectors of it
  numbered<value_id, char> is_ragged_;     ///< among the columns of another it begins or ends within a vector
};

} // namespace fusegrad::plan::inline FUSEGRAD_ABI
