// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/growing.hpp>
#include <fusegrad/base/numbered_lists.hpp>
#include <fusegrad/expr/builder.hpp>
#include <fusegrad/expr/expression.hpp>
#include <fusegrad/graph/graph.hpp>
#include <fusegrad/graph/needed.hpp>
#include <fusegrad/graph/operations.hpp>
#include <fusegrad/plan/fused.hpp>

namespace fusegrad::plan::inline FUSEGRAD_ABI {

/// Turns the graph into kernel calls: drops what nothing needs, and merges each elementwise operation with the
/// operations that make its inputs, matrix products included. One mechanism serves both passes, since an epilogue is an
/// ordinary expression.
class fusion {
  // Stands first: Clang cannot use it in a constant expression of a member function parsed before it.
  template <class Visit> static constexpr void each_different_value_read(const fused_operation& op, Visit visit) {
    const operand* const inputs = op.inputs.begin();
    for (std::size_t i = 0, count = op.inputs.size(); i < count; ++i) {
      if (inputs[i].from != graph::source::value) continue;
      bool seen = false;
      for (std::size_t k = 0; k < i; ++k) seen = seen || inputs[k] == inputs[i];
      if (!seen) visit(inputs[i].value());
    }
    if (op.left != value_id::none) visit(op.left);
    if (op.right != value_id::none && op.right != op.left) visit(op.right);
    if (op.places_read != value_id::none) visit(op.places_read);
  }

public:
  constexpr explicit fusion(graph::graph& g) : g_{g} {
    const growing<char> needed = graph::needed_operations(g);
    const std::size_t count = g.operations.size();
    operations.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
      lower(g.operations[i], operations[i]);
      operations[i].alive = needed[i] != 0;
    }
    producer_.resize(g.values.size());
    consumers_.resize(g.values.size());
    is_output_.resize(g.values.size());
    for (value_id out : g.outputs) is_output_[out] = 1;
    for (std::size_t i = 0; i < count; ++i) {
      const fused_operation& op = operations[i];
      if (!op.alive) continue;
      const value_id* const made = op.outputs.begin();
      for (std::size_t k = 0, results = op.outputs.size(); k < results; ++k) producer_[made[k]] = i;
      each_different_value_read(op, [&](value_id v) { consumers_.add(v, i); });
    }
    for (std::size_t i = 0; i < count; ++i) {
      if (!operations[i].alive) continue;
      switch (fuses(operations[i])) {
      case fusing::expression:
      case fusing::sum: absorb_producers(i); break;
      case fusing::pool: absorb_convolution(i); break;
      case fusing::no:
      case fusing::product: break;
      }
    }
    for (std::size_t i = 0; i < count; ++i) {
      if (!operations[i].alive) continue;
      const graph::operation_facts& facts = graph::facts_of(operations[i]);
      if (facts.fuses == fusing::sum) join_sums(i);
      if (facts.multiplies_sparse) read_before_spread(i);
    }
  }

  growing<fused_operation> operations;

private:
  using fusing = graph::fusing;
  using operand = graph::operand;
  using operand_list = graph::operand_list;
  using value_id = graph::value_id;
  using expression_id = graph::expression_id;

  static constexpr std::size_t nobody = static_cast<std::size_t>(-1);
  static constexpr std::size_t most_arguments = 10;
  static_assert(most_arguments <= graph::most_inputs);
  static constexpr std::size_t most_nodes = 160;
  static constexpr std::size_t most_joined = 2;
  static constexpr std::size_t most_pooled = 9; ///< positions whose sums fit into registers together

  static constexpr fusing fuses(const fused_operation& op) { return graph::facts_of(op).fuses; }
  static constexpr bool is_product(const fused_operation& op) { return fuses(op) == fusing::product; }

  /// A product that nothing is fused into has the identity as its epilogue.
  constexpr void lower(const graph::operation& op, fused_operation& out) {
    static_cast<graph::operation&>(out) = op;
    out.work = graph::shape_of_work(g_, op);
    if (!is_product(out)) return;
    out.left = op.inputs[0].value();
    if (op.inputs.size() == 2) out.right = op.inputs[1].value();
    out.inputs.clear();
    out.inputs.push_back(operand::product());
    if (identity_ == expression_id::none) identity_ = g_.intern(expr::identity_expression());
    out.expression = identity_;
  }

  constexpr void absorb_producers(std::size_t i) {
    for (bool changed = true; changed;) {
      changed = false;
      const operand_list& inputs = operations[i].inputs;
      for (std::size_t k = 0, count = inputs.size(); k < count && !changed; ++k) {
        const operand x = inputs[k];
        if (!x.is_value()) continue;
        const std::size_t p = producer_[x.value()];
        if (!can_merge(p, i) || is_left_to_reader(p, i)) continue;
        merge(p, i);
        changed = true;
      }
    }
  }

  constexpr bool can_merge(std::size_t p, std::size_t i) const {
    if (p >= i) return false;
    const fused_operation* const all = operations.begin();
    const fused_operation &producer = all[p], &consumer = all[i];
    if (!producer.alive) return false;
    const fusing of_producer = graph::facts_of(producer).fuses;
    if (of_producer != fusing::expression && of_producer != fusing::product) return false;
    const fusing of_consumer = graph::facts_of(consumer).fuses;
    if (of_producer == fusing::product && of_consumer != fusing::expression) return false;
    // An epilogue cannot make what its own product reads.
    if (of_consumer == fusing::product)
      for (const value_id factor : {consumer.left, consumer.right})
        if (result_number(producer, factor) >= 0) return false;
    if (!is_alike(producer.work, consumer.work) || is_of_batch(producer) != is_of_batch(consumer)) return false;
    if (producer.inputs.size() + consumer.inputs.size() > most_arguments) return false;
    if (producer.outputs.size() + consumer.outputs.size() > graph::most_operands) return false;
    if (node_count(producer) + node_count(consumer) > most_nodes) return false;
    if (of_consumer == fusing::sum && !is_read_only_by(producer, i)) return false;
    // The producer moves down to its consumer: nobody may want its results before.
    const auto* const links = consumers_.links();
    for (value_id v : producer.outputs)
      for (auto at = consumers_.first(v); at != consumers_.none; at = links[at].next)
        if (links[at].item < i) return false;
    return true;
  }

  /// What a sum reads is in memory, and whoever else computes with it may read it there: an operation whose only reader
  /// takes it in had better not be made before, and be stored besides.
  constexpr bool is_left_to_reader(std::size_t p, std::size_t i) const {
    if (fuses(operations[i]) != fusing::expression || operations[i].outputs.size() != 1) return false;
    const value_id made = operations[i].outputs[0];
    if (is_output_[made] != 0 || !consumers_.has_one(made)) return false;
    const std::size_t taker = consumers_.item(consumers_.first(made));
    if (fuses(operations[taker]) != fusing::expression && fuses(operations[taker]) != fusing::sum) return false;
    if (!can_merge(i, taker)) return false;
    for (value_id v : operations[p].outputs)
      for (auto at = consumers_.first(v); at != consumers_.none; at = consumers_.next(at))
        if (is_summed(consumers_.item(at)) && (consumers_.item(at) != i || !consumers_.has_one(v))) return true;
    return false;
  }
  /// Whether an operation is a sum over positions or the batch, or made for nothing else.
  constexpr bool is_summed(std::size_t i) const {
    const fused_operation& op = operations[i];
    if (!op.alive || is_product(op)) return false;
    if (fuses(op) == fusing::sum) return true;
    if (fuses(op) != fusing::expression || op.outputs.size() != 1) return false;
    const value_id made = op.outputs[0];
    return consumers_.has_one(made) && fuses(operations[consumers_.item(consumers_.first(made))]) == fusing::sum;
  }

  /// Two sums over the same rows read them once.
  constexpr void join_sums(std::size_t i) {
    for (std::size_t k = i; operations[i].outputs.size() < most_joined && (k = reader_behind(k, i)) != nobody;)
      if (can_join(i, k)) join(i, k);
  }
  /// The first operation behind `last` that reads what sum i does: no other can be joined with it, and to ask all would
  /// take longer than all other planning.
  constexpr std::size_t reader_behind(std::size_t last, std::size_t i) const {
    const auto* const links = consumers_.links();
    std::size_t first = nobody;
    for (const operand& x : operations[i].inputs) {
      if (!x.is_value()) continue;
      for (auto at = consumers_.first(x.value()); at != consumers_.none; at = links[at].next) {
        const std::size_t reader = links[at].item;
        if (last < reader && reader < first) first = reader;
      }
    }
    return first;
  }
  constexpr bool can_join(std::size_t i, std::size_t k) const {
    const fused_operation &a = operations[i], &b = operations[k];
    if (!b.alive || a.what != b.what || a.weight != b.weight || !is_alike(a.work, b.work)) return false;
    if (a.inputs.size() + b.inputs.size() > most_arguments || node_count(a) + node_count(b) > most_nodes) return false;
    if (a.outputs.size() + b.outputs.size() > most_joined) return false;
    for (const operand& x : b.inputs)
      if (x.is_value() && producer_[x.value()] >= i) return false;
    return true;
  }
  constexpr void join(std::size_t i, std::size_t k) {
    fused_operation& joined = operations[i];
    const fused_operation& later = operations[k];
    composition c{later.expression, joined.expression, expression_id::none, {}, {}, {}};
    for (std::size_t n = 0; n < joined.inputs.size(); ++n) c.consumer_arguments.push_back(static_cast<int>(n));
    for (const operand& x : later.inputs) c.producer_arguments.push_back(position_of(joined.inputs, x));
    for (std::size_t n = 0; n < later.outputs.size(); ++n) {
      c.kept.push_back(static_cast<int>(n));
      joined.outputs.push_back(later.outputs[n]);
      producer_[later.outputs[n]] = i;
    }
    each_different_value_read(later, [&](value_id v) { consumers_.replace(v, k, i); });
    joined.expression = composed(c, joined.inputs.size());
    operations[k].alive = false;
  }

  /// A convolution whose numbers nobody wants but a pool with windows side by side makes the largest of each at once.
  constexpr void absorb_convolution(std::size_t i) {
    const fused_operation pool = operations[i];
    const std::size_t p = producer_[pool.inputs[0].value()];
    if (p >= i || !operations[p].alive || !graph::facts_of(operations[p]).makes_largest) return;
    const fused_operation product = operations[p];
    const graph::window& w = g_.windows[pool.window];
    if (product.window == graph::window_id::none || product.transposed || product.is_pooled()) return;
    if (product.outputs.size() != 1 || product.expression != identity_ || !is_read_only_by(product, i)) return;
    if (!stand_side_by_side(w)) return;
    fused_operation merged = product;
    merged.pool = pool.window;
    merged.places = consumers_.empty(pool.outputs[1]) ? value_id::none : pool.outputs[1];
    merged.outputs.clear();
    merged.outputs.push_back(pool.outputs[0]);
    merged.work = g_.shape(pool.outputs[0]);
    consumers_.remove(product.left, p);
    consumers_.add(product.left, i);
    operations[i] = static_cast<fused_operation&&>(merged);
    operations[p].alive = false;
  }

  /// Whether what can be merged, and so makes a value, is worked out once for the whole batch, not for each sample.
  constexpr bool is_of_batch(const fused_operation& op) const {
    return g_.values[op.outputs[0]].is_of_batch && !graph::facts_of(op).sums_batch;
  }
  /// A sum over the batch keeps none of the rows that it sums.
  constexpr bool is_read_only_by(const fused_operation& producer, std::size_t i) const {
    for (value_id v : producer.outputs)
      if (is_output_[v] != 0 || !consumers_.has_one(v) || consumers_.item(consumers_.first(v)) != i) return false;
    return true;
  }
  /// Whether a pool can be a part of a product. With windows of a single number it cannot: a kernel takes a product
  /// with one place for each result for one without a pool.
  static constexpr bool stand_side_by_side(const graph::window& w) {
    const auto stands_alone = [](const graph::window_side& side) {
      return side.stride == side.size && side.dilation == 1 && side.before == 0 && side.after == 0;
    };
    return stands_alone(w.rows) && stands_alone(w.columns) && w.taps() > 1 && w.taps() <= most_pooled;
  }

  /// A gradient of a convolution multiplies with the few numbers that a pool hands back, before they are spread over an
  /// image that is zero but for them.
  constexpr void read_before_spread(std::size_t i) {
    fused_operation& op = operations[i];
    if (op.has_left() ? !op.transposed : op.inputs.size() != 2) return;
    const value_id sparse = op.has_left() ? op.left : op.inputs[1].value();
    const std::size_t p = producer_[sparse];
    if (p >= i || !operations[p].alive || !graph::facts_of(operations[p]).is_sparse) return;
    const fused_operation spread = operations[p];
    if (spread.outputs.empty() || spread.outputs[0] != sparse || !stand_side_by_side(g_.windows[spread.window])) return;
    const value_id numbers = spread.inputs[0].value();
    op.pool = spread.window;
    op.places_read = spread.inputs[1].value();
    if (op.has_left())
      op.left = numbers;
    else
      op.inputs[1] = operand(numbers);
    consumers_.remove(sparse, i);
    if (consumers_.empty(sparse) && is_output_[sparse] == 0) operations[p].alive = false;
  }

  static constexpr bool is_alike(const tensor::extents& a, const tensor::extents& b) {
    if (a.rank == 1 && b.rank == 1) return a.extent[0] == b.extent[0]; // as mostly: without a call
    return a.columns() == b.columns() && a.image_columns() == b.image_columns() && a.image_rows() == b.image_rows();
  }
  constexpr std::size_t node_count(const fused_operation& op) const {
    return g_.expressions[op.expression].nodes.size();
  }

  /// How the arguments and results of two operations become those of one. Equal layers merge in equal ways, so the
  /// expression is composed once and found again.
  struct composition {
    expression_id producer, consumer, result;
    short_list<int, graph::most_inputs> producer_arguments,
        consumer_arguments;                     ///< consumer: -1 - k is the producer's result k
    short_list<int, graph::most_operands> kept; ///< results of the producer that others still read
  };

  constexpr void merge(std::size_t p, std::size_t i) {
    const fused_operation& producer = operations[p];
    fused_operation& consumer = operations[i];
    operand_list inputs;
    composition c{producer.expression, consumer.expression, expression_id::none, {}, {}, {}};
    for (const operand& x : producer.inputs) c.producer_arguments.push_back(position_of(inputs, x));
    for (const operand& x : consumer.inputs) {
      const int made = x.is_value() ? result_number(producer, x.value()) : -1;
      c.consumer_arguments.push_back(made >= 0 ? -1 - made : position_of(inputs, x));
    }
    consumer.inputs = inputs;
    if (is_product(producer)) {
      consumer.what = producer.what;
      consumer.left = producer.left;
      consumer.right = producer.right;
      consumer.turned = producer.turned;
      consumer.matrices = producer.matrices;
      consumer.parameter = producer.parameter;
      consumer.transposed = producer.transposed;
      consumer.window = producer.window;
      consumer.pool = producer.pool;
      consumer.places = producer.places;
    }
    for (std::size_t k = 0; k < producer.outputs.size(); ++k) {
      const value_id v = producer.outputs[k];
      consumers_.remove(v, i);
      if (consumers_.empty(v) && is_output_[v] == 0) continue;
      c.kept.push_back(static_cast<int>(k));
      consumer.outputs.push_back(v);
      producer_[v] = i;
    }
    each_different_value_read(producer, [&](value_id v) { consumers_.replace(v, p, i); });
    consumer.expression = composed(c, inputs.size());
    operations[p].alive = false;
  }

  static constexpr int position_of(operand_list& list, const operand& x) {
    for (std::size_t k = 0; k < list.size(); ++k)
      if (list[k] == x) return static_cast<int>(k);
    list.push_back(x);
    return static_cast<int>(list.size()) - 1;
  }
  static constexpr int result_number(const fused_operation& op, value_id v) {
    for (std::size_t k = 0; k < op.outputs.size(); ++k)
      if (op.outputs[k] == v) return static_cast<int>(k);
    return -1;
  }

  constexpr expression_id composed(composition& c, std::size_t arguments) {
    for (const composition& known : known_)
      if (known.producer == c.producer && known.consumer == c.consumer &&
          known.producer_arguments == c.producer_arguments && known.consumer_arguments == c.consumer_arguments &&
          known.kept == c.kept)
        return known.result;
    expr::builder b;
    growing<int> first_arguments, second_arguments;
    for (int a : c.producer_arguments) first_arguments.push_back(b.argument(a));
    const growing<int> made = expr::inline_into(b, g_.expressions[c.producer], first_arguments);
    for (int a : c.consumer_arguments)
      second_arguments.push_back(a < 0 ? made[static_cast<std::size_t>(-1 - a)] : b.argument(a));
    growing<int> results = expr::inline_into(b, g_.expressions[c.consumer], second_arguments);
    for (int k : c.kept) results.push_back(made[static_cast<std::size_t>(k)]);
    c.result = g_.intern(expr::compact(b, results, static_cast<int>(arguments)));
    known_.push_back(c);
    return c.result;
  }

  graph::graph& g_;
  expression_id identity_ = expression_id::none;
  numbered<value_id, std::size_t> producer_;
  numbered_lists<value_id, std::size_t> consumers_;
  numbered<value_id, char> is_output_;
  growing<composition> known_;
};

} // namespace fusegrad::plan::inline FUSEGRAD_ABI
