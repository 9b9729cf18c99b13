// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <fusegrad/base/growing.hpp>
#include <fusegrad/base/numbered_lists.hpp>
#include <fusegrad/graph/elementwise_derivative.hpp>
#include <fusegrad/graph/emitter.hpp>
#include <fusegrad/graph/operations.hpp>
#include <utility>

namespace fusegrad::graph {

/// Appends the backward pass of every `loss_term` to the graph: each operation by the rule of its kind, in terms of the
/// same set of operations. The gradient with respect to what does not depend on a parameter is never formed.
class backward_pass {
public:
  constexpr explicit backward_pass(emitter& e) : emit{e}, g{e.result} {
    contributions_.resize(g.values.size());
    for (std::size_t i = g.operations.size(); i-- > 0;) differentiate(i);
    note_gradients_of_marks();
  }
  /// In place of the loss, of one number of each sample, with `one` where it begins: nothing is summed over samples.
  constexpr backward_pass(emitter& e, value_id number, const row& one) : emit{e}, g{e.result} {
    contributions_.resize(g.values.size());
    contributions_.add(number, one.value);
    for (std::size_t i = g.operations.size(); i-- > 0;)
      if (!facts_of(g.operations[i]).is_sum()) differentiate(i);
  }

  // What the rules of operations are written with.
  emitter& emit;
  graph& g;
  elementwise_derivatives derivatives;

  [[nodiscard]] constexpr row row_of(value_id v) const { return {v, g.values[v].shape}; }
  [[nodiscard]] constexpr tensor::extents shape_of(const operand& x) const { return g.values[x.value()].shape; }

  /// The sum of all that contributes to the gradient of a value; zero where nothing does.
  constexpr operand gradient(value_id v) {
    if (contributions_.has_one(v)) return contributions_.item(contributions_.first(v));
    if (contributions_.empty(v))
      return now_is(v, emit.elementwise(constant_zero(), {}, shape_of(v), g.is_of_batch(v)).value);
    const expression_id sum = emit.interned<2>([](auto a, auto b) { return a + b; });
    auto at = contributions_.first(v);
    operand total = contributions_.item(at);
    while ((at = contributions_.next(at)) != contributions_.none) {
      operand_list pair;
      pair.push_back(total);
      pair.push_back(contributions_.item(at));
      total = emit.elementwise(sum, pair, shape_of(v), g.is_of_batch(v)).value;
    }
    return now_is(v, total);
  }

  /// The same as a value of full width, for operations that read rows.
  constexpr row gradient_row(value_id v) {
    const operand d = gradient(v);
    if (d.is_value() && g.shape(d) == g.shape(v) && g.is_of_batch(d.value()) == g.is_of_batch(v))
      return {d.value(), shape_of(v)};
    operand_list inputs;
    inputs.push_back(d);
    const row full =
        emit.elementwise(emit.interned<1>([](auto x) { return x; }), inputs, shape_of(v), g.is_of_batch(v));
    now_is(v, full.value);
    return full;
  }

  /// Adds to the gradient of what an operation reads.
  constexpr void contribute(const operand& to, const row& d) {
    if (to.is_parameter()) return contribute_to_parameter(to.parameter(), d);
    if (!g.depends_on_parameter(to)) return;
    // What was repeated has the sum of what its copies have.
    row sum = d;
    if (g.is_of_batch(to.value()) && !g.is_of_batch(d.value)) sum = emit.batch_sum(d);
    if (g.shape(to).positions() == 1 && sum.shape.positions() > 1) sum = emit.position_sum(sum);
    if (g.shape(to).columns() == 1 && sum.shape.columns() > 1) sum = emit.row_sum(sum);
    contribute(to, operand(sum.value));
  }
  constexpr void contribute(const operand& to, const operand& d) {
    if (to.is_value() && g.depends_on_parameter(to)) contributions_.add(to.value(), d);
  }

private:
  constexpr void differentiate(std::size_t i) {
    const operation op = g.operations[i];
    if (facts_of(op).into != sum_into::loss && !has_gradient(op)) return;
    constexpr auto each_rule = []<std::size_t... K>(std::index_sequence<K...>) {
      return std::array<void (*)(backward_pass&, const operation&), kind_count>{
          &rules<kind{K}>::template differentiate<backward_pass>...};
    }(std::make_index_sequence<kind_count>{});
    each_rule[static_cast<std::size_t>(op.what)](*this, op);
  }

  constexpr bool has_gradient(const operation& op) const {
    for (value_id out : op.outputs)
      if (has_contribution(out)) return true;
    return false;
  }

  constexpr expression_id constant_zero() { return g.intern(expr::constant_expression(0)); }

  constexpr void contribute_to_parameter(parameter_id to, const row& d) {
    operation sum;
    sum.what = g.parameter_size(to) == d.shape.columns() ? kind::column_sum : kind::total_sum;
    sum.inputs.push_back(d.value);
    sum.parameter = to;
    emit.write(sum);
  }

  constexpr void note_gradients_of_marks() {
    for (layer_mark& m : g.marks) {
      m.input_gradient = known_gradient(m.input);
      m.output_gradient = known_gradient(m.output);
    }
  }
  constexpr value_id known_gradient(value_id v) { return has_contribution(v) ? gradient_row(v).value : value_id::none; }

  constexpr operand now_is(value_id v, const operand& gradient) {
    contributions_.clear(v);
    contributions_.add(v, gradient);
    return gradient;
  }
  /// Values that the backward pass makes have none.
  constexpr bool has_contribution(value_id v) const {
    return static_cast<std::size_t>(v) < contributions_.size() && !contributions_.empty(v);
  }

  numbered_lists<value_id, operand> contributions_;
};

/// Appends the backward pass; what came before is the forward pass.
constexpr void append_backward(emitter& e) {
  e.result.forward_operations = e.result.operations.size();
  backward_pass{e};
}

} // namespace fusegrad::graph
