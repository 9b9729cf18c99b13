// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <fusegrad/base/growing.hpp>
#include <fusegrad/expr/differentiate.hpp>
#include <fusegrad/graph/emitter.hpp>
#include <fusegrad/graph/operations.hpp>
#include <fusegrad/graph/tangent.hpp>
#include <string_view>
#include <utility>

namespace fusegrad::graph {

/// What the name of a parameter that says how another one moves begins with.
inline constexpr std::string_view direction_prefix = "direction.";

/// Gives each parameter that is trained a second one of its shape, a state that says how it moves.
constexpr void add_directions(emitter& e) {
  const auto before = e.enter_shared("");
  const std::size_t count = e.result.parameters.size();
  for (std::size_t i = 0; i < count; ++i) {
    const parameter of = e.result.parameters[i];
    if (!of.is_trained) continue;
    growing<char> name;
    for (char c : direction_prefix) name.push_back(c);
    for (char c : of.name) name.push_back(c);
    const char* const begin = name.begin(); // g++ asks of each type of address anew whether it is an iterator
    parameter& made = e.result.parameters[e.state({begin, name.size()}, of.shape, 0)];
    made.groups = of.groups;
    made.is_matrix = of.is_matrix;
    made.meets_images = of.meets_images;
  }
  e.leave_shared(before);
}

/// Replaces the loss by its derivative along the directions of the parameters: forward mode through all that there is.
/// The gradient of that is the product of the Hessian with the direction.
class direction_pass {
public:
  constexpr explicit direction_pass(emitter& e) : emit{e}, g{e.result} {
    for (std::size_t i = 0; i < g.parameters.size(); ++i) directions_.push_back(direction_of(g.parameters[i]));
    const std::size_t count = g.operations.size();
    growing<operation> losses;
    for (std::size_t i = 0; i < count; ++i) {
      const operation op = g.operations[i];
      while (known_.size() < g.values.size()) known_.push_back(value_id::none);
      if (facts_of(op).into == sum_into::loss) losses.push_back(op);
      if (!facts_of(op).is_sum() && !facts_of(op).is_given) apply_rule(op);
    }
    drop_losses();
    for (operation op : losses) {
      op.inputs[0] = operand(tangent_row(op.inputs[0]).value);
      emit.write(op);
    }
  }

  // What the rules of operations are written with.
  emitter& emit;
  graph& g;

  [[nodiscard]] constexpr value_id tangent(const operand& x) const {
    return x.is_value() && known_.has(x.value()) ? known_[x.value()] : value_id::none;
  }
  constexpr row tangent_row(const operand& x) {
    const tensor::extents shape = g.shape(x);
    const value_id t = tangent(x);
    if (t != value_id::none) return {t, shape};
    expr::builder b;
    growing<int> result;
    result.push_back(b.constant(0));
    return emit.elementwise(g.intern(expr::compact(b, result, 0)), {}, shape);
  }
  constexpr void set(value_id of, const row& made) { known_[of] = made.value; }
  [[nodiscard]] static constexpr bool is_second_order() { return false; }

  /// What is linear in its values, and in its weight.
  constexpr void same_operation(const operation& op) {
    wire sum;
    bool moves_at_all = false;
    for (const operand& x : op.inputs) moves_at_all = moves_at_all || tangent(x) != value_id::none;
    if (moves_at_all) {
      operation of_values = op;
      of_values.inputs.clear();
      for (const operand& x : op.inputs) of_values.inputs.push_back(tangent_row(x).value);
      sum = again(op, of_values);
    }
    if (op.parameter != parameter_id::none && directions_[op.parameter] != parameter_id::none) {
      operation of_weight = op;
      of_weight.parameter = directions_[op.parameter];
      if (op.transposed && g.parameters[op.parameter].needs_transpose)
        g.parameters[of_weight.parameter].needs_transpose = true;
      const wire made = again(op, of_weight);
      for (std::size_t k = 0; k < made.size(); ++k) {
        const tensor::extents shape = made[k].shape;
        if (!moves_at_all)
          sum.push_back(made[k]);
        else
          sum[k] = emit.map([](auto a, auto b) { return a + b; }, sum[k], made[k]);
        sum[k].shape = shape;
      }
    }
    for (std::size_t k = 0; k < sum.size(); ++k) set(op.outputs[k], sum[k]);
  }

  /// The chain rule, where parameters move as values do.
  constexpr void elementwise(const operation& op) {
    const std::size_t inputs = op.inputs.size(), at_once = inputs < most_operands ? most_operands - inputs : 1;
    for (std::size_t which = 0; which < op.outputs.size(); ++which) {
      wire terms;
      growing<std::size_t> some;
      for (std::size_t i = 0; i < inputs; ++i) {
        if (moves(op.inputs[i])) some.push_back(i);
        if (some.empty() || (some.size() < at_once && i + 1 < inputs)) continue;
        if (const row term = slope(op, which, some); term.value != value_id::none) terms.push_back(term);
        some.clear();
      }
      if (terms.empty()) continue;
      row sum = terms[0];
      for (std::size_t i = 1; i < terms.size(); ++i)
        sum = emit.map([](auto a, auto b) { return a + b; }, sum, terms[i]);
      set(op.outputs[which], sum);
    }
  }

  constexpr void refuse(const operation& op) {
    for (const operand& x : op.inputs)
      if (tangent(x) != value_id::none) {
        emit.keeps({rule::has_tangent, g.shape(x), {}});
        return;
      }
  }

private:
  constexpr parameter_id direction_of(const parameter& of) const {
    for (std::size_t i = 0; i < g.parameters.size(); ++i) {
      const growing<char>& name = g.parameters[i].name;
      if (name.size() != direction_prefix.size() + of.name.size()) continue;
      const std::string_view whole{name.begin(), name.size()};
      if (whole.substr(0, direction_prefix.size()) == direction_prefix &&
          whole.substr(direction_prefix.size()) == std::string_view{of.name.begin(), of.name.size()})
        return g.parameters.number(i);
    }
    return parameter_id::none;
  }
  constexpr void drop_losses() {
    growing<operation> kept;
    for (const operation& op : g.operations)
      if (facts_of(op).into != sum_into::loss) kept.push_back(op);
    g.operations = kept;
  }

  constexpr void apply_rule(const operation& op) {
    constexpr auto each_rule = []<std::size_t... K>(std::index_sequence<K...>) {
      return std::array<void (*)(direction_pass&, const operation&), kind_count>{
          &detail::move_by_rule<kind{K}, direction_pass>...};
    }(std::make_index_sequence<kind_count>{});
    each_rule[static_cast<std::size_t>(op.what)](*this, op);
  }

  constexpr wire again(const operation& op, operation other) {
    other.outputs.clear();
    shape_list shapes;
    for (value_id y : op.outputs) shapes.push_back(g.values[y].shape);
    return emit.write(other, shapes);
  }

  constexpr operand move_of(const operand& x) const {
    return x.is_parameter() ? operand(directions_[x.parameter()]) : operand(tangent(x));
  }
  constexpr bool moves(const operand& x) const {
    if (x.is_parameter()) return directions_[x.parameter()] != parameter_id::none;
    return tangent(x) != value_id::none;
  }

  /// What the moves of some inputs add to the derivative of a result; no row where that is zero by construction.
  constexpr row slope(const operation& op, std::size_t which, const growing<std::size_t>& some) {
    const expr::expression f = g.expressions[op.expression];
    const std::size_t inputs = op.inputs.size(), results = op.outputs.size();
    const int count = static_cast<int>(inputs + some.size() + results);
    expr::recorder r(count);
    growing<int> arguments, seeds;
    growing<operand> all;
    for (std::size_t i = 0; i < inputs; ++i) {
      arguments.push_back(r.build.argument(static_cast<int>(i)));
      seeds.push_back(expr::no_node);
      all.push_back(op.inputs[i]);
    }
    for (std::size_t k = 0; k < some.size(); ++k) {
      seeds[some[k]] = r.build.argument(static_cast<int>(inputs + k));
      all.push_back(move_of(op.inputs[some[k]]));
    }
    for (value_id y : op.outputs) all.push_back(y);
    const growing<int> values = expr::inline_into(r.build, f, arguments);
    const int total = expr::tangents(r, arguments, seeds, values)[which];
    const tensor::extents shape = g.values[op.outputs[which]].shape;
    if (total == expr::no_node) return {value_id::none, shape};
    growing<int> result;
    result.push_back(total);
    growing<expr::replacement> made;
    for (std::size_t k = 0; k < results; ++k)
      if (expr::operand_count(r.build.at(values[k]).op) > 0)
        made.push_back({values[k], static_cast<int>(inputs + some.size() + k)});
    expr::expression d = expr::compact(r.build, result, count, nullptr, &made);
    if (reads_a_row(d, op)) d = expr::compact(r.build, result, count);
    operand_list reads;
    for (int used : expr::keep_used_arguments(d)) reads.push_back(all[static_cast<std::size_t>(used)]);
    const bool is_handed_on =
        reads.size() == 1 && reads[0].is_value() && expr::is_identity(d) && g.shape(reads[0]) == shape;
    if (is_handed_on) return {reads[0].value(), shape};
    return emit.elementwise(g.intern(d), reads, shape, g.is_of_batch(op.outputs[which]));
  }
  static constexpr bool reads_a_row(const expr::expression& f, const operation& op) {
    for (const expr::node& n : f.nodes)
      if (n.op == expr::operation::argument && n.a < op.inputs.size() && op.inputs[n.a].is_value()) return true;
    return false;
  }

  numbered<parameter_id, parameter_id> directions_;
  numbered<value_id, value_id> known_; ///< the derivative of each value
};

} // namespace fusegrad::graph
