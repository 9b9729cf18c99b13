// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <fusegrad/base/growing.hpp>
#include <fusegrad/base/short_list.hpp>
#include <fusegrad/expr/differentiate.hpp>
#include <fusegrad/expr/expression.hpp>
#include <fusegrad/graph/graph.hpp>

namespace fusegrad::graph {

/// For each input of an operation the value of its derivative; none where it does not move.
using moves = short_list<value_id, most_inputs>;

/// Two first derivatives of the inputs, whose product a second derivative has, and its factor in a sum of those.
struct pair_of_moves {
  moves first, second;
  double factor = 1;
};

/// The derivative of one result of an elementwise operation as an expression, and what that reads.
struct elementwise_tangent {
  expression_id expression = expression_id::none; ///< none: zero by construction
  operand_list reads;
};

/// A derivative that was worked out before: what was asked, the answer, and the places of what that reads. Layers with
/// equal functions ask for the same.
struct known_tangent {
  growing<int> asked;
  expression_id expression = expression_id::none;
  growing<int> reads;
};

/// Works out derivatives of elementwise operations forward: f' x', and for a sum of second derivatives
/// f' D x + sum c f'' x_k x_l.
class elementwise_mover {
public:
  constexpr elementwise_mover(graph& g, const operation& op, growing<known_tangent>& known)
      : g_{g}, op_{op}, f_{g.expressions[op.expression]}, known_{known} {
    for (const operand& x : op.inputs) all_.push_back(x);
    for (value_id y : op.outputs) all_.push_back(y);
  }

  /// f' x' of result number `which`, and f'' x_k x_l for each of the pairs.
  constexpr elementwise_tangent slope(std::size_t which, const moves& along, const growing<pair_of_moves>& pairs = {}) {
    const growing<int> places = places_of(along);
    growing<growing<int>> first, second;
    for (const pair_of_moves& p : pairs) {
      first.push_back(places_of(p.first));
      second.push_back(places_of(p.second));
    }
    growing<int> asked = question(which, places);
    for (std::size_t k = 0; k < pairs.size(); ++k) {
      const auto factor = std::bit_cast<std::uint64_t>(pairs[k].factor);
      asked.append(first[k]);
      asked.append(second[k]);
      asked.push_back(static_cast<int>(factor & 0xFFFF'FFFF));
      asked.push_back(static_cast<int>(factor >> 32));
    }
    if (const known_tangent* known = find(asked)) return answer(*known);
    expr::recorder r(static_cast<int>(all_.size()));
    const growing<int> inputs = inputs_in(r), values = expr::inline_into(r.build, f_, inputs);
    growing<int> result;
    result.push_back(values[which]);
    int total = moved(r, inputs, places, result);
    for (std::size_t k = 0; k < pairs.size(); ++k) {
      growing<int> once;
      once.push_back(moved(r, inputs, first[k], result));
      if (once[0] == expr::no_node) continue;
      const int twice = moved(r, inputs, second[k], once);
      if (twice == expr::no_node) continue;
      const int factor = r.build.constant(pairs[k].factor);
      total = expr::detail::sum(r, total, r.build.make(expr::operation::multiply, twice, factor));
    }
    return finished(r, total, values, asked);
  }

  /// f' x' + f'' s of a function of which a single input moves: `s` is the sum of all products of moves.
  constexpr elementwise_tangent curved(std::size_t which, std::size_t input, const moves& along, value_id s) {
    const growing<int> places = places_of(along);
    const int sum = place_of(s);
    growing<int> asked = question(which, places);
    asked.push_back(static_cast<int>(input));
    asked.push_back(sum);
    if (const known_tangent* known = find(asked)) return answer(*known);
    expr::recorder r(static_cast<int>(all_.size()));
    const growing<int> inputs = inputs_in(r), values = expr::inline_into(r.build, f_, inputs);
    growing<int> result, once;
    result.push_back(values[which]);
    const int along_slope = moved(r, inputs, places, result);
    once.push_back(unit_slope(r, inputs, input, result));
    if (once[0] == expr::no_node) return finished(r, along_slope, values, asked);
    const int twice = unit_slope(r, inputs, input, once);
    if (twice == expr::no_node) return finished(r, along_slope, values, asked);
    const int curvature = expr::detail::product(r, twice, r.build.argument(sum));
    return finished(r, expr::detail::sum(r, along_slope, curvature), values, asked);
  }

  /// Whether the derivatives with respect to the inputs that move, in each of some ways and one after the other, are
  /// all zero, but for kinks.
  [[nodiscard]] constexpr bool is_flat(std::size_t which, const growing<moves>& along) const {
    expr::recorder r(static_cast<int>(all_.size()));
    const growing<int> inputs = inputs_in(r), values = expr::inline_into(r.build, f_, inputs);
    return is_flat(r, inputs, values[which], along, 0);
  }
  /// Whether the function has kinks or jumps: pieces, once their derivatives are zero, say nothing about those.
  [[nodiscard]] constexpr bool has_kinks() const {
    for (const expr::node& n : f_.nodes)
      if (expr::is_piecewise(n.op)) return true;
    return false;
  }

private:
  static constexpr bool is_flat(expr::recorder& r, const growing<int>& inputs, int value, const growing<moves>& along,
                                std::size_t done) {
    if (done == along.size()) return false;
    growing<int> result;
    result.push_back(value);
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      if (along[done][i] == value_id::none) continue;
      const int slope = unit_slope(r, inputs, i, result);
      if (slope == expr::no_node || r.build.is_constant(slope, 0)) continue;
      if (!is_flat(r, inputs, slope, along, done + 1)) return false;
    }
    return true;
  }

  /// What the derivative of a result depends on: the function, which inputs are rows, and what stands where.
  constexpr growing<int> question(std::size_t which, const growing<int>& places) const {
    growing<int> asked;
    asked.reserve(3 + 2 * places.size());
    asked.push_back(static_cast<int>(op_.expression));
    asked.push_back(static_cast<int>(which));
    asked.push_back(static_cast<int>(all_.size()));
    for (const operand& x : op_.inputs) asked.push_back(x.is_value() ? 1 : 0);
    asked.append(places);
    return asked;
  }
  constexpr const known_tangent* find(const growing<int>& asked) const {
    for (const known_tangent& known : known_)
      if (known.asked == asked) return &known;
    return nullptr;
  }
  constexpr elementwise_tangent answer(const known_tangent& known) const {
    elementwise_tangent out;
    out.expression = known.expression;
    for (int place : known.reads) out.reads.push_back(all_[static_cast<std::size_t>(place)]);
    return out;
  }

  constexpr int place_of(value_id v) {
    for (std::size_t i = 0; i < all_.size(); ++i)
      if (all_[i] == operand(v)) return static_cast<int>(i);
    all_.push_back(v);
    return static_cast<int>(all_.size() - 1);
  }
  constexpr growing<int> places_of(const moves& m) {
    growing<int> out;
    for (value_id v : m) out.push_back(v == value_id::none ? expr::no_node : place_of(v));
    return out;
  }
  constexpr growing<int> inputs_in(expr::recorder& r) const {
    growing<int> inputs;
    for (std::size_t i = 0; i < op_.inputs.size(); ++i) inputs.push_back(r.build.argument(static_cast<int>(i)));
    return inputs;
  }
  static constexpr int moved(expr::recorder& r, const growing<int>& inputs, const growing<int>& places,
                             const growing<int>& of) {
    growing<int> seeds;
    for (int place : places) seeds.push_back(place == expr::no_node ? place : r.build.argument(place));
    return expr::tangents(r, inputs, seeds, of)[0];
  }
  static constexpr int unit_slope(expr::recorder& r, const growing<int>& inputs, std::size_t input,
                                  const growing<int>& of) {
    growing<int> seeds;
    for (std::size_t i = 0; i < inputs.size(); ++i) seeds.push_back(i == input ? r.build.constant(1) : expr::no_node);
    return expr::tangents(r, inputs, seeds, of)[0];
  }

  /// In terms of the results where that spares the inputs.
  constexpr elementwise_tangent finished(expr::recorder& r, int total, const growing<int>& values,
                                         const growing<int>& asked) {
    known_.push_back({asked, expression_id::none, {}});
    if (total == expr::no_node || r.build.is_constant(total, 0)) return answer(known_.back());
    growing<int> result;
    result.push_back(total);
    const int count = static_cast<int>(all_.size());
    const std::size_t inputs = op_.inputs.size();
    growing<expr::replacement> results;
    for (std::size_t k = 0; k < values.size(); ++k)
      if (expr::operand_count(r.build.at(values[k]).op) > 0)
        results.push_back({values[k], static_cast<int>(inputs + k)});
    expr::expression d = expr::compact(r.build, result, count, nullptr, &results);
    if (reads_an_input(d)) d = expr::compact(r.build, result, count);
    known_.back().reads = expr::keep_used_arguments(d);
    known_.back().expression = g_.intern(d);
    return answer(known_.back());
  }
  constexpr bool reads_an_input(const expr::expression& d) const {
    for (const expr::node& n : d.nodes)
      if (n.op == expr::operation::argument && n.a < op_.inputs.size() && op_.inputs[n.a].is_value()) return true;
    return false;
  }

  graph& g_;
  operation op_;
  expr::expression f_;
  growing<known_tangent>& known_;
  growing<operand> all_; ///< what an expression may read: the inputs, the results, then whatever else
};

} // namespace fusegrad::graph
