// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <fusegrad/base/growing.hpp>
#include <fusegrad/expr/expression.hpp>
#include <fusegrad/expr/recorded.hpp>
#include <fusegrad/graph/graph.hpp>
#include <fusegrad/graph/operations.hpp>
#include <fusegrad/graph/scope.hpp>
#include <fusegrad/graph/shape_rules.hpp>
#include <fusegrad/graph/wire.hpp>

namespace fusegrad::graph {

namespace detail {
template <int> inline constexpr int two_places = 0;
} // namespace detail

/// Writes operations of any kind to a graph, and keeps their rules; `emitter` has a word for each of them.
class writer : public scope {
public:
  graph result;

  constexpr writer() = default;
  constexpr explicit writer(emission how) : how_{how} {}

  [[nodiscard]] constexpr bool is_training() const { return how_.is_training; }
  /// Whether dropout draws what it hides.
  [[nodiscard]] constexpr bool draws_masks() const { return how_.is_training || how_.is_sampled; }
  [[nodiscard]] constexpr bool is_observed() const { return how_.is_observed; }
  [[nodiscard]] constexpr bool is_frozen() const { return how_.is_frozen; }

  /// What the terms of the loss count of each sample: this many times.
  constexpr void weigh_samples(const row& weight) { sample_weight_ = weight; }
  [[nodiscard]] constexpr const row& sample_weight() const { return sample_weight_; }

  /// Until `leave_frozen` layers work as in inference, and parameters that are made are not trained.
  constexpr emission enter_frozen() {
    const emission before = how_;
    how_.is_training = how_.is_sampled = false;
    how_.is_frozen = true;
    return before;
  }
  constexpr void leave_frozen(emission before) { how_ = before; }

  /// From here on `loss_scale` is that of this term of the loss.
  constexpr void enter_loss_term(std::size_t term) { loss_scale_ = loss_scale_of(term); }

  /// Writes an operation, if it keeps the rules of its kind, and gives back what it makes. `shapes` are those of its
  /// results, where the operation leaves a choice; they are completed. By reference: in constant evaluation a copy of
  /// such a list costs more than all that is done with it.
  constexpr wire write(const operation& op, shape_list& shapes, bool is_of_batch = false) {
    std::size_t number = write_values(op, shapes, is_of_batch);
    wire made;
    made.reserve(shapes.size());
    for (const tensor::extents& shape : shapes) made.push_back({result.values.number(number++), shape});
    return made;
  }
  constexpr wire write(const operation& op, tensor::extents shape) {
    shape_list shapes;
    shapes.push_back(shape);
    return write(op, shapes);
  }
  constexpr wire write(const operation& op) {
    shape_list shapes;
    return write(op, shapes);
  }
  /// The same of an operation that makes one value: no list of them.
  constexpr row write_row(const operation& op, shape_list& shapes, bool is_of_batch = false) {
    const std::size_t number = write_values(op, shapes, is_of_batch);
    return {result.values.number(number), shapes[0]};
  }
  constexpr row write_row(const operation& op, const tensor::extents& shape, bool is_of_batch = false) {
    shapes_.clear();
    shapes_.push_back(shape);
    return write_row(op, shapes_, is_of_batch);
  }

  /// The number of a function. To make an expression of it takes a compiler longer than all else that is written of a
  /// layer, so those that stand there already are looked for by where they were recorded.
  template <class Recipe, std::size_t Arity> constexpr expression_id interned() {
    // g++ compares no addresses in a constant expression where it is told that any may be null, as by
    // -fsanitize=undefined. A unit that is compiled so comes to the same number, later.
    constexpr bool can_compare = __builtin_constant_p(&detail::two_places<0> == &detail::two_places<1>);
    const void* const at = &expr::recorded<Recipe, Arity>;
    if constexpr (can_compare)
      for (const interned_recording& known : interned_)
        if (known.at == at) return known.expression;
    const expression_id made = result.intern(expr::recording_of<Recipe, Arity>().body);
    if constexpr (can_compare) interned_.push_back({at, made});
    return made;
  }
  /// The same of a generic function of so many arguments.
  template <std::size_t Arity, class F> constexpr expression_id interned(F) {
    return interned<expr::recipe_of<F>, Arity>();
  }

protected:
  [[nodiscard]] constexpr uniform of_this_term(uniform u) const { return u == uniform::loss_scale ? loss_scale_ : u; }

  // Asked of all that every operation reads, so what is known makes no violation: in constant evaluation to make an
  // empty one takes longer than to look.
  constexpr bool is_known(const row& x) {
    if (result.values.has(x.value) && result.values[x.value].shape == x.shape) return true;
    return keeps(shape_rules::known_value(result, x.value, x.shape));
  }
  constexpr bool is_known(parameter_id p) {
    return result.parameters.has(p) || keeps(shape_rules::known_parameter(result, p));
  }
  constexpr bool is_known(uniform) { return true; }
  constexpr bool is_known(const operand& x) {
    if (x.is_value() && result.values.has(x.value())) return true;
    return keeps(shape_rules::known_operand(result, x));
  }
  constexpr bool all_known(const operand_list& inputs) {
    for (const operand& x : inputs)
      if (!is_known(x)) return false;
    return true;
  }

  // What an operation that breaks a rule hands on.
  constexpr row stand_in(tensor::extents shape) { return {result.add_value(shape, false), shape}; }
  constexpr wire stand_ins(const growing<std::size_t>& widths) {
    wire parts;
    for (std::size_t width : widths) parts.push_back(stand_in(tensor::vector_of(width)));
    return parts;
  }

  static constexpr operation bare(kind what) {
    operation op;
    op.what = what;
    return op;
  }
  constexpr operation windowed(kind what, const window& seen, parameter_id weight = parameter_id::none) {
    operation op = bare(what);
    op.window = result.intern(seen);
    op.parameter = weight;
    return op;
  }
  constexpr const operation* maker_of(value_id v) const {
    for (std::size_t i = result.operations.size(); i-- > 0;)
      for (value_id made : result.operations[i].outputs)
        if (made == v) return &result.operations[i];
    return nullptr;
  }
  constexpr row unary(operation op, const row& x) {
    if (!is_known(x)) return stand_in(x.shape);
    op.inputs.push_back(x.value);
    shapes_.clear();
    return write_row(op, shapes_);
  }
  constexpr row unary(kind what, const row& x) { return unary(bare(what), x); }
  /// A sum of numbers as they are; fusion makes it one of an expression.
  constexpr row summed(kind what, const row& x, uniform weight = uniform::one) {
    operation op = bare(what);
    if (identity_ == expression_id::none) identity_ = result.intern(expr::identity_expression());
    op.expression = identity_;
    op.weight = weight;
    return unary(static_cast<operation&&>(op), x);
  }
  constexpr row binary(operation op, const row& x, const row& y) {
    if (!is_known(x) || !is_known(y)) return stand_in(tensor::vector_of(1));
    op.inputs.push_back(x.value);
    op.inputs.push_back(y.value);
    shapes_.clear();
    return write(op, shapes_).back();
  }

  /// The number of the function that multiplies with a factor: equal layers ask for the same one.
  constexpr expression_id product_with(double factor) {
    const auto bits = std::bit_cast<std::uint64_t>(factor); // zero has a sign
    for (const interned_product& known : products_)
      if (known.factor == bits) return known.expression;
    expr::builder b;
    growing<int> product;
    product.push_back(b.make(expr::operation::multiply, b.argument(0), b.constant(factor)));
    const expression_id made = result.intern(expr::compact(b, product, 1));
    products_.push_back({bits, made});
    return made;
  }

private:
  /// What the values and parameters are like that an operation reads.
  struct reading {
    bool depends_on_parameter = false, has_row_of_batch = false, has_row_of_sample = false;
  };

  /// Writes an operation, and gives back the number of the first value that it makes; the others follow.
  constexpr std::size_t write_values(const operation& op, shape_list& shapes, bool is_of_batch) {
    const operation_facts& facts = facts_of(op);
    reading found;
    const bool is_sound = keeps_rules(facts, op, found, shapes);
    // What an operation that breaks a rule would make is handed on, and made by nothing.
    while (!is_sound && shapes.size() < 2 && !facts.is_sum()) shapes.push_back(tensor::vector_of(1));
    const bool depends = is_sound && found.depends_on_parameter;
    const bool makes_one_row = facts.sums_batch || (is_sound && makes_row_of_batch(facts, found, is_of_batch));
    const std::size_t first = result.values.size(), count = shapes.size();
    if (is_sound) result.operations.push_back(op);
    for (std::size_t i = 0; i < count; ++i) {
      result.values.push_back({shapes[i], depends, makes_one_row});
      if (is_sound) result.operations.back().outputs.push_back(result.values.number(first + i));
    }
    return first;
  }

  /// A factor, and the number of the function that multiplies with it.
  struct interned_product {
    std::uint64_t factor; ///< its bits
    expression_id expression;
  };
  /// Where a function was recorded, and its number.
  struct interned_recording {
    const void* at;
    expression_id expression;
  };

  /// Whether all that an operation reads is there, and fits; completes the shapes of its results.
  constexpr bool keeps_rules(const operation_facts& facts, const operation& op, reading& found, shape_list& shapes) {
    const operand* const inputs = op.inputs.begin();
    for (std::size_t i = 0, count = op.inputs.size(); i < count; ++i)
      if (!reads(facts, inputs[i], found)) return false;
    if (op.parameter != parameter_id::none) {
      if (!is_known(op.parameter)) return false;
      if (result.parameters[op.parameter].is_trained) found.depends_on_parameter = true;
    }
    if (facts.is_random && !keeps(shape_rules::training_only(draws_masks()))) return false;
    if (facts.sums_batch && !keeps(shape_rules::training_only(how_.is_training))) return false;
    return keeps(facts.shape(result, op, shapes));
  }
  /// Looks at one thing that an operation reads: once for all that is asked of it.
  constexpr bool reads(const operation_facts& facts, const operand& x, reading& found) {
    if (x.is_value()) {
      const value_id v = x.value();
      if (!result.values.has(v)) return is_known(x);
      const value& read = result.values[v];
      if (read.needs_gradient) found.depends_on_parameter = true;
      (read.is_of_batch ? found.has_row_of_batch : found.has_row_of_sample) = true;
      return !read.is_of_batch || facts.takes_row_of_batch || keeps(shape_rules::row_for_each_sample(result, x));
    }
    if (!is_known(x)) return false;
    if (x.is_parameter() && result.parameters[x.parameter()].is_trained) found.depends_on_parameter = true;
    return true;
  }
  /// Whether an operation makes one row for the whole batch: where it reads only such, or, reading no row, where
  /// that is asked for.
  static constexpr bool makes_row_of_batch(const operation_facts& facts, const reading& found, bool is_of_batch) {
    return facts.takes_row_of_batch && !found.has_row_of_sample && (found.has_row_of_batch || is_of_batch);
  }

  emission how_;
  shape_list shapes_; ///< of what is being written: to start such a list takes longer than to fill it
  growing<interned_recording> interned_;
  growing<interned_product> products_;
  expression_id identity_ = expression_id::none; ///< the number of the function that changes nothing
  row sample_weight_{value_id::none, {}};
  uniform loss_scale_ = uniform::loss_scale;
};

} // namespace fusegrad::graph
