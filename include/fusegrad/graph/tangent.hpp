// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <fusegrad/base/growing.hpp>
#include <fusegrad/graph/elementwise_tangent.hpp>
#include <fusegrad/graph/emitter.hpp>
#include <fusegrad/graph/needed.hpp>
#include <fusegrad/graph/operations.hpp>
#include <utility>

namespace fusegrad::graph {

/// factor d/dx_first, or factor d2/(dx_first dx_second). x_k are the columns of the model's inputs, counted through.
struct derivative_term {
  static constexpr std::int32_t no_column = -1;
  std::int32_t first = 0, second = no_column;
  double factor = 1;
  friend constexpr bool operator==(const derivative_term&, const derivative_term&) = default;
};
/// A linear differential operator of at most second order with constant factors. Through a network it is one stream of
/// rows, whatever the number of its terms: only the first derivatives that it is made of come besides.
using differential = growing<derivative_term>;

namespace detail {
template <kind What, class Pass> constexpr void move_by_rule(Pass& pass, const operation& op) {
  if constexpr (rules<What>::is_linear)
    pass.same_operation(op);
  else
    rules<What>::move(pass, op);
}
} // namespace detail

/// Forward mode on the graph: appends operations that make derivatives of values with respect to columns of the model's
/// inputs, each by the rule of its kind and in terms of the same set. A derivative is a value like any other, so that
/// derivatives of it are taken in the same way, and whoever appends the backward pass afterwards differentiates all.
class tangent_pass {
public:
  constexpr explicit tangent_pass(emitter& e) : emit{e}, g{e.result} {}

  // What the rules of operations are written with.
  emitter& emit;
  graph& g;

  /// What `of` becomes under an operator; a row of zeros where it does not depend on what that is by.
  constexpr row derivative(const row& of, const differential& by) {
    if (by.empty()) return constant(0, of.shape);
    for (const derivative_term& t : by) {
      if (t.second == derivative_term::no_column) continue;
      move(of.value, first_order(t.first));
      move(of.value, first_order(t.second));
      find_kinks(of.value, first_order(t.first), 2);
    }
    const std::size_t stream = stream_of(by);
    move(of.value, stream);
    const value_id made = moved(stream, of.value);
    return made == value_id::none ? constant(0, of.shape) : row{made, of.shape};
  }

  /// The derivative by several columns one after the other, of any order.
  constexpr row derivative(row of, growing<std::int32_t> columns) {
    // In one order, so that mixed derivatives share what they begin with.
    for (std::size_t i = 0; i < columns.size(); ++i)
      for (std::size_t k = i + 1; k < columns.size(); ++k)
        if (columns[k] < columns[i]) std::swap(columns[i], columns[k]);
    const value_id function = of.value;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      differential d;
      d.push_back({columns[i], derivative_term::no_column, 1});
      of = derivative(of, d);
      if (i > 0) find_kinks(function, first_order(columns[0]), i + 1);
    }
    return of;
  }

  /// Whether each operation on the way to a value is linear or elementwise: others know no sums of second derivatives.
  [[nodiscard]] constexpr bool knows_second_order(const row& of) const {
    const growing<char> is_needed = operations_on_the_way_to(g, of.value);
    for (std::size_t i = 0; i < is_needed.size(); ++i) {
      const operation_facts& facts = facts_of(g.operations[i]);
      if (is_needed[i] != 0 && !facts.is_linear && !facts.is_given && facts.fuses != fusing::expression) return false;
    }
    return true;
  }

  /// The derivative of a value that an operation reads, in the stream that is being made; none where it does not move.
  [[nodiscard]] constexpr value_id tangent(const operand& x) const {
    return x.is_value() ? moved(now_, x.value()) : value_id::none;
  }
  /// The same as a row, of zeros where it does not move.
  constexpr row tangent_row(const operand& x) {
    const tensor::extents shape = g.shape(x);
    const value_id t = tangent(x);
    return t == value_id::none ? constant(0, shape) : row{t, shape};
  }
  constexpr void set(value_id of, const row& made) { known_[now_][of] = made.value; }

  /// Whether the stream is a sum of second derivatives, of which rules that are neither linear nor elementwise know
  /// nothing.
  [[nodiscard]] constexpr bool is_second_order() const {
    for (const derivative_term& t : streams_[now_])
      if (t.second != derivative_term::no_column) return true;
    return false;
  }

  /// The rule of what is linear in all that it reads together: the same operation on the derivatives.
  constexpr void same_operation(const operation& op) {
    bool moves_at_all = false;
    for (const operand& x : op.inputs) moves_at_all = moves_at_all || tangent(x) != value_id::none;
    if (!moves_at_all) return;
    operation other = op;
    other.inputs.clear();
    other.outputs.clear();
    for (const operand& x : op.inputs) other.inputs.push_back(tangent_row(x).value);
    shape_list shapes;
    for (value_id y : op.outputs) shapes.push_back(g.values[y].shape);
    const wire made = emit.write(other, shapes);
    for (std::size_t k = 0; k < made.size(); ++k) set(op.outputs[k], made[k]);
  }

  /// The rule of expressions.
  constexpr void elementwise(const operation& op) {
    elementwise_mover mover(g, op, tangents_);
    const moves along = moves_of(op, now_);
    for (std::size_t which = 0; which < op.outputs.size(); ++which) {
      const elementwise_tangent t = derivative_of_result(mover, op, which, along);
      if (t.expression == expression_id::none) continue;
      const tensor::extents shape = g.values[op.outputs[which]].shape;
      // Where the slope is 1, as of a bias, the derivative is that of the input.
      if (is_identity(t, shape)) {
        set(op.outputs[which], {t.reads[0].value(), shape});
        continue;
      }
      set(op.outputs[which], emit.elementwise(t.expression, t.reads, shape));
    }
  }

  /// Notes that an operation has no derivative with respect to the inputs.
  constexpr void refuse(const operation& op) {
    for (const operand& x : op.inputs)
      if (tangent(x) != value_id::none) {
        emit.keeps({rule::has_tangent, g.shape(x), {}});
        return;
      }
  }

private:
  static constexpr value_id unknown = static_cast<value_id>(-2);

  constexpr std::size_t stream_of(const differential& by) {
    for (std::size_t s = 0; s < streams_.size(); ++s)
      if (streams_[s] == by) return s;
    streams_.push_back(by);
    known_.push_back({});
    return streams_.size() - 1;
  }
  constexpr std::size_t first_order(std::int32_t column) {
    differential d;
    d.push_back({column, derivative_term::no_column, 1});
    return stream_of(d);
  }
  [[nodiscard]] constexpr value_id moved(std::size_t stream, value_id v) const {
    const value_id known = known_[stream].has(v) ? known_[stream][v] : unknown;
    return known == unknown ? value_id::none : known;
  }

  /// Makes the derivatives of all values on the way to `target`.
  constexpr void move(value_id target, std::size_t stream) {
    const std::size_t count = g.operations.size();
    const growing<char> is_needed =
        operations_on_the_way_to(g, target, [&](value_id v) { return is_known(stream, v); });
    now_ = stream;
    std::size_t column = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const operation op = g.operations[i];
      if (is_needed[i] != 0) {
        while (!known_[stream].has(static_cast<value_id>(g.values.size() - 1))) known_[stream].push_back(unknown);
        for (value_id made : op.outputs) known_[stream][made] = value_id::none;
        if (facts_of(op).is_given)
          seed(op, column);
        else
          apply_rule(op);
      }
      if (facts_of(op).is_given) column += g.width(op.outputs[0]);
    }
  }
  [[nodiscard]] constexpr bool is_known(std::size_t stream, value_id v) const {
    return known_[stream].has(v) && known_[stream][v] != unknown;
  }

  constexpr void apply_rule(const operation& op) {
    constexpr auto each_rule = []<std::size_t... K>(std::index_sequence<K...>) {
      return std::array<void (*)(tangent_pass&, const operation&), kind_count>{
          &detail::move_by_rule<kind{K}, tangent_pass>...};
    }(std::make_index_sequence<kind_count>{});
    each_rule[static_cast<std::size_t>(op.what)](*this, op);
  }

  /// How the columns of an input move: constants side by side, since no operation makes a row of different ones.
  constexpr void seed(const operation& op, std::size_t first) {
    const tensor::extents shape = g.values[op.outputs[0]].shape;
    growing<double> slopes;
    slopes.resize(shape.size());
    bool moves_at_all = false;
    for (const derivative_term& t : streams_[now_]) {
      const auto column = static_cast<std::size_t>(t.first);
      if (t.second != derivative_term::no_column || column < first || column >= first + shape.size()) continue;
      slopes[column - first] += t.factor;
      moves_at_all = true;
    }
    if (!moves_at_all) return;
    wire parts;
    for (std::size_t begin = 0, end = 0; begin < slopes.size(); begin = end) {
      for (end = begin + 1; end < slopes.size() && slopes[end] == slopes[begin];) ++end;
      parts.push_back(constant(slopes[begin], tensor::vector_of(end - begin)));
    }
    const row whole = parts.size() == 1 ? parts[0] : emit.concat(parts);
    set(op.outputs[0], emit.reshape(whole, shape));
  }

  constexpr row constant(double number, tensor::extents shape) {
    return emit.elementwise(g.intern(expr::constant_expression(number)), {}, shape);
  }

  constexpr moves moves_of(const operation& op, std::size_t stream) const {
    moves out;
    for (const operand& x : op.inputs) out.push_back(x.is_value() ? moved(stream, x.value()) : value_id::none);
    return out;
  }
  static constexpr std::size_t moving(const moves& m) {
    std::size_t count = 0;
    for (value_id v : m) count += v != value_id::none ? 1 : 0;
    return count;
  }

  constexpr elementwise_tangent derivative_of_result(elementwise_mover& mover, const operation& op, std::size_t which,
                                                     const moves& along) {
    growing<pair_of_moves> pairs;
    for (const derivative_term& t : streams_[now_]) {
      if (t.second == derivative_term::no_column) continue;
      pairs.push_back({moves_of(op, first_order(t.first)), moves_of(op, first_order(t.second)), t.factor});
    }
    bool is_straight = true;
    for (const pair_of_moves& p : pairs) {
      growing<moves> both;
      both.push_back(p.first);
      both.push_back(p.second);
      is_straight = is_straight && mover.is_flat(which, both);
    }
    if (is_straight) return mover.slope(which, along);
    std::size_t only = 0, count = 0;
    for (std::size_t i = 0; i < op.inputs.size(); ++i) {
      bool is_moving = along[i] != value_id::none;
      for (const pair_of_moves& p : pairs)
        is_moving = is_moving || p.first[i] != value_id::none || p.second[i] != value_id::none;
      if (!is_moving) continue;
      only = i;
      ++count;
    }
    // A single product is worked out again where it is read, instead of being kept.
    if (count == 1 && pairs.size() > 1)
      return mover.curved(which, only, along, sum_of_products(pairs, only, g.shape(op.inputs[only])));
    if (pairs.size() <= most_pairs) return mover.slope(which, along, pairs);
    return in_stages(mover, op, which, along, pairs);
  }
  static constexpr std::size_t most_pairs = 2;

  /// A second derivative of what is made of straight pieces is zero without a word, but for its kinks; so is a third of
  /// bows, as the square of a rectifier.
  constexpr void find_kinks(value_id target, std::size_t stream, std::size_t order) {
    const growing<char> is_needed = operations_on_the_way_to(g, target);
    for (std::size_t i = is_needed.size(); i-- > 0;) {
      const operation& op = g.operations[i];
      if (is_needed[i] != 0 && facts_of(op).fuses == fusing::expression && loses_kinks(op, stream, order))
        emit.keeps({rule::has_curvature, g.shape(op.outputs[0]), {}});
    }
  }
  constexpr bool loses_kinks(const operation& op, std::size_t stream, std::size_t order) {
    const elementwise_mover mover(g, op, tangents_);
    if (!mover.has_kinks()) return false;
    const moves along = moves_of(op, stream);
    if (moving(along) == 0) return false;
    growing<moves> each;
    for (std::size_t i = 0; i < order; ++i) each.push_back(along);
    for (std::size_t which = 0; which < op.outputs.size(); ++which)
      if (mover.is_flat(which, each)) return true;
    return false;
  }

  /// sum c x_k x_l of the moves of one input.
  constexpr value_id sum_of_products(const growing<pair_of_moves>& pairs, std::size_t input, tensor::extents shape) {
    constexpr std::size_t at_once = 6; // two values each, and what was summed before
    value_id sum = value_id::none;
    for (std::size_t begin = 0; begin < pairs.size(); begin += at_once) {
      expr::builder b;
      growing<operand> reads;
      const auto place_of = [&](value_id v) {
        for (std::size_t i = 0; i < reads.size(); ++i)
          if (reads[i] == operand(v)) return b.argument(static_cast<int>(i));
        reads.push_back(v);
        return b.argument(static_cast<int>(reads.size() - 1));
      };
      int total = sum == value_id::none ? expr::no_node : place_of(sum);
      for (std::size_t i = begin; i < pairs.size() && i < begin + at_once; ++i) {
        const value_id x = pairs[i].first[input], y = pairs[i].second[input];
        if (x == value_id::none || y == value_id::none) continue;
        const int first = place_of(x), second = place_of(y);
        int product = b.make(expr::operation::multiply, first, second);
        if (pairs[i].factor != 1) product = b.make(expr::operation::multiply, product, b.constant(pairs[i].factor));
        total = total == expr::no_node ? product : b.make(expr::operation::add, total, product);
      }
      if (total == expr::no_node) continue;
      growing<int> result;
      result.push_back(total);
      operand_list inputs;
      for (const operand& x : reads) inputs.push_back(x);
      sum = emit.elementwise(g.intern(expr::compact(b, result, static_cast<int>(reads.size()))), inputs, shape).value;
    }
    return sum;
  }

  /// More pairs than an operation has operands: some at a time, and their sum.
  constexpr elementwise_tangent in_stages(elementwise_mover& mover, const operation& op, std::size_t which,
                                          const moves& along, const growing<pair_of_moves>& pairs) {
    const tensor::extents shape = g.values[op.outputs[which]].shape;
    moves nothing;
    for (std::size_t i = 0; i < along.size(); ++i) nothing.push_back(value_id::none);
    row sum{value_id::none, shape};
    for (std::size_t begin = 0; begin < pairs.size(); begin += most_pairs) {
      growing<pair_of_moves> some;
      for (std::size_t i = begin; i < pairs.size() && i < begin + most_pairs; ++i) some.push_back(pairs[i]);
      const elementwise_tangent t = mover.slope(which, begin == 0 ? along : nothing, some);
      if (t.expression == expression_id::none) continue;
      const row part = emit.elementwise(t.expression, t.reads, shape);
      sum = sum.value == value_id::none ? part : emit.map([](auto a, auto b) { return a + b; }, sum, part);
    }
    elementwise_tangent out;
    if (sum.value == value_id::none) return out;
    out.expression = g.intern(expr::identity_expression());
    out.reads.push_back(sum.value);
    return out;
  }

  constexpr bool is_identity(const elementwise_tangent& t, const tensor::extents& shape) const {
    return expr::is_identity(g.expressions[t.expression]) && t.reads[0].is_value() && g.shape(t.reads[0]) == shape;
  }

  growing<differential> streams_;
  growing<numbered<value_id, value_id>> known_; ///< for each stream and value its derivative
  growing<known_tangent> tangents_;
  std::size_t now_ = 0; ///< the stream that is being made
};

} // namespace fusegrad::graph
