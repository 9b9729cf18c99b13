// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/expr/differentiate.hpp>
#include <fusegrad/expr/expression.hpp>
#include <fusegrad/graph/emitter.hpp>
#include <fusegrad/graph/graph.hpp>
#include <fusegrad/graph/operations.hpp>
#include <fusegrad/layer/activation.hpp>
#include <fusegrad/math/elementary.hpp>
#include <fusegrad/start/normal_mean.hpp>

namespace fusegrad {

namespace initial::inline FUSEGRAD_ABI {

/// For each weight whose initialiser asks for it, what its activation does to mean squares, as an expression of a
/// normally distributed number z: the mean of f(z)^2 for the signal, of f'(z)^2 for the gradient, both for both. The
/// activation is what reads the weight's product, through the bias: a function of one value; several functions of its
/// parts (`groups`), by their widths; a product of one half with a function of the other (`swiglu`); or the largest of
/// its parts (`maxout`). Anything else counts as linear. Learned parameters count with their initial values.
class activation_notes {
public:
  constexpr explicit activation_notes(graph::graph& g) : g_{g} {
    reader_.resize(g.values.size());
    for (std::size_t i = 0; i < g.operations.size(); ++i)
      for (const graph::operand& x : g.operations[i].inputs)
        if (x.is_value()) reader_[x.value()] = i + 1;
    for (std::size_t i = 0; i < g.operations.size(); ++i) {
      const graph::operation op = g.operations[i];
      if (graph::facts_of(op).fuses != graph::fusing::product || op.parameter == graph::parameter_id::none) continue;
      graph::parameter& weight = g_.parameters[op.parameter];
      if (weight.start.preserve != graph::keep::nothing) weight.gain_expression = note(op, weight.start.preserve);
    }
  }

private:
  using expression_id = graph::expression_id;
  using value_id = graph::value_id;

  struct squares {
    int signal = 0, gradient = 0;
  };
  struct noted {
    expression_id expression = expression_id::none;
    graph::keep what = graph::keep::nothing;
    expression_id result = expression_id::none;
  };

  constexpr const graph::operation* reader_of(value_id v) const {
    const std::size_t reader = reader_[v];
    return reader == 0 ? nullptr : &g_.operations[reader - 1];
  }
  /// The same behind pools and other shapes of the same numbers.
  constexpr const graph::operation* computing_reader_of(value_id v) const {
    const graph::operation* reader = reader_of(v);
    while (reader != nullptr &&
           (graph::facts_of(*reader).fuses == graph::fusing::pool || graph::facts_of(*reader).only_reshapes))
      reader = reader_of(reader->outputs[0]);
    return reader;
  }
  constexpr std::size_t values_read(const graph::operation& op) const {
    std::size_t count = 0;
    for (const graph::operand& x : op.inputs) count += x.is_value();
    return count;
  }
  constexpr const expr::expression& function_of(const graph::operation& op) const {
    return g_.expressions[op.expression];
  }
  static constexpr bool is_function(const graph::operation& op) {
    return graph::facts_of(op).fuses == graph::fusing::expression;
  }
  constexpr bool adds_a_bias(const graph::operation& op) const {
    return is_function(op) && op.inputs.size() == 2 && op.inputs[1].is_parameter() &&
           function_of(op).nodes.back().op == expr::operation::add && function_of(op).nodes.size() == 3;
  }

  constexpr expression_id note(const graph::operation& product, graph::keep what) {
    const graph::operation* next = computing_reader_of(product.outputs[0]);
    if (next != nullptr && adds_a_bias(*next)) next = computing_reader_of(next->outputs[0]);
    if (next == nullptr) return expression_id::none;
    const bool is_plain = is_function(*next) && values_read(*next) == 1;
    if (!is_plain && !(graph::facts_of(*next).only_moves && next->outputs.size() > 1)) return expression_id::none;
    // Layers that are alike ask again and again.
    if (is_plain)
      for (const noted& known : known_)
        if (known.expression == next->expression && known.what == what && next->inputs.size() == 1) return known.result;
    expr::recorder r(1);
    const squares found = is_plain ? of_function(r, *next) : of_parts(r, *next);
    growing<int> results;
    if (what != graph::keep::gradient) results.push_back(found.signal);
    if (what != graph::keep::signal) results.push_back(found.gradient);
    const expression_id result = g_.intern(expr::compact(r.build, results, 1));
    if (is_plain && next->inputs.size() == 1) known_.push_back({next->expression, what, result});
    return result;
  }

  static constexpr int square(expr::recorder& r, int x) {
    return x == expr::no_node ? r.build.constant(0) : r.build.make(expr::operation::multiply, x, x);
  }
  static constexpr squares of_node(expr::recorder& r, int y) {
    growing<int> z, one, of;
    z.push_back(r.build.argument(0));
    one.push_back(r.build.constant(1));
    of.push_back(y);
    const int slope = expr::tangents(r, z, one, of)[0];
    return {square(r, y), square(r, slope)};
  }

  /// The arguments of an operation's expression: values become nodes in turn, parameters what they start with.
  constexpr growing<int> arguments_of(expr::recorder& r, const graph::operation& op,
                                      std::size_t different_values) const {
    growing<int> out;
    int value = 0;
    for (const graph::operand& x : op.inputs) {
      if (x.is_value()) {
        out.push_back(r.build.argument(different_values > 1 ? value++ : 0));
      } else if (x.is_parameter()) {
        const graph::initialiser& start = g_.parameters[x.parameter()].start;
        out.push_back(r.build.constant(start.draw == graph::distribution::constant ? start.scale : start.mean));
      } else {
        out.push_back(r.build.constant(1));
      }
    }
    return out;
  }
  constexpr squares of_function(expr::recorder& r, const graph::operation& op) const {
    return of_node(r, expr::inline_into(r.build, function_of(op), arguments_of(r, op, 1))[0]);
  }

  /// Each part has an activation of its own, or one operation reads them all.
  constexpr squares of_parts(expr::recorder& r, const graph::operation& split) const {
    const graph::operation* first = reader_of(split.outputs[0]);
    if (first != nullptr && is_function(*first) && values_read(*first) == split.outputs.size() &&
        split.outputs.size() > 1)
      return of_all_parts(r, *first);
    double width = 0;
    for (value_id part : split.outputs) width += static_cast<double>(g_.width(part));
    squares sum{r.build.constant(0), r.build.constant(0)};
    const auto add = [&](int& to, int term, double share) {
      to = r.build.make(expr::operation::add, to,
                        r.build.make(expr::operation::multiply, r.build.constant(share), term));
    };
    for (value_id part : split.outputs) {
      const graph::operation* reader = reader_of(part);
      const bool is_activation = reader != nullptr && is_function(*reader) && values_read(*reader) == 1;
      const squares own = is_activation ? of_function(r, *reader) : linear(r);
      const double share = static_cast<double>(g_.width(part)) / width;
      add(sum.signal, own.signal, share);
      add(sum.gradient, own.gradient, share);
    }
    return sum;
  }
  static constexpr squares linear(expr::recorder& r) { return of_node(r, r.build.argument(0)); }

  constexpr squares of_all_parts(expr::recorder& r, const graph::operation& op) const {
    const std::size_t parts = values_read(op);
    expr::recorder whole(static_cast<int>(parts));
    const int y = expr::inline_into(whole.build, function_of(op), arguments_of(whole, op, parts))[0];
    if (is_largest(whole, y)) return of_largest(r, static_cast<int>(parts));
    const int gate = parts == 2 ? gate_of(whole, y) : expr::no_node;
    if (gate == expr::no_node) return linear(r);
    growing<int> result, both;
    result.push_back(gate);
    both.push_back(r.build.argument(0));
    both.push_back(r.build.argument(0));
    const squares g = of_node(r, expr::inline_into(r.build, expr::compact(whole.build, result, 2), both)[0]);
    // (a g(b))^2 has the mean of g(b)^2; the slopes are g(b) by one half and a g'(b) by the other.
    const int slopes = r.build.make(expr::operation::add, g.signal, g.gradient);
    return {g.signal, r.build.make(expr::operation::multiply, r.build.constant(0.5), slopes)};
  }

  /// Where `y` is one argument times a function of the other alone: that function.
  static constexpr int gate_of(const expr::recorder& r, int y) {
    expr::node n = r.build.at(y);
    if (n.op == expr::operation::negate) n = r.build.at(n.a); // squares do not mind
    if (n.op != expr::operation::multiply) return expr::no_node;
    for (const int value : {static_cast<int>(n.a), static_cast<int>(n.b)}) {
      const int other = value == n.a ? n.b : n.a;
      if (r.build.at(value).op != expr::operation::argument) continue;
      growing<int> argument;
      argument.push_back(value);
      if (!expr::detail::depending_on(r, argument, other + 1)[static_cast<std::size_t>(other)]) return other;
    }
    return expr::no_node;
  }
  static constexpr bool is_largest(const expr::recorder& r, int y) {
    const expr::node n = r.build.at(y);
    if (n.op == expr::operation::argument) return true;
    return n.op == expr::operation::max && is_largest(r, n.a) && is_largest(r, n.b);
  }
  /// The largest of k normal numbers has the density k Phi(z)^(k-1) times the normal one; one of k pieces gets the
  /// gradient.
  static constexpr squares of_largest(expr::recorder& r, int k) {
    const expr::traced z{&r, r.build.argument(0)};
    const auto below = 0.5 * (1 + expr::erf(0.70710678118654752440 * z));
    const expr::traced power{&r, r.build.make_integer_power(below.index, k - 1)};
    const auto density = k * power;
    return {(density * (z * z)).index, r.build.constant(1.0 / k)};
  }

  graph::graph& g_;
  numbered<value_id, std::size_t> reader_; ///< for each value one more than the last operation that reads it
  growing<noted> known_;
};

constexpr void note_activations(graph::graph& g) { activation_notes{g}; }

/// Means of an expression of `activation_notes`: for a signal or a gradient one number, for both two.
struct mean_squares {
  double first = 1, second = 1;
};
constexpr mean_squares mean_squares_of(const expr::expression& f) {
  const normal_mean mean(f);
  // What is constant, or has no finite mean, has no gain either.
  const auto usable = [](double x) { return x > 1e-12 && x < 1e12 ? x : 1; };
  return {usable(mean[0]), f.results.size() > 1 ? usable(mean[1]) : 1};
}

/// The smallest width that a layer takes.
template <class Layer> constexpr std::size_t least_width() {
  if constexpr (requires { Layer::parts; })
    return Layer::parts;
  else if constexpr (requires { Layer::width; })
    return Layer::width;
  else
    return 1;
}

} // namespace initial::inline FUSEGRAD_ABI

/// The factor on weights of variance 1 / fan that keeps the mean square of what goes through an activation, or of the
/// gradient that comes back, for numbers that are normally distributed: `gain(relu)` is sqrt(2). For any layer without
/// weights: an activation of yours, `swiglu`, `maxout<3>`, `groups(...)`. Learned parameters count with their initial
/// values.
template <class Activation> constexpr double gain(const Activation& f, keep what = keep::signal) {
  if constexpr (!layers::any_layer<Activation>) {
    return gain(activation(f), what);
  } else {
    constexpr std::size_t width = initial::least_width<Activation>();
    graph::emitter e;
    const row x = e.input(tensor::vector_of(1));
    wire in;
    in.push_back(
        e.matrix_product(x, e.parameter("weight", tensor::matrix_of(width, 1), init::variance_preserving(what))));
    static_cast<void>(layers::emit_layer<Activation>(e, in));
    initial::note_activations(e.result);
    const graph::expression_id noted = e.result.parameters[0].gain_expression;
    if (noted == graph::expression_id::none || what == keep::nothing) return 1;
    const initial::mean_squares mean = initial::mean_squares_of(e.result.expressions[noted]);
    return 1 / math::sqrt(what == keep::both ? (mean.first + mean.second) / 2 : mean.first);
  }
}

} // namespace fusegrad
