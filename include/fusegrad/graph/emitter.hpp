// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstddef>
#include <fusegrad/base/growing.hpp>
#include <fusegrad/expr/function.hpp>
#include <fusegrad/expr/monotone.hpp>
#include <fusegrad/graph/graph.hpp>
#include <fusegrad/graph/operations.hpp>
#include <fusegrad/graph/row_writer.hpp>
#include <fusegrad/graph/shape_rules.hpp>
#include <fusegrad/graph/wire.hpp>
#include <string_view>

namespace fusegrad::graph {

/// What a layer writes its operations and parameters to. Parameters are named by the layer's path: `2.body.0.weight`.
/// Every operation keeps the rules of shape_rules.hpp; one that does not is noted (`broken`) and left out, and makes a
/// value that nothing computes.
class emitter : public row_writer {
public:
  using row_writer::row_writer;

  /// A row of the model's input.
  constexpr row input(tensor::extents shape) {
    operation op;
    op.what = kind::input;
    op.slot = static_cast<std::int32_t>(result.inputs.size());
    result.inputs.push_back(shape);
    return write_row(op, shape);
  }

  /// The rows of all inputs so far.
  [[nodiscard]] constexpr wire inputs() const {
    wire rows;
    for (const operation& op : result.operations)
      if (facts_of(op).is_given) rows.push_back({op.outputs[0], result.shape(op.outputs[0])});
    return rows;
  }

  /// A parameter of this layer; within a shared block, the one that exists already.
  /// `fan_in` is how many inputs a unit has, where the shape does not tell: for a bias.
  constexpr parameter_id parameter(std::string_view name, tensor::extents shape, initialiser start,
                                   std::size_t fan_in = 0) {
    growing<char> path = path_of(name);
    const bool is_sound = keeps(shape_rules::sensible_size(shape), path);
    if (const parameter_id known = is_shared() || has_user_names() ? find_parameter(path) : parameter_id::none;
        known != parameter_id::none) {
      const graph_parameter& first = result.parameters[known];
      if (!is_shared() || !first.is_shared)
        keeps({rule::name_once, {}, {}}, path);
      else if (!(first.shape == shape))
        keeps({rule::shared_at_one_size, shape, first.shape}, path);
      else
        return known;
    }
    graph_parameter p;
    p.fan_in = static_cast<std::uint32_t>(fan_in);
    p.name = static_cast<growing<char>&&>(path);
    p.shape = is_sound ? shape : tensor::vector_of(1);
    p.start = start;
    p.is_shared = is_shared();
    p.is_trained = !is_frozen();
    return result.parameters.add(static_cast<graph_parameter&&>(p));
  }

  /// A parameter that is not learned: a state such as a running mean, kept with the weights and saved with them.
  constexpr parameter_id state(std::string_view name, tensor::extents shape, double start) {
    const parameter_id id = parameter(name, shape, init::constant(start));
    result.parameters[id].is_trained = false;
    return id;
  }

  /// x W at each position, with a weight of shape [out][in].
  constexpr row matrix_product(const row& x, parameter_id weight) {
    if (x.shape.positions() > 1) return convolution(x, weight, {});
    operation op;
    op.what = kind::matrix_product;
    op.parameter = weight;
    const row product = unary(op, x);
    if (result.parameters.has(weight)) result.parameters[weight].is_matrix = true;
    return product;
  }

  /// The largest number of each channel in a window. What only rises with its input, such as a bias and ReLU, is worked
  /// out behind it, on the numbers that are left.
  constexpr row max_pool(const row& x, const window& seen) {
    const operation* before = is_known(x) && !is_observed() ? maker_of(x.value) : nullptr;
    if (before == nullptr || !rises_with_image(*before)) return unary(windowed(kind::max_pool, seen), x);
    const expression_id expression = before->expression;
    operand_list inputs;
    for (const operand& input : operand_list(before->inputs))
      inputs.push_back(input.is_value() ? operand(max_pool({input.value(), result.shape(input)}, seen).value) : input);
    return elementwise(expression, inputs, seen.over(x.shape));
  }
  /// The sum of each column over all positions: one row.
  constexpr row position_sum(const row& x) {
    // Rows of what has a single position are samples.
    if (x.shape.positions() == 1) return reshape(x, tensor::vector_of(x.shape.columns()));
    return summed(kind::position_sum, x);
  }
  constexpr row position_mean(const row& x) {
    return scaled(position_sum(x), 1 / static_cast<double>(x.shape.positions()));
  }

  /// A generic function applied to each number: `map([](auto x, auto gain) { return x * gain; }, x, gain)`. Operands
  /// are values (those of one column, or one position, are repeated), parameters (one for each column, or of size 1)
  /// and uniforms.
  template <class F, class... Operands> constexpr row map(F, const Operands&... operands) {
    if constexpr (sizeof...(Operands) > most_operands) {
      keeps(shape_rules::operand_count(sizeof...(Operands)));
      return stand_in(tensor::vector_of(1));
    } else {
      if (!(is_known(operands) && ...)) return stand_in(tensor::vector_of(1));
      using recipe = expr::recipe_of<F>;
      constexpr const auto& f = expr::recorded<recipe, sizeof...(Operands)>;
      operation op = bare(kind::elementwise);
      op.expression = interned<recipe, sizeof...(Operands)>();
      (op.inputs.push_back(as_operand(operands)), ...);
      return mapped(op, f.body.result_count, f.leaves, f.leaves + f.leaf_count, sharing::shared);
    }
  }

  /// The same for a recorded function; its named parameters become parameters of the layer.
  constexpr row map(const expr::recording& f, const operand_list& inputs, sharing share) {
    if (!all_known(inputs)) return stand_in(tensor::vector_of(1));
    operation op = elementwise_operation(result.intern(f.body), inputs);
    return mapped(op, f.body.results.size(), f.leaves.begin(), f.leaves.end(), share);
  }
  /// For what `Recipe` records: written down once, however many layers ask for it.
  template <class Recipe, std::size_t Arity> constexpr row map_recorded(const operand_list& inputs, sharing share) {
    const auto& f = expr::recorded<Recipe, Arity>;
    if (!all_known(inputs)) return stand_in(tensor::vector_of(1));
    operation op = elementwise_operation(interned<Recipe, Arity>(), inputs);
    return mapped(op, f.body.result_count, f.leaves, f.leaves + f.leaf_count, share);
  }

  /// The same numbers times a factor.
  constexpr row scaled(const row& x, double factor) {
    return is_known(x) ? scaled(operand(x.value), factor, x.shape) : stand_in(x.shape);
  }
  /// A number of this step times a factor: what the whole batch has in common.
  constexpr row scaled(uniform x, double factor) {
    return scaled(operand(of_this_term(x)), factor, tensor::vector_of(1));
  }

  /// Random numbers of this step, uniform in [0, 1): for each sample and column another one. They depend on the seed,
  /// the step, the sample's place in the batch, the layer and the column, not on the threads.
  constexpr row random(tensor::extents shape) {
    operation op;
    op.what = kind::random;
    op.slot = random_streams_++;
    return write_row(op, shape);
  }

  /// The mean of each column over the batch and all positions: one row for all samples. Whatever reads it couples the
  /// samples of a batch.
  constexpr row batch_mean(const row& x) {
    const row sum = batch_sum(x, uniform::one_over_batch);
    return x.shape.positions() == 1 ? sum : scaled(sum, 1 / static_cast<double>(x.shape.positions()));
  }

  /// The sum of each column over the batch and all positions, times a uniform.
  constexpr row batch_sum(const row& x, uniform weight = uniform::one) {
    // Each sample first: a thread has its own images still at hand.
    if (x.shape.positions() > 1) return batch_sum(position_sum(x), weight);
    return summed(kind::batch_sum, x, of_this_term(weight));
  }

  /// A state as it stands here: as an earlier use of the same shared layer leaves it, otherwise as it was before the
  /// step.
  [[nodiscard]] constexpr operand latest(parameter_id state) const {
    if (next_.has(state) && next_[state] != value_id::none) return next_[state];
    return state;
  }

  /// What a state will be after this step: a row of the batch. A further use of a shared layer replaces what the one
  /// before has set.
  constexpr void set_next(parameter_id state, const row& next) {
    if (!is_known(next) || !keeps(shape_rules::known_parameter(result, state))) return;
    if (!keeps(shape_rules::next_of_state(result, result.parameters[state], next.value))) return;
    while (!next_.has(state)) next_.push_back(value_id::none);
    if (next_[state] != value_id::none) remove_next(state);
    next_[state] = next.value;
    operation op;
    op.what = kind::column_sum; // of a single row
    op.inputs.push_back(next.value);
    op.parameter = state;
    write(op);
  }

  /// An expression that is known already, over operands that have the positions and columns of `shape`, or one.
  /// `is_of_batch` says for what reads no row that it makes one for the whole batch.
  constexpr row elementwise(expression_id expression, const operand_list& inputs, tensor::extents shape,
                            bool is_of_batch = false) {
    return write_elementwise(elementwise_operation(expression, inputs), shape, is_of_batch);
  }

  constexpr row row_sum(const row& x) { return unary(kind::row_sum, x); }
  /// The mean of each row: one column.
  constexpr row row_mean(const row& x) { return scaled(row_sum(x), 1 / static_cast<double>(x.shape.columns())); }
  /// Consecutive parts of each row, of the given widths.
  constexpr wire split(const row& x, const growing<std::size_t>& widths) {
    if (!is_known(x)) return stand_ins(widths);
    if (widths.size() > most_operands) return split_in_stages(x, widths);
    operation op;
    op.what = kind::split;
    op.inputs.push_back(x.value);
    shape_list parts;
    for (std::size_t width : widths) parts.push_back(tensor::with_columns(x.shape, width));
    return write(op, parts);
  }

  constexpr row concat(const wire& parts) {
    for (const row& part : parts)
      if (!is_known(part)) return stand_in(tensor::vector_of(1));
    if (parts.size() > most_operands) return concat_in_stages(parts);
    operation op;
    op.what = kind::concat;
    for (const row& part : parts) op.inputs.push_back(part.value);
    return write(op)[0];
  }

  /// Each column so many times, side by side.
  constexpr row repeated(const row& x, std::size_t times) {
    const tensor::extents shape = tensor::with_columns(x.shape, times * x.shape.columns());
    if (!is_known(x)) return stand_in(shape);
    operation op = bare(kind::repetition);
    op.inputs.push_back(x.value);
    return write_row(op, shape);
  }

  /// The same numbers, row-major, in another shape.
  constexpr row reshape(const row& x, tensor::extents shape) {
    if (!is_known(x)) return stand_in(shape);
    if (result.shape(x.value) == shape) return {x.value, shape};
    operation op = bare(kind::reshape);
    op.inputs.push_back(x.value);
    return write_row(op, shape);
  }

  /// Adds the sum of `x` over samples and columns, times `weight`, to the loss.
  constexpr void add_to_loss(const row& x, uniform weight) {
    if (!is_known(x)) return;
    operation op;
    op.what = kind::loss_term;
    op.inputs.push_back(weighted(x).value);
    op.weight = of_this_term(weight);
    write(op);
  }

  /// A row times the weight of its sample, where samples have weights.
  constexpr row weighted(const row& x) {
    if (sample_weight().value == value_id::none) return x;
    return map([](auto a, auto weight) { return a * weight; }, x, sample_weight());
  }

  /// Notes what a layer reads and makes, where somebody wants to look; `operations` is how many there were before the
  /// layer.
  constexpr void mark(std::string_view name, const wire& in, const wire& out, std::size_t operations) {
    if (!is_observed() || in.size() != 1 || out.size() != 1 || in[0].value == out[0].value) return;
    layer_mark m;
    m.path = path();
    m.name = name;
    m.input = in[0].value;
    m.output = out[0].value;
    m.is_activation = true;
    for (std::size_t i = operations; i < result.operations.size(); ++i) {
      const operation& op = result.operations[i];
      m.is_activation = m.is_activation && facts_of(op).fuses == fusing::expression && op.inputs[0].is_value();
      for (const operand& x : op.inputs) m.is_activation = m.is_activation && (!x.is_value() || x.value() >= m.input);
    }
    m.is_activation = m.is_activation && in[0].shape == out[0].shape;
    result.marks.push_back(m);
  }

private:
  using graph_parameter = fusegrad::graph::parameter;

  static constexpr operation elementwise_operation(expression_id expression, const operand_list& inputs) {
    operation op = bare(kind::elementwise);
    op.expression = expression;
    op.inputs = inputs;
    return op;
  }
  constexpr row write_elementwise(const operation& op, const tensor::extents& shape, bool is_of_batch = false) {
    const row made = write_row(op, shape, is_of_batch);
    for (const operand& x : op.inputs)
      if (x.is_parameter() && result.parameters.has(x.parameter()))
        result.parameters[x.parameter()].is_elementwise = true;
    return made;
  }
  /// Completes an operation, which reads what is known, with the named parameters of its function, and writes it.
  constexpr row mapped(operation& op, std::size_t results, const expr::named_leaf* leaf,
                       const expr::named_leaf* last_leaf, sharing share) {
    const tensor::extents shape = widest(op.inputs);
    const bool is_usual = results == 1 && leaf == last_leaf && op.inputs.size() <= most_operands;
    if (!is_usual &&
        (!keeps(shape_rules::operand_count(op.inputs.size() + static_cast<std::size_t>(last_leaf - leaf))) ||
         !keeps(shape_rules::mapped_function(results, leaf, last_leaf))))
      return stand_in(shape);
    for (; leaf != last_leaf; ++leaf) {
      const tensor::extents size = tensor::vector_of(share == sharing::per_unit ? shape.columns() : 1);
      op.inputs.push_back(parameter(leaf->name, size, init::constant(leaf->initial)));
    }
    return write_elementwise(op, shape);
  }

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
      for (std::size_t k = i * most_operands; k < widths.size() && k < (i + 1) * most_operands; ++k)
        own.push_back(widths[k]);
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

  constexpr parameter_id find_parameter(const growing<char>& path) const {
    for (std::size_t i = 0; i < result.parameters.size(); ++i)
      if (result.parameters[i].name == path) return result.parameters.number(i);
    return parameter_id::none;
  }
  /// Takes out what sets the next value of a state.
  constexpr void remove_next(parameter_id state) {
    growing<operation> kept;
    for (const operation& op : result.operations)
      if (op.parameter != state || !facts_of(op).is_sum()) kept.push_back(op);
    result.operations = static_cast<growing<operation>&&>(kept);
  }

  static constexpr operand as_operand(const operand& x) { return x; }
  static constexpr operand as_operand(const row& x) { return x.value; }
  constexpr operand as_operand(uniform x) const { return of_this_term(x); }

  /// As many positions and columns as any operand has.
  constexpr tensor::extents widest(const operand_list& inputs) const {
    tensor::extents shape = tensor::vector_of(1);
    std::size_t columns = 1, positions = 1;
    for (const operand& x : inputs) {
      if (x.is_parameter()) columns = larger(columns, result.parameters[x.parameter()].shape.size());
      if (!x.is_value()) continue;
      const tensor::extents& candidate = result.values[x.value()].shape;
      columns = larger(columns, candidate.columns());
      const std::size_t own = candidate.positions();
      if (own < positions || (own == positions && candidate.rank < shape.rank)) continue;
      shape = candidate;
      positions = own;
    }
    return tensor::with_columns(shape, columns);
  }
  static constexpr std::size_t larger(std::size_t a, std::size_t b) { return a > b ? a : b; }

  /// Whether an operation makes each number of one number of an image, and never a smaller one of a larger.
  constexpr bool rises_with_image(const operation& op) const {
    if (facts_of(op).fuses != fusing::expression || op.outputs.size() != 1) return false;
    std::size_t images = 0, which = 0;
    for (std::size_t k = 0; k < op.inputs.size(); ++k) {
      if (!op.inputs[k].is_value()) continue;
      ++images;
      which = k;
    }
    return images == 1 && result.shape(op.inputs[which]) == result.shape(op.outputs[0]) &&
           expr::is_rising(result.expressions[op.expression], which);
  }

  constexpr row scaled(const operand& x, double factor, tensor::extents shape) {
    operand_list inputs;
    inputs.push_back(x);
    return elementwise(product_with(factor), inputs, shape, !x.is_value());
  }
  std::int32_t random_streams_ = 0;
  numbered<parameter_id, value_id> next_; // for each state the value that it will have
};

} // namespace fusegrad::graph
