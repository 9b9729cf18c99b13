// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/base/growing.hpp>
#include <fusegrad/base/numbered.hpp>
#include <fusegrad/graph/graph.hpp>
#include <fusegrad/graph/operations.hpp>
#include <fusegrad/plan/arena.hpp>
#include <fusegrad/plan/fused.hpp>
#include <fusegrad/plan/lay_out_values.hpp>
#include <fusegrad/plan/value_layout.hpp>
#include <fusegrad/plan/value_parts.hpp>
#include <fusegrad/run/step.hpp>

namespace fusegrad::plan::inline FUSEGRAD_ABI {

/// Where values lie while a program runs: each from the operation that makes it to the last that reads it.
template <class T> class value_memory {
  using value_id = graph::value_id;
  using memory = execution::memory;

public:
  constexpr value_memory() = default;
  constexpr value_memory(const graph::graph& g, const growing<const fused_operation*>& operations)
      : g_{&g}, arena_{reuse_for(operations)}, layouts_{lay_out_values<T>(g, operations)},
        parts_{g, operations, layouts_} {
    offset_.resize(g.values.size());
    is_taken_.resize(g.values.size());
    find_aliases(operations);
    find_last_reads(operations);
  }

  [[nodiscard]] constexpr const value_layout& layout(graph::value_id v) const { return layouts_[v]; }
  [[nodiscard]] constexpr std::size_t row_size() const {
    return arena_.size() + (parts_.are_read_beyond() ? kernel::padded<T>(1) : 0);
  }
  [[nodiscard]] constexpr std::size_t batch_size() const { return batch_size_; }
  [[nodiscard]] constexpr const growing<execution::row_place>& bordered() const { return bordered_; }
  /// Whether all that an operation would move lies already where it belongs.
  [[nodiscard]] constexpr bool is_in_place(const fused_operation& op) const {
    if (facts_of(op).only_reshapes) return memory_of_[op.outputs[0]] != op.outputs[0];
    return facts_of(op).parts != graph::column_parts::none && parts_.are_in_place(op);
  }

  [[nodiscard]] constexpr bool begins_at_vectors(value_id v) const {
    return layouts_[v].columns_before % static_cast<std::size_t>(math::native_lanes<T>) == 0;
  }

  /// Says of a value from outside that it is read where the samples lie.
  constexpr void keep_given(value_id v) { layouts_[v].is_given = true; }
  /// For a value from outside, of whose sample so many numbers come before it.
  constexpr void take_given(value_id v, std::size_t numbers_before) {
    if (!layouts_[v].is_given) return take(v);
    is_taken_[v] = 1;
    offset_[v] = numbers_before;
  }
  constexpr void take(value_id made) {
    const value_id v = memory_of_[made]; // of parts the first that is made takes memory for all
    if (is_taken_[v] != 0) return;
    is_taken_[v] = 1;
    const value_layout& l = layouts_[v];
    if (!l.edges.is_none() && tag_of(v) == 0) layouts_with_border_.push_back(l);
    if (g_->is_of_batch(v)) {
      offset_[v] = batch_size_;
      batch_size_ += kernel::padded<T>(g_->width(v));
    } else {
      offset_[v] = arena_.take(l.sample_step, tag_of(v));
    }
    if (!l.edges.is_none()) bordered_.push_back(place_in_rows(v));
  }
  constexpr void release_after(const fused_operation& op, std::size_t i) {
    each_value_read(op, [&](value_id v) {
      const value_id owner = memory_of_[v];
      if (last_read_[owner] != i) return;
      last_read_[owner] = forever; // an operation may read a value more than once
      release(owner);
    });
    each_value_made(op, [&](value_id v) {
      if (memory_of_[v] == v && last_read_[v] == 0) release(v);
    });
  }

  constexpr std::uint32_t place_of(value_id v) const { return static_cast<std::uint32_t>(offset_[memory_of_[v]]); }
  constexpr execution::row_place place_in_rows(value_id v) const {
    const value_layout& l = layouts_[v];
    execution::row_place p;
    p.offset = place_of(v);
    p.width = static_cast<std::uint32_t>(g_->width(v));
    p.sample_step = static_cast<std::uint32_t>(l.sample_step);
    p.image_rows = static_cast<std::uint32_t>(l.image_rows);
    p.image_columns = static_cast<std::uint32_t>(l.image_columns);
    p.columns = static_cast<std::uint32_t>(l.columns);
    p.first = static_cast<std::uint32_t>(l.first());
    p.row_step = static_cast<std::uint32_t>(l.row_step);
    p.column_step = static_cast<std::uint32_t>(l.column_step);
    p.is_flat = l.is_flat();
    p.is_given = l.is_given;
    return p;
  }

  /// A value whose rows are samples.
  constexpr execution::argument rows_of(value_id v, kernel::access how) const {
    execution::argument a = image_of(v);
    a.how = how;
    a.stride = a.sample_step;
    a.row_step = 0;
    return a;
  }
  constexpr execution::argument image_of(value_id v) const {
    const value_layout& l = layouts_[v];
    return {l.is_given ? memory::given : memory::rows,
            kernel::access::element,
            place_of(v),
            static_cast<std::uint32_t>(l.column_step),
            static_cast<std::uint32_t>(l.columns),
            static_cast<std::uint32_t>(l.first()),
            static_cast<std::uint32_t>(l.row_step),
            static_cast<std::uint32_t>(l.sample_step),
            l.is_part};
  }

private:
  static constexpr std::size_t forever = static_cast<std::size_t>(-1);

  /// Where gradients are summed, threads make rows of one workspace and do not wait for each other between steps. Rows
  /// of values that share memory must then lie in the same places: else one thread's row of the later value is
  /// another's row of the earlier.
  static constexpr reuse reuse_for(const growing<const fused_operation*>& operations) {
    for (const fused_operation* op : operations)
      if (facts_of(*op).is_sum() && facts_of(*op).into != graph::sum_into::loss) return reuse::whole;
    return reuse::any;
  }

  /// Values whose memory is that of another: parts of it, or the same numbers in another shape that lie alike.
  constexpr void find_aliases(const growing<const fused_operation*>& operations) {
    const std::size_t count = g_->values.size();
    memory_of_.resize(count);
    value_id* const memory_of = memory_of_.begin();
    for (std::size_t v = 0; v < count; ++v) memory_of[v] = static_cast<value_id>(v);
    for (const fused_operation* op : operations) {
      if (!facts_of(*op).only_reshapes) continue;
      const value_id from = op->inputs[0].value(), to = op->outputs[0];
      if (layouts_[from].is_flat() && layouts_[to].is_flat()) memory_of_[to] = memory_of_[from];
    }
    const value_layout* const layouts = layouts_.begin();
    for (std::size_t v = 0; v < count; ++v)
      if (layouts[v].is_part) memory_of[v] = memory_of_[parts_.whole_of(static_cast<value_id>(v))];
  }
  constexpr void find_last_reads(const growing<const fused_operation*>& operations) {
    last_read_.resize(g_->values.size());
    for (std::size_t i = 0; i < operations.size(); ++i)
      each_value_read(*operations[i], [&](value_id v) { last_read_[memory_of_[v]] = i; });
    for (value_id out : g_->outputs) last_read_[memory_of_[out]] = forever;
  }

  /// Images with a border share memory with those of the same layout only: the zeros around them are never written.
  constexpr std::size_t tag_of(value_id v) const {
    const value_layout& l = layouts_[v];
    if (l.edges.is_none()) return 0;
    for (std::size_t i = 0; i < layouts_with_border_.size(); ++i)
      if (layouts_with_border_[i].edges == l.edges && layouts_with_border_[i].row_step == l.row_step &&
          layouts_with_border_[i].image_rows == l.image_rows && layouts_with_border_[i].column_step == l.column_step)
        return i + 1;
    return 0;
  }
  constexpr void release(value_id v) {
    if (!g_->is_of_batch(v) && !layouts_[v].is_given) arena_.release(offset_[v], layouts_[v].sample_step, tag_of(v));
  }

  const graph::graph* g_ = nullptr;
  arena arena_;
  numbered<value_id, value_layout> layouts_;
  value_parts<T> parts_;
  numbered<value_id, value_id> memory_of_; ///< whose memory a value has: its own, or that of another shape of it
  numbered<value_id, char> is_taken_;
  numbered<value_id, std::size_t> offset_;
  numbered<value_id, std::size_t> last_read_;
  growing<value_layout> layouts_with_border_;
  growing<execution::row_place> bordered_;
  std::size_t batch_size_ = 0;
};

} // namespace fusegrad::plan::inline FUSEGRAD_ABI
