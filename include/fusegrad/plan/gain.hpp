// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/expr/evaluate.hpp>
#include <fusegrad/expr/expression.hpp>
#include <fusegrad/graph/graph.hpp>
#include <fusegrad/math/elementary.hpp>

namespace fusegrad::plan {

/// Notes for each weight whose initialiser asks for it which activation follows: through the bias, the next expression of
/// one value. A weight that several layers share has the one behind its last use; one that none follows is treated as linear.
constexpr void note_activations(graph::graph& g) {
  growing<int> reader, readers;
  reader.resize(g.values.size());
  readers.resize(g.values.size());
  for (std::size_t i = 0; i < g.operations.size(); ++i)
    for (const graph::operand& x : g.operations[i].inputs) {
      if (x.from != graph::source::value) continue;
      reader[static_cast<std::size_t>(x.index)] = static_cast<int>(i);
      ++readers[static_cast<std::size_t>(x.index)];
    }
  const auto next_of = [&](const graph::operation& op) -> const graph::operation* {
    const auto v = static_cast<std::size_t>(op.outputs[0]);
    if (readers[v] == 0) return nullptr;
    const graph::operation& next = g.operations[static_cast<std::size_t>(reader[v])];
    return next.what == graph::kind::elementwise ? &next : nullptr;
  };
  for (const graph::operation& op : g.operations) {
    if (op.what != graph::kind::matrix_product) continue;
    const graph::operation* next = next_of(op);
    if (next != nullptr && next->inputs.size() == 2 && next->inputs[1].from == graph::source::parameter &&
        g.expressions[static_cast<std::size_t>(next->expression)].nodes.back().op == expr::operation::add)
      next = next_of(*next);
    if (next == nullptr) continue;
    std::size_t rows = 0;
    for (const graph::operand& x : next->inputs) rows += x.from == graph::source::value;
    if (rows == 1 && next->inputs[0].from == graph::source::value)
      g.parameters[static_cast<std::size_t>(op.parameter)].gain_expression = next->expression;
  }
}

/// The gain that keeps the mean square of what an activation is given, 1 / sqrt(E[f(z)^2]) for normal z: sqrt(2) for ReLU.
/// Named parameters count with `parameter`, a typical initial value. Simpson's rule over +-8 standard deviations.
template <auto Table> constexpr double gain_of(double parameter = 0.25) {
  constexpr int intervals = 400; // even, and zero is a node: a kink there costs no accuracy
  constexpr double limit = 8, step = 2 * limit / intervals;
  double sum = 0;
  for (int i = 0; i <= intervals; ++i) {
    const double z = -limit + step * i;
    double arguments[16]{};
    for (double& a : arguments) a = parameter;
    arguments[0] = z;
    double results[Table.result_count]{};
    expr::evaluate<Table>(static_cast<const double*>(arguments), results);
    const double weight = i == 0 || i == intervals ? 1 : i % 2 == 1 ? 4 : 2;
    sum += weight * results[0] * results[0] * math::exp(-0.5 * z * z);
  }
  const double mean_square = sum * step / 3 * 0.39894228040143267794;
  return mean_square > 1e-12 && mean_square < 1e12 ? 1 / math::sqrt(mean_square) : 1;
}

} // namespace fusegrad::plan
