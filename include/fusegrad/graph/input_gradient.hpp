// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/growing.hpp>
#include <fusegrad/graph/backward.hpp>
#include <fusegrad/graph/emitter.hpp>
#include <fusegrad/graph/needed.hpp>
#include <fusegrad/graph/operations.hpp>

namespace fusegrad::graph {

namespace detail {

/// Says of each value anew whether it changes with what is looked at: an operation for which `starts` holds, and all
/// that reads it.
template <class Starts> constexpr void mark_dependent(graph& g, Starts starts) {
  for (const operation& op : g.operations) {
    bool depends = starts(op);
    for (const operand& x : op.inputs) depends = depends || g.depends_on_parameter(x);
    for (value_id made : op.outputs) g.values[made].needs_gradient = depends;
  }
}

/// Notes a way back that cannot be differentiated itself: places of largest numbers, and statistics of a batch.
constexpr void keep_differentiable(emitter& e, value_id of, std::size_t forward) {
  const graph& g = e.result;
  const growing<char> is_needed = operations_on_the_way_to(g, of);
  for (std::size_t i = 0; i < g.operations.size(); ++i) {
    const operation& op = g.operations[i];
    const bool is_refused = i < forward ? is_needed[i] != 0 && facts_of(op).sums_batch : facts_of(op).is_sparse;
    if (is_refused) e.keeps({rule::has_tangent, g.shape(op.inputs[0]), {}});
  }
}

} // namespace detail

/// The gradient of one number of each sample with respect to the model's inputs, by the rules of the backward pass with
/// parameters as constants: some rows, made of operations like any other, so that a backward pass of a loss on them may
/// follow. It costs about as much as the number itself, however many inputs there are.
constexpr wire input_gradient(emitter& e, const row& number) {
  graph& g = e.result;
  const std::size_t forward = g.operations.size();
  const wire inputs = e.inputs();
  const row one = e.elementwise(g.intern(expr::constant_expression(1)), {}, number.shape);

  growing<char> was_trained;
  for (parameter& p : g.parameters) {
    was_trained.push_back(p.is_trained ? 1 : 0);
    p.is_trained = false;
  }
  detail::mark_dependent(g, [](const operation& op) { return facts_of(op).is_given; });
  wire slopes;
  {
    backward_pass pass(e, number.value, one);
    for (const row& input : inputs) slopes.push_back(e.reshape(pass.gradient_row(input.value), input.shape));
  }
  for (std::size_t i = 0; i < was_trained.size(); ++i)
    g.parameters[g.parameters.number(i)].is_trained = was_trained[i] != 0;
  detail::mark_dependent(g, [&](const operation& op) {
    return op.parameter != parameter_id::none && g.parameters[op.parameter].is_trained;
  });
  detail::keep_differentiable(e, number.value, forward);
  return slopes;
}

} // namespace fusegrad::graph
