// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/base/growing.hpp>
#include <fusegrad/expr/differentiate.hpp>
#include <fusegrad/expr/trace.hpp>
#include <fusegrad/graph/column_reader.hpp>
#include <fusegrad/graph/emitter.hpp>
#include <fusegrad/graph/staged_expression.hpp>
#include <fusegrad/graph/tangent.hpp>

namespace fusegrad::graph {

/// Writes what an equation of a network's outputs, its inputs and derivatives of the first by the second comes to for
/// each sample: the sum of the squares of its results. Each derivative is a stream of rows through the network; those
/// of one output that are only added up, with constant factors, are one stream together.
class equation_writer {
public:
  /// Arguments of the equation are the columns of `outputs`, then those of all inputs.
  constexpr equation_writer(emitter& e, const row& outputs, const wire& inputs)
      : e_{e}, g_{e.result}, pass_{e}, outputs_{outputs}, inputs_{inputs},
        fields_{static_cast<int>(outputs.shape.size())}, column_{e} {}

  constexpr row squared(const expr::recording& f) {
    const int places = f.positional + static_cast<int>(f.leaves.size());
    expr::recorder r(places + fields_);
    growing<int> arguments;
    for (int i = 0; i < places; ++i) arguments.push_back(r.build.argument(i));
    for (const expr::named_leaf& leaf : f.leaves)
      if (!is_by_inputs(leaf.derivative))
        e_.keeps({rule::column_of_input, {}, tensor::vector_of(static_cast<std::size_t>(f.positional - fields_))});
    for (std::size_t i = 0; i < f.leaves.size(); ++i)
      if (is_zero(f.leaves[i].derivative)) arguments[static_cast<std::size_t>(f.positional) + i] = r.build.constant(0);
    growing<int> results = expr::inline_into(r.build, f.body, arguments);
    growing<differential> sums = sum_up(r, f, results, places);

    int total = expr::no_node;
    for (int result : results) {
      const int square = r.build.make(expr::operation::multiply, result, result);
      total = total == expr::no_node ? square : r.build.make(expr::operation::add, total, square);
    }
    growing<int> one;
    one.push_back(total);
    expr::expression whole = expr::compact(r.build, one, places + fields_);
    growing<operand> reads;
    for (int place : expr::keep_used_arguments(whole)) {
      if (place >= places)
        reads.push_back(column_(pass_.derivative(outputs_, sums[static_cast<std::size_t>(place - places)]),
                                static_cast<std::size_t>(place - places)));
      else if (place >= f.positional)
        reads.push_back(leaf(f.leaves[static_cast<std::size_t>(place - f.positional)]));
      else
        reads.push_back(argument(static_cast<std::size_t>(place)));
    }
    return staged_expression(e_, whole, reads, tensor::vector_of(1)).write();
  }

private:
  /// A derivative of an input, which is no output of the network, or by an output.
  constexpr bool is_zero(const expr::derivative_of_argument& d) const { return d.of >= fields_ || !is_by_inputs(d); }
  constexpr bool is_by_inputs(const expr::derivative_of_argument& d) const {
    for (int i = 0; i < d.order(); ++i)
      if (d.by[i] < fields_) return false;
    return true;
  }

  /// Takes the derivatives of each output that enter the only result with a constant factor out of it; an argument
  /// behind `places` stands for their sum. Only where a second derivative is among several, and where all operations on
  /// the way know sums of them.
  constexpr growing<differential> sum_up(expr::recorder& r, const expr::recording& f, growing<int>& results,
                                         int places) {
    growing<differential> sums;
    sums.resize(static_cast<std::size_t>(fields_));
    if (results.size() != 1 || !pass_.knows_second_order(outputs_)) return sums;
    for (int field = 0; field < fields_; ++field) {
      differential sum;
      growing<std::size_t> members;
      bool has_second = false;
      for (std::size_t i = 0; i < f.leaves.size(); ++i) {
        const expr::derivative_of_argument& d = f.leaves[i].derivative;
        if (d.of != field || d.order() > 2 || is_zero(d)) continue;
        double factor = 0;
        if (!is_factor(r, f, i, results, factor)) continue;
        derivative_term t;
        t.first = d.by[0] - fields_;
        if (d.order() == 2) t.second = d.by[1] - fields_;
        t.factor = factor;
        has_second = has_second || d.order() == 2;
        sum.push_back(t);
        members.push_back(i);
      }
      if (!has_second || members.size() < 2) continue;
      const int rest = without(r, f, results[0], members);
      const int stream = r.build.argument(places + field);
      results[0] = r.build.make(expr::operation::add, rest, stream);
      sums[static_cast<std::size_t>(field)] = sum;
    }
    return sums;
  }
  /// Whether a leaf enters the result with a constant factor.
  static constexpr bool is_factor(expr::recorder& r, const expr::recording& f, std::size_t leaf,
                                  const growing<int>& results, double& factor) {
    growing<int> argument, seed;
    argument.push_back(r.build.argument(f.positional + static_cast<int>(leaf)));
    seed.push_back(r.build.constant(1));
    const int slope = expr::tangents(r, argument, seed, results)[0];
    if (slope == expr::no_node || !r.build.is_constant(slope)) return false;
    factor = r.build.constant_value(slope);
    return true;
  }
  /// The result with zeros for some leaves.
  static constexpr int without(expr::recorder& r, const expr::recording& f, int result,
                               const growing<std::size_t>& members) {
    growing<int> one, arguments;
    one.push_back(result);
    const int count = r.positional;
    const expr::expression whole = expr::compact(r.build, one, count);
    for (int i = 0; i < count; ++i) arguments.push_back(r.build.argument(i));
    for (std::size_t i : members) arguments[static_cast<std::size_t>(f.positional) + i] = r.build.constant(0);
    return expr::inline_into(r.build, whole, arguments)[0];
  }

  constexpr operand leaf(const expr::named_leaf& which) {
    if (which.kind == expr::leaf_kind::derivative) return derivative(which.derivative);
    const auto before = e_.enter_shared("");
    const parameter_id known = e_.parameter(which.name, tensor::vector_of(1), init::constant(which.initial));
    e_.leave_shared(before);
    return known;
  }
  constexpr operand derivative(const expr::derivative_of_argument& d) {
    growing<std::int32_t> columns;
    for (int i = 0; i < d.order(); ++i) columns.push_back(d.by[i] - fields_);
    return column_(pass_.derivative(outputs_, columns), static_cast<std::size_t>(d.of));
  }
  constexpr operand argument(std::size_t place) {
    if (place < static_cast<std::size_t>(fields_)) return column_(outputs_, place);
    return column_(inputs_, place - static_cast<std::size_t>(fields_));
  }

  emitter& e_;
  graph& g_;
  tangent_pass pass_;
  row outputs_;
  wire inputs_;
  int fields_;
  column_reader column_;
};

} // namespace fusegrad::graph
