// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/base/growing.hpp>
#include <fusegrad/expr/expression.hpp>
#include <fusegrad/graph/emitter.hpp>

namespace fusegrad::graph {

/// Writes a function of more operands than an operation has, as several operations: what would read too many reads
/// parts that were worked out before.
class staged_expression {
public:
  /// `reads` has an operand for each argument of `f`, which has one result.
  constexpr staged_expression(emitter& e, const expr::expression& f, const growing<operand>& reads,
                              tensor::extents shape)
      : e_{e}, f_{f}, shape_{shape}, sources_{reads} {}

  constexpr row write() {
    for (std::size_t i = 0; i < f_.nodes.size(); ++i) {
      const expr::node n = f_.nodes[i];
      source_of_.push_back(n.op == expr::operation::argument ? static_cast<int>(n.a) : -1);
      read_.push_back({});
      if (source_of_[i] >= 0) read_[i].push_back(source_of_[i]);
      if (expr::operand_count(n.op) == 0) continue;
      for (read_[i] = read_by_operands(n); read_[i].size() > most_operands; read_[i] = read_by_operands(n))
        make(operand_that_reads_most(n));
    }
    return made_of(f_.results[0]);
  }

private:
  [[nodiscard]] static constexpr std::uint16_t operand_of(const expr::node& n, int which) {
    return which == 0 ? n.a : which == 1 ? n.b : n.c;
  }
  [[nodiscard]] constexpr growing<int> read_by_operands(const expr::node& n) const {
    growing<int> all;
    for (int k = 0; k < expr::operand_count(n.op); ++k)
      for (int source : read_[operand_of(n, k)]) {
        bool is_known = false;
        for (int known : all) is_known = is_known || known == source;
        if (!is_known) all.push_back(source);
      }
    return all;
  }
  [[nodiscard]] constexpr std::uint16_t operand_that_reads_most(const expr::node& n) const {
    std::uint16_t most = n.a;
    for (int k = 1; k < expr::operand_count(n.op); ++k)
      if (read_[operand_of(n, k)].size() > read_[most].size()) most = operand_of(n, k);
    return most;
  }

  /// Makes a node a value of its own, which is read instead of what it is computed from.
  constexpr void make(std::uint16_t i) {
    source_of_[i] = static_cast<int>(sources_.size());
    read_[i].clear();
    const row made = made_of(i);
    sources_.push_back(made.value);
    read_[i].push_back(source_of_[i]);
  }
  constexpr row made_of(std::uint16_t target) {
    growing<int> moved;
    moved.resize(f_.nodes.size());
    expr::builder b;
    for (std::size_t k = 0; k < sources_.size(); ++k) b.argument(static_cast<int>(k));
    for (std::size_t i = 0; i <= target; ++i) {
      const expr::node n = f_.nodes[i];
      if (i != target && source_of_[i] >= 0)
        moved[i] = b.argument(source_of_[i]);
      else if (n.op == expr::operation::argument)
        moved[i] = b.argument(n.a);
      else if (n.op == expr::operation::constant)
        moved[i] = b.constant(f_.constants[n.a]);
      else
        moved[i] = b.make_like(n, moved[n.a], expr::operand_count(n.op) > 1 ? moved[n.b] : 0,
                               expr::operand_count(n.op) > 2 ? moved[n.c] : 0);
    }
    growing<int> result;
    result.push_back(moved[target]);
    expr::expression part = expr::compact(b, result, static_cast<int>(sources_.size()));
    operand_list reads;
    for (int used : expr::keep_used_arguments(part)) reads.push_back(sources_[static_cast<std::size_t>(used)]);
    return e_.elementwise(e_.result.intern(part), reads, shape_);
  }

  emitter& e_;
  const expr::expression& f_;
  tensor::extents shape_;
  growing<operand> sources_;   ///< the arguments, then what was made of them
  growing<int> source_of_;     ///< of each node: which source it is, or -1
  growing<growing<int>> read_; ///< of each node: the sources that it is computed from
};

} // namespace fusegrad::graph
