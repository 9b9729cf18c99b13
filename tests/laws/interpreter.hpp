// SPDX-License-Identifier: MIT
#pragma once

#include "laws/evaluate_node.hpp"

#include <cmath>
#include <cstddef>
#include <fusegrad/graph/graph.hpp>
#include <vector>

namespace fusegrad::test {

/// Numbers of some rows, one after the other.
template <class R> struct table_of {
  std::size_t width = 0;
  std::vector<R> numbers;
  bool is_of_batch = false; ///< one row that all samples have in common
  R& at(std::size_t row, std::size_t column) { return numbers[(is_of_batch ? 0 : row) * width + column]; }
  const R& at(std::size_t row, std::size_t column) const { return numbers[(is_of_batch ? 0 : row) * width + column]; }
};

/// Stands for the random numbers of a step: the laws hold for any.
inline double random_number(int stream, std::size_t row, std::size_t column) {
  const double x = std::sin(static_cast<double>(stream) * 12.9898 + static_cast<double>(row) * 78.233 +
                            static_cast<double>(column) * 37.719) *
                   43758.5453;
  return x - std::floor(x);
}

/// Runs a graph with plain loops over any number type. It shares nothing with the library but the graph itself.
template <class R> class interpreter {
public:
  std::vector<table_of<double>> inputs;   ///< for each input of the graph, one row for each sample
  std::vector<std::vector<R>> parameters; ///< row-major; [out][in] for a matrix
  std::vector<std::vector<R>> gradients;  ///< like the parameters
  double uniforms[graph::uniform_count]{};
  R loss{};
  std::vector<table_of<R>> values;

  void run(const graph::graph& g, std::size_t batch, std::size_t operations) {
    batch_ = batch;
    values.assign(g.values.size(), {});
    gradients.clear();
    for (const auto& p : parameters) gradients.emplace_back(p.size(), R(0.0));
    loss = R(0.0);
    for (std::size_t i = 0; i < operations; ++i) run_one(g, g.operations[i]);
  }

private:
  using kind = graph::kind;

  void run_one(const graph::graph& g, const graph::operation& op) {
    for (graph::value_id v : op.outputs) {
      auto& out = values[static_cast<std::size_t>(v)];
      out.width = g.width(v);
      out.is_of_batch = g.is_of_batch(v);
      out.numbers.assign(batch_ * out.width, R(0.0));
    }
    const std::size_t rows = works_on_batch(g, op) ? 1 : batch_;
    for (std::size_t row = 0; row < rows; ++row) run_row(g, op, row);
  }

  static bool works_on_batch(const graph::graph& g, const graph::operation& op) {
    if (op.what == kind::batch_sum) return false;
    if (!op.outputs.empty()) return g.is_of_batch(op.outputs[0]);
    return op.inputs[0].is_value() && g.is_of_batch(op.inputs[0].value());
  }

  void run_row(const graph::graph& g, const graph::operation& op, std::size_t row) {
    switch (op.what) {
    case kind::input: return input(op, row);
    case kind::matrix_product: return matrix_product(g, op, row);
    case kind::elementwise: return elementwise(g, op, row);
    case kind::row_sum: out(op, 0).at(row, 0) = sum_of(in(op, 0), row); return;
    case kind::softmax: return softmax(op, row, false);
    case kind::log_softmax: return softmax(op, row, true);
    case kind::softmax_cross_entropy: return cross_entropy(op, row);
    case kind::split: return split(op, row);
    case kind::concat: return concat(op, row);
    case kind::weight_gradient: return weight_gradient(op, row);
    case kind::column_sum:
      for (std::size_t k = 0; k < in(op, 0).width; ++k) gradient(op)[k] += in(op, 0).at(row, k);
      return;
    case kind::total_sum: gradient(op)[0] += sum_of(in(op, 0), row); return;
    case kind::random:
      for (std::size_t k = 0; k < out(op, 0).width; ++k) out(op, 0).at(row, k) = R(random_number(op.slot, row, k));
      return;
    case kind::batch_sum:
      for (std::size_t k = 0; k < in(op, 0).width; ++k)
        out(op, 0).at(0, k) += in(op, 0).at(row, k) * R(uniforms[static_cast<std::size_t>(op.weight)]);
      return;
    case kind::observe: return;
    case kind::loss_term: loss += sum_of(in(op, 0), row) * R(uniforms[static_cast<std::size_t>(op.weight)]); return;
    }
  }

  void input(const graph::operation& op, std::size_t row) {
    for (std::size_t k = 0; k < out(op, 0).width; ++k)
      out(op, 0).at(row, k) = R(inputs[static_cast<std::size_t>(op.slot)].at(row, k));
  }

  void matrix_product(const graph::graph& g, const graph::operation& op, std::size_t row) {
    const auto& w = parameters[static_cast<std::size_t>(op.parameter)];
    const std::size_t columns = g.parameters[op.parameter].shape[1];
    for (std::size_t i = 0; i < in(op, 0).width; ++i)
      for (std::size_t o = 0; o < out(op, 0).width; ++o)
        out(op, 0).at(row, o) += in(op, 0).at(row, i) * (op.transposed ? w.at(i * columns + o) : w.at(o * columns + i));
  }

  void weight_gradient(const graph::operation& op, std::size_t row) {
    const auto &x = in(op, 0), &dy = in(op, 1);
    for (std::size_t o = 0; o < dy.width; ++o)
      for (std::size_t i = 0; i < x.width; ++i) gradient(op).at(o * x.width + i) += x.at(row, i) * dy.at(row, o);
  }

  void elementwise(const graph::graph& g, const graph::operation& op, std::size_t row) {
    for (std::size_t column = 0; column < out(op, 0).width; ++column) {
      std::vector<R> arguments;
      for (const graph::operand& x : op.inputs) arguments.push_back(number(x, row, column));
      const auto results = evaluate_plainly(g.expressions[op.expression], arguments);
      for (std::size_t k = 0; k < results.size(); ++k) out(op, k).at(row, column) = results[k];
    }
  }

  R number(const graph::operand& x, std::size_t row, std::size_t column) const {
    if (x.is_value()) {
      const table_of<R>& v = values[static_cast<std::size_t>(x.value())];
      return v.at(row, v.width == 1 ? 0 : column);
    }
    if (!x.is_parameter()) return R(uniforms[static_cast<std::size_t>(x.which_uniform())]);
    const std::vector<R>& p = parameters[static_cast<std::size_t>(x.parameter())];
    return p.size() == 1 ? p[0] : p.at(column);
  }

  void softmax(const graph::operation& op, std::size_t row, bool logarithm) {
    using detail::exp, detail::log;
    const R largest = largest_of(in(op, 0), row), total = sum_of_exponentials(in(op, 0), row, largest);
    for (std::size_t k = 0; k < in(op, 0).width; ++k) {
      const R x = in(op, 0).at(row, k) - largest;
      out(op, 0).at(row, k) = logarithm ? x - log(total) : exp(x) / total;
    }
  }

  void cross_entropy(const graph::operation& op, std::size_t row) {
    using detail::exp, detail::log;
    const auto &logits = in(op, 0), &target = in(op, 1);
    const R largest = largest_of(logits, row), total = sum_of_exponentials(logits, row, largest);
    for (std::size_t k = 0; k < logits.width; ++k) {
      const R x = logits.at(row, k) - largest;
      out(op, 0).at(row, k) = exp(x) / total;
      out(op, 1).at(row, 0) += target.at(row, k);
      out(op, 2).at(row, 0) -= target.at(row, k) * (x - log(total));
    }
  }

  void split(const graph::operation& op, std::size_t row) {
    std::size_t from = 0;
    for (std::size_t k = 0; k < op.outputs.size(); ++k)
      for (std::size_t i = 0; i < out(op, k).width; ++i) out(op, k).at(row, i) = in(op, 0).at(row, from++);
  }
  void concat(const graph::operation& op, std::size_t row) {
    std::size_t to = 0;
    for (std::size_t k = 0; k < op.inputs.size(); ++k)
      for (std::size_t i = 0; i < in(op, k).width; ++i) out(op, 0).at(row, to++) = in(op, k).at(row, i);
  }

  static R sum_of(const table_of<R>& x, std::size_t row) {
    R total = 0.0;
    for (std::size_t k = 0; k < x.width; ++k) total += x.at(row, k);
    return total;
  }
  static R largest_of(const table_of<R>& x, std::size_t row) {
    R largest = x.at(row, 0);
    for (std::size_t k = 1; k < x.width; ++k)
      if (largest < x.at(row, k)) largest = x.at(row, k);
    return largest;
  }
  static R sum_of_exponentials(const table_of<R>& x, std::size_t row, R largest) {
    using detail::exp;
    R total = 0.0;
    for (std::size_t k = 0; k < x.width; ++k) total += exp(x.at(row, k) - largest);
    return total;
  }

  const table_of<R>& in(const graph::operation& op, std::size_t k) const {
    return values[static_cast<std::size_t>(op.inputs[k].value())];
  }
  table_of<R>& out(const graph::operation& op, std::size_t k) {
    return values[static_cast<std::size_t>(op.outputs[k])];
  }
  std::vector<R>& gradient(const graph::operation& op) { return gradients[static_cast<std::size_t>(op.parameter)]; }

  std::size_t batch_ = 0;
};

} // namespace fusegrad::test
