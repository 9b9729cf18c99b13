// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/graph/emitter.hpp>

namespace fusegrad::graph {

/// What is summed over the samples for each unit of a marked layer: its outputs, their squares, and how many are
/// exactly zero.
inline constexpr std::size_t sums_of_output = 3;
/// The squares of the loss's gradient with respect to the output, and for how many samples an activation blocks the
/// gradient.
inline constexpr std::size_t sums_of_gradient = 2;

/// An activation blocks the gradient where it passes on less than this share of what comes in.
inline constexpr double blocking_slope = 0.005;

namespace detail {
struct blocked_gradient {
  template <class In, class Out> constexpr auto operator()(In before, Out after) const {
    return select(abs(before) < blocking_slope * abs(after), 1, 0);
  }
};

/// A square of which many can be added: beyond 1e15 it is 1e30.
constexpr int bounded_square(expr::builder& b, int x) {
  return b.make(expr::operation::min, b.make(expr::operation::multiply, x, x), b.constant(1e30));
}

constexpr expression_id expression_of_output(graph& g) {
  expr::builder b;
  const int x = b.argument(0);
  growing<int> sums;
  sums.push_back(x); // not finite where a number is not: the square may hide it
  sums.push_back(bounded_square(b, x));
  sums.push_back(b.make(expr::operation::equal, x, b.constant(0)));
  return g.intern(expr::compact(b, sums, 1));
}
constexpr expression_id expression_of_gradient(graph& g, bool is_activation) {
  expr::builder b;
  const int after = b.argument(0);
  growing<int> sums, arguments;
  // The difference is zero, or NaN where the number is not finite.
  sums.push_back(
      b.make(expr::operation::add, bounded_square(b, after), b.make(expr::operation::subtract, after, after)));
  if (is_activation) {
    arguments.push_back(b.argument(1));
    arguments.push_back(after);
    sums.push_back(
        expr::inline_into(b, expr::recording_of<expr::traced_recipe<blocked_gradient>, 2>().body, arguments)[0]);
  }
  return g.intern(expr::compact(b, sums, is_activation ? 2 : 1));
}
} // namespace detail

/// Appends the operations that observe each marked layer, after the backward pass. Observation 2 i is of the output of
/// mark i, 2 i + 1 of its gradient.
constexpr void append_observations(graph& g) {
  for (std::size_t i = 0; i < g.marks.size(); ++i) {
    layer_mark& m = g.marks[i];
    m.is_activation = m.is_activation && m.input_gradient != value_id::none && m.output_gradient != value_id::none;
    operation outputs;
    outputs.what = kind::observe;
    outputs.inputs.push_back(m.output);
    outputs.expression = detail::expression_of_output(g);
    outputs.slot = static_cast<std::int32_t>(2 * i);
    g.operations.push_back(outputs);
    if (m.output_gradient == value_id::none) continue;
    operation gradients;
    gradients.what = kind::observe;
    gradients.inputs.push_back(m.output_gradient);
    if (m.is_activation) gradients.inputs.push_back(m.input_gradient);
    gradients.expression = detail::expression_of_gradient(g, m.is_activation);
    gradients.slot = static_cast<std::int32_t>(2 * i + 1);
    g.operations.push_back(gradients);
  }
}

} // namespace fusegrad::graph
