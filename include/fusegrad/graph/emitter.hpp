// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstddef>
#include <fusegrad/base/growing.hpp>
#include <fusegrad/expr/function.hpp>
#include <fusegrad/graph/graph.hpp>
#include <fusegrad/graph/scope.hpp>
#include <fusegrad/graph/shape_rules.hpp>
#include <fusegrad/graph/wire.hpp>
#include <string_view>

namespace fusegrad::graph {

/// What a layer writes its operations and parameters to. Parameters are named by the layer's path: `2.body.0.weight`. Every operation
/// keeps the rules of shape_rules.hpp; one that does not is noted (`broken`) and left out, and makes a value that nothing computes.
class emitter : public scope {
public:
  graph result;

  constexpr emitter() = default;
  constexpr explicit emitter(emission how) : how_{how} {}

  [[nodiscard]] constexpr bool is_training() const { return how_.is_training; }

  /// A row of the model's input.
  constexpr row input(tensor::extents shape) {
    if (!keeps(shape_rules::sensible_size(shape))) return stand_in(shape);
    operation op;
    op.what = kind::input;
    op.slot = static_cast<int>(result.inputs.size());
    result.inputs.push_back(shape);
    return produce(op, shape, false);
  }

  /// A parameter of this layer; within a shared block, the one that exists already.
  /// `fan_in` is how many inputs a unit has, where the shape does not tell: for a bias.
  constexpr parameter_id parameter(std::string_view name, tensor::extents shape, initialiser start, std::size_t fan_in = 0) {
    const growing<char> path = path_of(name);
    const bool is_sound = keeps(shape_rules::sensible_size(shape), path);
    if (const int known = is_shared() || has_user_names() ? find_parameter(path) : -1; known >= 0) {
      const graph_parameter& first = result.parameters[static_cast<std::size_t>(known)];
      if (!is_shared() || !first.is_shared) keeps({rule::name_once, {}, {}}, path);
      else if (!(first.shape == shape)) keeps({rule::shared_at_one_size, shape, first.shape}, path);
      else return {known};
    }
    graph_parameter p;
    p.fan_in = static_cast<std::uint32_t>(fan_in);
    p.name = path;
    p.shape = is_sound ? shape : tensor::vector_of(1);
    p.start = start;
    p.is_shared = is_shared();
    result.parameters.push_back(p);
    return {static_cast<int>(result.parameters.size()) - 1};
  }

  /// A parameter that is not learned: a state such as a running mean, kept with the weights and saved with them.
  constexpr parameter_id state(std::string_view name, tensor::extents shape, double start) {
    const parameter_id id = parameter(name, shape, init::constant(start));
    result.parameters[static_cast<std::size_t>(id.index)].is_trained = false;
    return id;
  }

  /// x W, with a weight of shape [out][in].
  constexpr row matrix_product(const row& x, parameter_id weight) {
    if (!is_row(x) || !keeps(shape_rules::known_parameter(result, weight.index))) return stand_in(x.shape);
    auto& p = result.parameters[static_cast<std::size_t>(weight.index)];
    if (!keeps(shape_rules::matrix_product(p, x.width()))) return stand_in(tensor::vector_of(p.shape[0]));
    p.is_matrix = true;
    operation op;
    op.what = kind::matrix_product;
    op.inputs.push_back({source::value, x.value});
    op.parameter = weight.index;
    return produce(op, tensor::vector_of(p.shape[0]), p.is_trained || needs_gradient(x));
  }

  /// A generic function applied to each column: `map([](auto x, auto gain) { return x * gain; }, x, gain)`. Operands are rows
  /// (those of width 1 are repeated), parameters (one for each column, or of size 1) and uniforms.
  template <class F, class... Operands> constexpr row map(F, const Operands&... operands) {
    if constexpr (sizeof...(Operands) > most_operands) {
      keeps(shape_rules::operand_count(sizeof...(Operands)));
      return stand_in(tensor::vector_of(1));
    } else {
      if (!(is_known(operands) && ...)) return stand_in(tensor::vector_of(1));
      operand_list inputs;
      (inputs.push_back(as_operand(operands)), ...);
      return map(expr::recording_of<expr::source_of<F>, sizeof...(Operands)>(), inputs, sharing::shared);
    }
  }

  /// The same for a recorded function; its named parameters become parameters of the layer.
  constexpr row map(const expr::recording& f, operand_list inputs, sharing share) {
    if (!all_known(inputs)) return stand_in(tensor::vector_of(1));
    const tensor::extents shape = widest(inputs);
    if (!keeps(shape_rules::operand_count(inputs.size() + f.leaves.size())) || !keeps(shape_rules::mapped_function(f))) return stand_in(shape);
    for (const expr::named_leaf& leaf : f.leaves) {
      const tensor::extents size = share == sharing::per_unit ? tensor::vector_of(shape.size()) : tensor::vector_of(1);
      inputs.push_back({source::parameter, parameter(leaf.name, size, init::constant(leaf.initial)).index});
    }
    return elementwise(result.intern(f.body), inputs, shape);
  }

  /// The same numbers times a factor.
  constexpr row scaled(const row& x, double factor) {
    if (!is_known(x)) return stand_in(x.shape);
    expr::builder b;
    growing<int> product;
    product.push_back(b.make(expr::operation::multiply, b.argument(0), b.constant(factor)));
    operand_list inputs;
    inputs.push_back(as_operand(x));
    return elementwise(result.intern(expr::compact(b, product, 1)), inputs, x.shape);
  }

  /// Random numbers of this step, uniform in [0, 1): for each sample and column another one. They depend on the seed, the step, the
  /// sample's place in the batch, the layer and the column, not on the threads.
  constexpr row random(tensor::extents shape) {
    if (!keeps(shape_rules::training_only(how_.is_training)) || !keeps(shape_rules::sensible_size(shape))) return stand_in(shape);
    operation op;
    op.what = kind::random;
    op.slot = static_cast<int>(random_streams_++);
    return produce(op, shape, false);
  }

  /// The mean of each column over the batch: one row for all samples. Whatever reads it couples the samples of a batch.
  constexpr row batch_mean(const row& x) { return batch_sum(x, static_cast<int>(uniform::one_over_batch)); }

  /// The sum of each column over the batch, times a uniform unless that is -1.
  constexpr row batch_sum(const row& x, int weight = -1) {
    if (!is_row(x) || !keeps(shape_rules::training_only(how_.is_training))) return stand_in(x.shape);
    operation op;
    op.what = kind::batch_sum;
    op.inputs.push_back({source::value, x.value});
    op.expression = identity();
    op.slot = weight;
    const int v = result.add_value(x.shape, needs_gradient(x), true);
    op.outputs.push_back(v);
    result.operations.push_back(op);
    return {v, x.shape};
  }

  /// A state as it stands here: as an earlier use of the same shared layer leaves it, otherwise as it was before the step.
  [[nodiscard]] constexpr operand latest(parameter_id state) const {
    const auto i = static_cast<std::size_t>(state.index);
    if (i < next_.size() && next_[i] != 0) return {source::value, next_[i] - 1};
    return {source::parameter, state.index};
  }

  /// What a state will be after this step: a row of the batch. A further use of a shared layer replaces what the one before has set.
  constexpr void set_next(parameter_id state, const row& next) {
    if (!is_known(next) || !keeps(shape_rules::known_parameter(result, state.index))) return;
    if (!keeps(shape_rules::next_of_state(result, result.parameters[static_cast<std::size_t>(state.index)], next.value))) return;
    const auto i = static_cast<std::size_t>(state.index);
    while (next_.size() <= i) next_.push_back(0);
    if (next_[i] != 0) result.remove_sums_into(state.index);
    next_[i] = next.value + 1;
    operation op;
    op.what = kind::column_sum; // of a single row
    op.inputs.push_back({source::value, next.value});
    op.parameter = state.index;
    result.operations.push_back(op);
  }

  /// An expression that is known already, over operands that have as many columns as `shape`, or one.
  constexpr row elementwise(int expression, operand_list inputs, tensor::extents shape) {
    const std::size_t columns = shape.size();
    for (const operand& x : inputs) {
      if (!keeps(shape_rules::map_operand(result, x, columns))) return stand_in(shape);
      if (x.from == source::parameter) result.parameters[static_cast<std::size_t>(x.index)].is_elementwise = true;
    }
    operation op;
    op.what = kind::elementwise;
    op.expression = expression;
    bool depends = false, reads_rows = false, reads_batch = false;
    for (const operand& x : inputs) {
      depends = depends || result.depends_on_parameter(x);
      if (x.from == source::value) (result.is_of_batch(x.index) ? reads_batch : reads_rows) = true;
    }
    op.inputs = inputs;
    return produce(op, shape, depends, reads_batch && !reads_rows);
  }

  constexpr row row_sum(const row& x) {
    if (!is_known(x)) return stand_in(tensor::vector_of(1));
    row sum = unary(kind::row_sum, x, tensor::vector_of(1));
    result.values[static_cast<std::size_t>(sum.value)].is_of_batch = result.is_of_batch(x.value);
    return sum;
  }
  /// The mean of each row, width 1.
  constexpr row row_mean(const row& x) { return scaled(row_sum(x), 1 / static_cast<double>(x.width())); }
  constexpr row softmax(const row& x) { return is_row(x) ? unary(kind::softmax, x, x.shape) : stand_in(x.shape); }
  constexpr row log_softmax(const row& x) { return is_row(x) ? unary(kind::log_softmax, x, x.shape) : stand_in(x.shape); }

  /// The loss of each row, width 1, from logits and a target distribution (any non-negative weights).
  constexpr row softmax_cross_entropy(const row& logits, const row& target) {
    if (!is_row(logits) || !is_row(target)) return stand_in(tensor::vector_of(1));
    if (!keeps(shape_rules::softmax_cross_entropy(logits.width(), target.width()))) return stand_in(tensor::vector_of(1));
    operation op;
    op.what = kind::softmax_cross_entropy;
    op.inputs.push_back({source::value, logits.value});
    op.inputs.push_back({source::value, target.value});
    op.outputs.push_back(result.add_value(logits.shape, false));
    op.outputs.push_back(result.add_value(tensor::vector_of(1), false));
    return produce(op, tensor::vector_of(1), needs_gradient(logits));
  }

  /// Consecutive parts of a row, of the given widths.
  constexpr wire split(const row& x, const growing<std::size_t>& widths) {
    if (!is_row(x) || !keeps(shape_rules::split(x.width(), widths))) return stand_ins(widths);
    if (widths.size() > most_operands) return split_in_stages(x, widths);
    operation op;
    op.what = kind::split;
    op.inputs.push_back({source::value, x.value});
    wire parts;
    for (std::size_t width : widths) {
      const auto shape = tensor::vector_of(width);
      op.outputs.push_back(result.add_value(shape, needs_gradient(x)));
      parts.push_back({op.outputs.back(), shape});
    }
    result.operations.push_back(op);
    return parts;
  }

  constexpr row concat(const wire& parts) {
    if (!keeps(shape_rules::concat(parts.size()))) return stand_in(tensor::vector_of(1));
    for (const row& part : parts)
      if (!is_row(part)) return stand_in(tensor::vector_of(1));
    if (parts.size() > most_operands) return concat_in_stages(parts);
    operation op;
    op.what = kind::concat;
    std::size_t width = 0;
    bool some_need_gradient = false;
    for (const row& part : parts) {
      op.inputs.push_back({source::value, part.value});
      width += part.width();
      some_need_gradient = some_need_gradient || needs_gradient(part);
    }
    return produce(op, tensor::vector_of(width), some_need_gradient);
  }

  /// The same numbers in another shape.
  constexpr row reshape(const row& x, tensor::extents shape) {
    return is_known(x) && keeps(shape_rules::reshape(x.shape, shape)) ? row{x.value, shape} : stand_in(shape);
  }

  /// Adds the sum of `x` over samples and columns, times `weight`, to the loss.
  constexpr void add_to_loss(const row& x, uniform weight) {
    if (!is_known(x)) return;
    operation op;
    op.what = kind::loss_term;
    op.inputs.push_back({source::value, x.value});
    op.slot = static_cast<int>(weight);
    result.operations.push_back(op);
  }

  /// Notes what a layer reads and makes, where somebody wants to look; `operations` is how many there were before the layer.
  constexpr void mark(std::string_view name, const wire& in, const wire& out, std::size_t operations) {
    if (!how_.is_observed || in.size() != 1 || out.size() != 1 || in[0].value == out[0].value) return;
    layer_mark m;
    m.path = path();
    m.name = name;
    m.input = in[0].value;
    m.output = out[0].value;
    m.is_activation = true;
    for (std::size_t i = operations; i < result.operations.size(); ++i) {
      const operation& op = result.operations[i];
      m.is_activation = m.is_activation && op.what == kind::elementwise && op.inputs[0].from == source::value;
      for (const operand& x : op.inputs) m.is_activation = m.is_activation && (x.from != source::value || x.index >= m.input);
    }
    m.is_activation = m.is_activation && in[0].width() == out[0].width();
    result.marks.push_back(m);
  }

private:
  using graph_parameter = fusegrad::graph::parameter;

  // More parts than one operation has operands: first some together, then those.
  constexpr wire split_in_stages(const row& x, const growing<std::size_t>& widths) {
    growing<std::size_t> sums;
    for (std::size_t i = 0; i < widths.size(); ++i) {
      if (i % most_operands == 0) sums.push_back(0);
      sums.back() += widths[i];
    }
    wire out;
    const wire stage = split(x, sums);
    for (std::size_t i = 0; i < stage.size(); ++i) {
      growing<std::size_t> own;
      for (std::size_t k = i * most_operands; k < widths.size() && k < (i + 1) * most_operands; ++k) own.push_back(widths[k]);
      out.append(split(stage[i], own));
    }
    return out;
  }
  constexpr row concat_in_stages(const wire& parts) {
    wire stage, some;
    for (const row& part : parts) {
      some.push_back(part);
      if (some.size() < most_operands) continue;
      stage.push_back(concat(some));
      some.clear();
    }
    if (!some.empty()) stage.push_back(some.size() == 1 ? some[0] : concat(some));
    return concat(stage);
  }

  constexpr int identity() {
    expr::builder b;
    growing<int> same;
    same.push_back(b.argument(0));
    return result.intern(expr::compact(b, same, 1));
  }

  // The number of a parameter; -1: there is none of this name.
  constexpr int find_parameter(const growing<char>& path) const {
    for (std::size_t i = 0; i < result.parameters.size(); ++i)
      if (result.parameters[i].name == path) return static_cast<int>(i);
    return -1;
  }

  constexpr bool is_known(const row& x) { return keeps(shape_rules::known_value(result, x.value, x.width())); }
  constexpr bool is_known(parameter_id p) { return keeps(shape_rules::known_parameter(result, p.index)); }
  constexpr bool is_known(uniform) { return true; }
  constexpr bool is_known(const operand& x) {
    if (x.from == source::uniform) return true;
    if (x.from == source::parameter) return is_known(parameter_id{x.index});
    return keeps(shape_rules::known_value(result, x.index));
  }
  constexpr bool all_known(const operand_list& inputs) {
    for (const operand& x : inputs)
      if (!is_known(x)) return false;
    return true;
  }
  constexpr bool is_row(const row& x) { return is_known(x) && keeps(shape_rules::row_for_each_sample(result, x.value)); }
  constexpr bool needs_gradient(const row& x) const { return result.values[static_cast<std::size_t>(x.value)].needs_gradient; }

  // What an operation that breaks a rule hands on.
  constexpr row stand_in(tensor::extents shape) { return {result.add_value(shape, false), shape}; }
  constexpr wire stand_ins(const growing<std::size_t>& widths) {
    wire parts;
    for (std::size_t width : widths) parts.push_back(stand_in(tensor::vector_of(width)));
    return parts;
  }

  static constexpr operand as_operand(operand x) { return x; }
  static constexpr operand as_operand(const row& x) { return {source::value, x.value}; }
  static constexpr operand as_operand(parameter_id p) { return {source::parameter, p.index}; }
  static constexpr operand as_operand(uniform u) { return {source::uniform, static_cast<int>(u)}; }

  constexpr tensor::extents widest(const operand_list& inputs) const {
    tensor::extents shape = tensor::vector_of(1);
    for (const operand& x : inputs) {
      if (x.from == source::uniform) continue;
      const auto i = static_cast<std::size_t>(x.index);
      const tensor::extents candidate = x.from == source::value ? result.values[i].shape : result.parameters[i].shape;
      if (candidate.size() > shape.size() || (candidate.size() == shape.size() && x.from == source::value)) shape = candidate;
    }
    return shape;
  }

  constexpr row unary(kind what, const row& x, tensor::extents shape) {
    operation op;
    op.what = what;
    op.inputs.push_back({source::value, x.value});
    return produce(op, shape, needs_gradient(x));
  }

  constexpr row produce(operation& op, tensor::extents shape, bool depends, bool is_of_batch = false) {
    const int v = result.add_value(shape, depends, is_of_batch);
    op.outputs.push_back(v);
    result.operations.push_back(static_cast<operation&&>(op));
    return {v, shape};
  }

  emission how_;
  std::size_t random_streams_ = 0;
  growing<int> next_; // for each state the value that it will have, plus one; 0: none yet
};

} // namespace fusegrad::graph
