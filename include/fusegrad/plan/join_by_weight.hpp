// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/growing.hpp>
#include <fusegrad/expr/builder.hpp>
#include <fusegrad/graph/graph.hpp>
#include <fusegrad/graph/operations.hpp>
#include <fusegrad/plan/fused.hpp>
#include <fusegrad/plan/parameter_layout.hpp>

namespace fusegrad::plan::inline FUSEGRAD_ABI {

/// Makes one call of calls with the same weight: of the products of values and of their derivatives, with all that is
/// computed of them, and of the sums that make the gradient of a weight. What one product's epilogue hands to
/// another's stays in registers then, and so do the sums.
class joining_by_weight {
public:
  constexpr joining_by_weight(graph::graph& g, growing<fused_operation>& operations) : g_{g}, operations_{operations} {}

  /// `is_narrow` tells of each weight whether its products have a kernel of their own.
  constexpr void join(const numbered<graph::parameter_id, char>& is_narrow) {
    if (!has_candidates(is_narrow)) return;
    make_constants_first();
    note_who_reads_what();
    for (std::size_t i = 0; i < operations_.size(); ++i) {
      if (!is_candidate(operations_[i], is_narrow)) continue;
      for (std::size_t p = 0; p < i; ++p) {
        if (!is_candidate(operations_[p], is_narrow) || !are_alike(operations_[p], operations_[i])) continue;
        if (operations_[i].has_left() ? !can_join(p, i) : !can_sum_together(p, i)) continue;
        if (operations_[i].has_left())
          join(p, i);
        else
          sum_together(p, i);
        break;
      }
    }
  }

private:
  using operand = graph::operand;
  using value_id = graph::value_id;

  static constexpr std::size_t most_products = 4;
  static constexpr std::size_t most_arguments = 14;
  static constexpr std::size_t most_nodes = 200;
  static constexpr std::size_t nobody = static_cast<std::size_t>(-1);

  constexpr bool has_candidates(const numbered<graph::parameter_id, char>& is_narrow) const {
    numbered<graph::parameter_id, int> seen; // products in one direction, in the other, gradients
    seen.resize(g_.parameters.size());
    for (const fused_operation& op : operations_) {
      if (!is_candidate(op, is_narrow)) continue;
      const int one = !op.has_left() ? 256 : op.transposed ? 16 : 1;
      if ((seen[op.parameter] / one) % 16 != 0) return true;
      seen[op.parameter] += one;
    }
    return false;
  }
  constexpr bool is_candidate(const fused_operation& op, const numbered<graph::parameter_id, char>& is_narrow) const {
    if (!op.alive || !graph::facts_of(op).joins_by_weight || op.window != graph::window_id::none) return false;
    return !op.has_left() || op.transposed || is_narrow[op.parameter] == 0;
  }
  static constexpr bool are_alike(const fused_operation& a, const fused_operation& b) {
    return a.what == b.what && a.parameter == b.parameter && a.transposed == b.transposed;
  }

  /// What reads nothing that is computed, such as how the inputs move, is there before all that could be joined.
  constexpr void make_constants_first() {
    numbered<value_id, char> is_constant;
    is_constant.resize(g_.values.size());
    growing<fused_operation> given, constants, others;
    for (const fused_operation& op : operations_) {
      const graph::operation_facts& facts = graph::facts_of(op);
      bool reads_constants = !op.has_left() && !facts.is_random && !facts.is_sum();
      for (const operand& x : op.inputs)
        reads_constants = reads_constants && x.is_value() && is_constant[x.value()] != 0;
      if (facts.is_given)
        given.push_back(op);
      else if (reads_constants && op.alive)
        constants.push_back(op);
      else
        others.push_back(op);
      if (!facts.is_given && reads_constants) each_value_made(op, [&](value_id v) { is_constant[v] = 1; });
    }
    operations_ = static_cast<growing<fused_operation>&&>(given);
    operations_.append(constants);
    operations_.append(others);
  }

  constexpr void note_who_reads_what() {
    producer_.resize(g_.values.size());
    readers_.resize(g_.values.size());
    is_output_.resize(g_.values.size());
    for (std::size_t& p : producer_) p = nobody;
    for (value_id out : g_.outputs) is_output_[out] = 1;
    for (std::size_t i = 0; i < operations_.size(); ++i) {
      if (!operations_[i].alive) continue;
      each_value_made(operations_[i], [&](value_id v) { producer_[v] = i; });
      each_value_read(operations_[i], [&](value_id v) { add_reader(v, i); });
    }
  }
  constexpr void add_reader(value_id v, std::size_t i) {
    for (std::size_t known : readers_[v])
      if (known == i) return;
    readers_[v].push_back(i);
  }

  static constexpr std::size_t products_of(const fused_operation& op) {
    std::size_t count = 0;
    for (const operand& x : op.inputs)
      if (x.is_factor() || x.from == graph::source::product) ++count;
    return count;
  }

  /// Whether product i can be made where p is. Only what has to do with it had better be: both read the same, or one
  /// reads what the other makes.
  constexpr bool can_join(std::size_t p, std::size_t i) const {
    const fused_operation &first = operations_[p], &second = operations_[i];
    if (products_of(first) == 0 || products_of(first) + products_of(second) > most_products) return false;
    if (products_of(second) != 1) return false; // that of a gradient whose product nobody reads is none
    if (first.inputs.size() + second.inputs.size() > most_arguments) return false;
    if (first.outputs.size() + second.outputs.size() > graph::most_operands) return false;
    if (node_count(first) + node_count(second) > most_nodes) return false;
    if (producer_[second.left] == nobody || producer_[second.left] >= p) return false;
    bool is_related = false;
    for (const operand& x : second.inputs) {
      if (!x.is_value()) continue;
      const std::size_t made = producer_[x.value()];
      if (made == nobody || made > p) return false;
      is_related = is_related || made == p;
      for (const operand& y : first.inputs) is_related = is_related || x == y;
    }
    return is_related;
  }
  constexpr bool can_sum_together(std::size_t p, std::size_t i) const {
    return operations_[p].inputs.size() + operations_[i].inputs.size() <= graph::most_operands;
  }
  constexpr std::size_t node_count(const fused_operation& op) const {
    return g_.expressions[op.expression].nodes.size();
  }

  static constexpr int position_of(graph::operand_list& list, const operand& x) {
    for (std::size_t k = 0; k < list.size(); ++k)
      if (list[k] == x) return static_cast<int>(k);
    list.push_back(x);
    return static_cast<int>(list.size()) - 1;
  }

  constexpr void join(std::size_t p, std::size_t i) {
    const fused_operation first = operations_[p], second = operations_[i];
    fused_operation joined = first;
    joined.outputs.clear();
    expr::builder b;
    growing<int> arguments;
    for (std::size_t k = 0; k < first.inputs.size(); ++k) arguments.push_back(b.argument(static_cast<int>(k)));
    growing<int> results = expr::inline_into(b, g_.expressions[first.expression], arguments);
    arguments.clear();
    for (operand x : second.inputs) {
      if (x.from == graph::source::product) x = operand::factor(second.left);
      int made = -1;
      for (std::size_t k = 0; k < first.outputs.size(); ++k)
        if (x == operand(first.outputs[k])) made = results[k];
      arguments.push_back(made >= 0 ? made : b.argument(position_of(joined.inputs, x)));
    }
    const growing<int> more = expr::inline_into(b, g_.expressions[second.expression], arguments);
    forget(second, i);
    growing<int> kept;
    for (std::size_t k = 0; k < first.outputs.size(); ++k) {
      const value_id v = first.outputs[k];
      if (readers_[v].empty() && is_output_[v] == 0) continue;
      kept.push_back(results[k]);
      joined.outputs.push_back(v);
    }
    for (std::size_t k = 0; k < second.outputs.size(); ++k) {
      kept.push_back(more[k]);
      joined.outputs.push_back(second.outputs[k]);
      producer_[second.outputs[k]] = p;
    }
    joined.expression = g_.intern(expr::compact(b, kept, static_cast<int>(joined.inputs.size())));
    each_value_read(joined, [&](value_id v) { add_reader(v, p); });
    operations_[p] = static_cast<fused_operation&&>(joined);
    operations_[i].alive = false;
  }
  constexpr void forget(const fused_operation& op, std::size_t i) {
    each_value_read(op, [&](value_id v) {
      growing<std::size_t> rest;
      for (std::size_t reader : readers_[v])
        if (reader != i) rest.push_back(reader);
      readers_[v] = rest;
    });
  }

  /// Sums are made from the last to the first, and what is summed keeps its order.
  constexpr void sum_together(std::size_t p, std::size_t i) {
    fused_operation& later = operations_[i];
    for (const operand& x : operations_[p].inputs) later.inputs.push_back(x);
    operations_[p].alive = false;
  }

  graph::graph& g_;
  growing<fused_operation>& operations_;
  numbered<value_id, std::size_t> producer_;
  numbered<value_id, growing<std::size_t>> readers_;
  numbered<value_id, char> is_output_;
};

constexpr void join_by_weight(graph::graph& g, const parameter_layout& parameters,
                              growing<fused_operation>& operations) {
  numbered<graph::parameter_id, char> is_narrow;
  for (const execution::parameter_place& place : parameters.places) is_narrow.push_back(place.is_narrow ? 1 : 0);
  joining_by_weight(g, operations).join(is_narrow);
}

} // namespace fusegrad::plan::inline FUSEGRAD_ABI
