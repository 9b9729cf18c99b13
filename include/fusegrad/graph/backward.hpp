// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/growing.hpp>
#include <fusegrad/graph/elementwise_derivative.hpp>
#include <fusegrad/graph/emitter.hpp>

namespace fusegrad::graph {

/// Appends the backward pass of every `loss_term` to the graph: one derivative rule for each kind of operation, each in terms
/// of the same set of operations. The gradient with respect to what does not depend on a parameter is never formed.
class backward_pass {
public:
  constexpr explicit backward_pass(emitter& e) : e_{e}, g_{e.result} {
    contributions_.resize(g_.values.size());
    for (std::size_t i = g_.operations.size(); i-- > 0;) differentiate(i);
    note_gradients_of_marks();
  }

private:
  constexpr void differentiate(std::size_t i) {
    const operation op = g_.operations[i];
    if (op.what == kind::loss_term) {
      contribute(op.inputs[0], {source::uniform, op.slot});
      return;
    }
    if (!has_gradient(op)) return;
    switch (op.what) {
    case kind::matrix_product: return matrix_product(op);
    case kind::elementwise: return elementwise(op);
    case kind::row_sum: return contribute(op.inputs[0], gradient(op.outputs[0]));
    case kind::batch_sum: return batch_sum(op);
    case kind::softmax: return softmax(op);
    case kind::log_softmax: return log_softmax(op);
    case kind::softmax_cross_entropy: return softmax_cross_entropy(op);
    case kind::split: return split(op);
    case kind::concat: return concat(op);
    // Read no parameter, or make nothing that others read.
    case kind::input:
    case kind::random:
    case kind::weight_gradient:
    case kind::column_sum:
    case kind::total_sum:
    case kind::loss_term:
    case kind::observe: return;
    }
  }

  constexpr void matrix_product(const operation& op) {
    const row dy = gradient_row(op.outputs[0]);
    const operand x = op.inputs[0];
    // A state's next value would stand where its gradient would be summed.
    if (g_.parameters[static_cast<std::size_t>(op.parameter)].is_trained) {
      operation dw;
      dw.what = kind::weight_gradient;
      dw.inputs.push_back(x);
      dw.inputs.push_back({source::value, dy.value});
      dw.parameter = op.parameter;
      g_.operations.push_back(static_cast<operation&&>(dw));
    }
    if (!g_.depends_on_parameter(x)) return;
    g_.parameters[static_cast<std::size_t>(op.parameter)].needs_transpose = true;
    operation dx;
    dx.what = kind::matrix_product;
    dx.inputs.push_back({source::value, dy.value});
    dx.parameter = op.parameter;
    dx.transposed = true;
    contribute(x, append(dx, value_of(x).shape));
  }

  constexpr void elementwise(const operation& op) {
    for (std::size_t k = 0; k < op.inputs.size(); ++k) {
      const operand x = op.inputs[k];
      if (!g_.depends_on_parameter(x)) continue;
      operand_list dy;
      for (int out : op.outputs) dy.push_back(gradient(out));
      const elementwise_gradient* d = derivatives_.find(g_, op, k, dy);
      if (d->expression < 0) continue; // zero by construction
      operand_list inputs;
      for (int used : d->used) inputs.push_back(operand_of(op, dy, used));
      const tensor::extents shape = value_of({source::value, op.outputs[0]}).shape;
      contribute(x, append_elementwise(d->expression, inputs, shape, g_.is_of_batch(op.outputs[0])));
    }
  }

  /// Arguments of a derivative are numbered: the operation's inputs, the gradients of its outputs, its outputs.
  static constexpr operand operand_of(const operation& op, const operand_list& dy, int argument) {
    auto i = static_cast<std::size_t>(argument);
    if (i < op.inputs.size()) return op.inputs[i];
    i -= op.inputs.size();
    if (i < dy.size()) return dy[i];
    return {source::value, op.outputs[i - dy.size()]};
  }

  /// Every sample has the gradient of the sum.
  constexpr void batch_sum(const operation& op) {
    const operand dy = gradient(op.outputs[0]);
    if (op.slot < 0) return contribute(op.inputs[0], dy);
    operand_list inputs;
    inputs.push_back(dy);
    inputs.push_back({source::uniform, op.slot});
    const auto multiply = [](auto d, auto weight) { return d * weight; };
    const int product = g_.intern(expr::recording_of<expr::source_of<decltype(multiply)>, 2>().body);
    contribute(op.inputs[0], operand{source::value, append_elementwise(product, inputs, row_of(op.outputs[0]).shape, true).value});
  }

  constexpr void softmax(const operation& op) {
    const row y = row_of(op.outputs[0]), dy = gradient_row(op.outputs[0]);
    const row sum = e_.row_sum(e_.map([](auto a, auto b) { return a * b; }, y, dy));
    contribute(op.inputs[0], e_.map([](auto out, auto d, auto total) { return out * (d - total); }, y, dy, sum));
  }

  constexpr void log_softmax(const operation& op) {
    const row y = row_of(op.outputs[0]), dy = gradient_row(op.outputs[0]);
    const row sum = e_.row_sum(dy);
    contribute(op.inputs[0], e_.map([](auto out, auto d, auto total) { return d - exp(out) * total; }, y, dy, sum));
  }

  constexpr void softmax_cross_entropy(const operation& op) {
    operand_list inputs;
    for (int v : {op.outputs[0], op.outputs[1], op.inputs[1].index}) inputs.push_back({source::value, v});
    inputs.push_back(gradient(op.outputs[2]));
    const auto rule = [](auto probability, auto target_sum, auto target, auto dy) { return (probability * target_sum - target) * dy; };
    contribute(op.inputs[0], e_.map(expr::recording_of<expr::source_of<decltype(rule)>, 4>(), inputs, sharing::shared));
  }

  constexpr void split(const operation& op) {
    wire parts;
    for (int out : op.outputs) parts.push_back(gradient_row(out));
    contribute(op.inputs[0], e_.concat(parts));
  }

  constexpr void concat(const operation& op) {
    growing<std::size_t> widths;
    for (const operand& x : op.inputs) widths.push_back(value_of(x).shape.size());
    const wire parts = e_.split(gradient_row(op.outputs[0]), widths);
    for (std::size_t i = 0; i < op.inputs.size(); ++i) contribute(op.inputs[i], parts[i]);
  }

  constexpr bool has_gradient(const operation& op) const {
    for (int out : op.outputs)
      if (static_cast<std::size_t>(out) < contributions_.size() && !contributions_[static_cast<std::size_t>(out)].empty()) return true;
    return false;
  }

  /// The sum of all that contributes to the gradient of a value; zero where nothing does.
  constexpr operand gradient(int v) {
    growing<operand>& terms = contributions_[static_cast<std::size_t>(v)];
    if (terms.empty()) terms.push_back({source::value, append_elementwise(constant_zero(), {}, row_of(v).shape, g_.is_of_batch(v)).value});
    while (terms.size() > 1) {
      operand_list pair;
      pair.push_back(terms[0]);
      pair.push_back(terms[1]);
      const auto add = [](auto a, auto b) { return a + b; };
      const int expression = g_.intern(expr::recording_of<expr::source_of<decltype(add)>, 2>().body);
      growing<operand> rest;
      rest.push_back({source::value, append_elementwise(expression, pair, row_of(v).shape, g_.is_of_batch(v)).value});
      for (std::size_t i = 2; i < terms.size(); ++i) rest.push_back(terms[i]);
      terms = rest;
    }
    return terms[0];
  }

  /// The same as a value of full width, for operations that read rows.
  constexpr row gradient_row(int v) {
    const operand d = gradient(v);
    const bool has_its_form = d.from == source::value && value_of(d).shape.size() == row_of(v).width() && value_of(d).is_of_batch == g_.is_of_batch(v);
    if (has_its_form) return {d.index, row_of(v).shape};
    operand_list inputs;
    inputs.push_back(d);
    const auto copy = [](auto x) { return x; };
    const row full = append_elementwise(g_.intern(expr::recording_of<expr::source_of<decltype(copy)>, 1>().body), inputs, row_of(v).shape, g_.is_of_batch(v));
    contributions_[static_cast<std::size_t>(v)][0] = {source::value, full.value};
    return full;
  }

  constexpr int constant_zero() {
    expr::builder b;
    growing<int> results;
    results.push_back(b.constant(0));
    return g_.intern(expr::compact(b, results, 0));
  }

  constexpr void contribute(const operand& to, const row& d) {
    const std::size_t columns = d.width();
    if (to.from == source::parameter) return contribute_to_parameter(to, d);
    if (!value_of(to).needs_gradient) return;
    row sum = d;
    if (value_of(to).is_of_batch && !g_.is_of_batch(d.value)) sum = e_.batch_sum(d);
    const bool repeated = value_of(to).shape.size() == 1 && columns > 1;
    contribute(to, operand{source::value, repeated ? e_.row_sum(sum).value : sum.value});
  }
  constexpr void contribute(const operand& to, const operand& d) {
    if (to.from == source::value && value_of(to).needs_gradient) contributions_[static_cast<std::size_t>(to.index)].push_back(d);
  }
  constexpr void contribute_to_parameter(const operand& to, const row& d) {
    operation sum;
    sum.what = g_.parameter_size(to.index) == d.width() ? kind::column_sum : kind::total_sum;
    sum.inputs.push_back({source::value, d.value});
    sum.parameter = to.index;
    g_.operations.push_back(static_cast<operation&&>(sum));
  }

  constexpr row append(operation& op, tensor::extents shape, bool is_of_batch = false) {
    const int v = g_.add_value(shape, false, is_of_batch);
    op.outputs.push_back(v);
    g_.operations.push_back(static_cast<operation&&>(op));
    return {v, shape};
  }
  constexpr row append_elementwise(int expression, operand_list inputs, tensor::extents shape, bool is_of_batch) {
    operation op;
    op.what = kind::elementwise;
    op.inputs = inputs;
    op.expression = expression;
    return append(op, shape, is_of_batch);
  }

  constexpr void note_gradients_of_marks() {
    for (layer_mark& m : g_.marks) {
      m.input_gradient = known_gradient(m.input);
      m.output_gradient = known_gradient(m.output);
    }
  }
  constexpr int known_gradient(int v) {
    const auto i = static_cast<std::size_t>(v);
    return i < contributions_.size() && !contributions_[i].empty() ? gradient_row(v).value : -1;
  }

  constexpr const value& value_of(const operand& x) const { return g_.values[static_cast<std::size_t>(x.index)]; }
  constexpr row row_of(int v) const { return {v, g_.values[static_cast<std::size_t>(v)].shape}; }

  emitter& e_;
  graph& g_;
  growing<growing<operand>> contributions_;
  elementwise_derivatives derivatives_;
};

/// Appends the backward pass; what came before is the forward pass.
constexpr void append_backward(emitter& e) {
  e.result.forward_operations = static_cast<int>(e.result.operations.size());
  backward_pass{e};
}

} // namespace fusegrad::graph
