// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/growing.hpp>
#include <fusegrad/expr/builder.hpp>
#include <fusegrad/expr/expression.hpp>
#include <fusegrad/graph/graph.hpp>
#include <fusegrad/plan/fused.hpp>

namespace fusegrad::plan::inline FUSEGRAD_ABI {

/// Turns the graph into kernel calls: drops what nothing needs, and merges each elementwise operation with the operations
/// that make its inputs, matrix products included. One mechanism serves both passes, since an epilogue is an ordinary expression.
class fusion {
  // Stands first: Clang cannot use it in a constant expression of a member function parsed before it.
  template <class Visit> static constexpr void each_value_read(const fused_operation& op, Visit visit) {
    for (std::size_t i = 0; i < op.inputs.size(); ++i) {
      if (op.inputs[i].from != source::value) continue;
      bool seen = false;
      for (std::size_t k = 0; k < i; ++k) seen = seen || op.inputs[k] == op.inputs[i];
      if (!seen) visit(op.inputs[i].index);
    }
    if (op.has_product) visit(op.left);
  }

public:
  constexpr explicit fusion(graph::graph& g) : g_{g} {
    for (const graph::operation& op : g.operations) operations.push_back(lowered(op));
    producer_.resize(g.values.size());
    consumers_.resize(g.values.size());
    drop_unneeded();
    for (std::size_t i = 0; i < operations.size(); ++i) {
      if (!operations[i].alive) continue;
      for (int v : operations[i].outputs) producer_[static_cast<std::size_t>(v)] = static_cast<int>(i);
      each_value_read(operations[i], [&](int v) { consumers_[static_cast<std::size_t>(v)].push_back(static_cast<int>(i)); });
    }
    for (std::size_t i = 0; i < operations.size(); ++i)
      if (operations[i].alive && (operations[i].what == graph::kind::elementwise || operations[i].what == graph::kind::batch_sum)) absorb_producers(i);
    // A product that nothing was fused into has the identity as its epilogue.
    for (fused_operation& op : operations)
      if (op.alive && op.what == graph::kind::matrix_product) op = as_epilogue(op);
  }

  growing<fused_operation> operations;

private:
  static constexpr std::size_t most_arguments = 10;
  static_assert(most_arguments <= graph::most_inputs);
  static constexpr std::size_t most_nodes = 160;

  static constexpr fused_operation lowered(const graph::operation& op) {
    fused_operation out;
    out.what = op.what;
    out.parameter = op.parameter;
    out.transposed = op.transposed;
    out.expression = op.expression;
    out.slot = op.slot;
    out.outputs = op.outputs;
    for (const graph::operand& x : op.inputs) out.inputs.push_back({static_cast<source>(x.from), x.index});
    if (op.what == graph::kind::matrix_product) out.left = op.inputs[0].index;
    return out;
  }

  static constexpr bool has_effect(graph::kind what) {
    return what == graph::kind::loss_term || what == graph::kind::weight_gradient || what == graph::kind::column_sum ||
           what == graph::kind::total_sum || what == graph::kind::observe;
  }

  constexpr void drop_unneeded() {
    growing<char> needed;
    needed.resize(g_.values.size());
    is_output_.resize(g_.values.size());
    for (const graph::operand& out : g_.outputs) {
      needed[static_cast<std::size_t>(out.index)] = 1;
      is_output_[static_cast<std::size_t>(out.index)] = 1;
    }
    for (std::size_t i = operations.size(); i-- > 0;) {
      fused_operation& op = operations[i];
      bool alive = has_effect(op.what) || op.what == graph::kind::input;
      for (int v : op.outputs) alive = alive || needed[static_cast<std::size_t>(v)] != 0;
      op.alive = alive;
      if (alive) each_value_read(op, [&](int v) { needed[static_cast<std::size_t>(v)] = 1; });
    }
  }

  constexpr void absorb_producers(std::size_t i) {
    for (bool changed = true; changed;) {
      changed = false;
      for (std::size_t k = 0; k < operations[i].inputs.size() && !changed; ++k) {
        const operand x = operations[i].inputs[k];
        if (x.from != source::value) continue;
        const int p = producer_[static_cast<std::size_t>(x.index)];
        if (!can_merge(static_cast<std::size_t>(p), i)) continue;
        merge(static_cast<std::size_t>(p), i);
        changed = true;
      }
    }
  }

  constexpr bool can_merge(std::size_t p, std::size_t i) const {
    const fused_operation& producer = operations[p];
    const fused_operation& consumer = operations[i];
    const bool product = producer.what == graph::kind::matrix_product || producer.has_product;
    if (p >= i || !producer.alive || (producer.what != graph::kind::elementwise && !product)) return false;
    if (product && (consumer.has_product || consumer.what == graph::kind::batch_sum)) return false;
    // An epilogue cannot make what its own product reads.
    if (consumer.has_product && result_number(producer, consumer.left) >= 0) return false;
    if (columns(producer) != columns(consumer) || is_of_batch(producer) != is_of_batch(consumer)) return false;
    if (producer.inputs.size() + consumer.inputs.size() > most_arguments) return false;
    if (producer.outputs.size() + consumer.outputs.size() > graph::most_operands) return false;
    if (node_count(producer) + node_count(consumer) > most_nodes) return false;
    if (consumer.what == graph::kind::batch_sum && !is_read_only_by(producer, i)) return false;
    // The producer moves down to its consumer: nobody may want its results before.
    for (int v : producer.outputs)
      for (int c : consumers_[static_cast<std::size_t>(v)])
        if (static_cast<std::size_t>(c) < i) return false;
    return true;
  }

  /// Whether an expression is worked out once for the whole batch, not for each sample.
  constexpr bool is_of_batch(const fused_operation& op) const {
    return op.what != graph::kind::batch_sum && g_.is_of_batch(op.outputs[0]);
  }
  /// A sum over the batch keeps none of the rows that it sums.
  constexpr bool is_read_only_by(const fused_operation& producer, std::size_t i) const {
    for (int v : producer.outputs) {
      const growing<int>& readers = consumers_[static_cast<std::size_t>(v)];
      if (is_output_[static_cast<std::size_t>(v)] != 0 || readers.size() != 1 || static_cast<std::size_t>(readers[0]) != i) return false;
    }
    return true;
  }
  constexpr std::size_t columns(const fused_operation& op) const { return g_.width(op.outputs[0]); }
  constexpr std::size_t node_count(const fused_operation& op) const {
    return op.expression < 0 ? 1 : g_.expressions[static_cast<std::size_t>(op.expression)].nodes.size();
  }

  constexpr fused_operation as_epilogue(const fused_operation& product) {
    fused_operation out = product;
    out.what = graph::kind::elementwise;
    out.has_product = true;
    out.inputs.clear();
    out.inputs.push_back({source::product, 0});
    expr::builder b;
    growing<int> result;
    result.push_back(b.argument(0));
    out.expression = g_.intern(expr::compact(b, result, 1));
    return out;
  }

  /// How the arguments and results of two operations become those of one. Equal layers merge in equal ways, so the
  /// expression is composed once and found again.
  struct composition {
    int producer, consumer, result;
    graph::value_list producer_arguments, consumer_arguments; ///< consumer: -1 - k is the producer's result k
    graph::value_list kept;                               ///< results of the producer that others still read
  };

  constexpr void merge(std::size_t p, std::size_t i) {
    fused_operation producer = operations[p]; // not ?: of the two: GCC 12 destroys the result too early
    if (producer.what == graph::kind::matrix_product) producer = as_epilogue(producer);
    const fused_operation consumer = operations[i];
    fused_operation merged = consumer;
    merged.inputs.clear();
    composition c{producer.expression, consumer.expression, -1, {}, {}, {}};
    for (const operand& x : producer.inputs) c.producer_arguments.push_back(position_of(merged.inputs, x));
    for (const operand& x : consumer.inputs) {
      const int made = x.from == source::value ? result_number(producer, x.index) : -1;
      c.consumer_arguments.push_back(made >= 0 ? -1 - made : position_of(merged.inputs, x));
    }
    if (producer.has_product) {
      merged.has_product = true;
      merged.left = producer.left;
      merged.parameter = producer.parameter;
      merged.transposed = producer.transposed;
    }
    for (std::size_t k = 0; k < producer.outputs.size(); ++k) {
      const int v = producer.outputs[k];
      remove_consumer(v, static_cast<int>(i));
      if (consumers_[static_cast<std::size_t>(v)].empty() && is_output_[static_cast<std::size_t>(v)] == 0) continue;
      c.kept.push_back(static_cast<int>(k));
      merged.outputs.push_back(v);
      producer_[static_cast<std::size_t>(v)] = static_cast<int>(i);
    }
    each_value_read(producer, [&](int v) {
      remove_consumer(v, static_cast<int>(p));
      remove_consumer(v, static_cast<int>(i));
      consumers_[static_cast<std::size_t>(v)].push_back(static_cast<int>(i));
    });
    merged.expression = composed(c, merged.inputs.size());
    operations[i] = static_cast<fused_operation&&>(merged);
    operations[p].alive = false;
  }

  static constexpr int position_of(short_list<operand, graph::most_inputs>& list, const operand& x) {
    for (std::size_t k = 0; k < list.size(); ++k)
      if (list[k] == x) return static_cast<int>(k);
    list.push_back(x);
    return static_cast<int>(list.size()) - 1;
  }
  static constexpr int result_number(const fused_operation& op, int v) {
    for (std::size_t k = 0; k < op.outputs.size(); ++k)
      if (op.outputs[k] == v) return static_cast<int>(k);
    return -1;
  }

  constexpr void remove_consumer(int v, int consumer) {
    growing<int> rest;
    for (int c : consumers_[static_cast<std::size_t>(v)])
      if (c != consumer) rest.push_back(c);
    consumers_[static_cast<std::size_t>(v)] = rest;
  }

  constexpr int composed(composition& c, std::size_t arguments) {
    for (const composition& known : known_)
      if (known.producer == c.producer && known.consumer == c.consumer && known.producer_arguments == c.producer_arguments &&
          known.consumer_arguments == c.consumer_arguments && known.kept == c.kept)
        return known.result;
    expr::builder b;
    growing<int> first_arguments, second_arguments;
    for (int a : c.producer_arguments) first_arguments.push_back(b.argument(a));
    const growing<int> made = expr::inline_into(b, g_.expressions[static_cast<std::size_t>(c.producer)], first_arguments);
    for (int a : c.consumer_arguments) second_arguments.push_back(a < 0 ? made[static_cast<std::size_t>(-1 - a)] : b.argument(a));
    growing<int> results = expr::inline_into(b, g_.expressions[static_cast<std::size_t>(c.consumer)], second_arguments);
    for (int k : c.kept) results.push_back(made[static_cast<std::size_t>(k)]);
    c.result = g_.intern(expr::compact(b, results, static_cast<int>(arguments)));
    known_.push_back(c);
    return c.result;
  }

  graph::graph& g_;
  growing<int> producer_;
  growing<growing<int>> consumers_;
  growing<char> is_output_;
  growing<composition> known_;
};

} // namespace fusegrad::plan
