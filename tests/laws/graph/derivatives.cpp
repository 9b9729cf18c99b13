// SPDX-License-Identifier: MIT
#include "laws/dual.hpp"
#include "laws/interpreter.hpp"
#include "laws/law.hpp"
#include "laws/random_layers.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <fusegrad/graph/input_gradient.hpp>
#include <fusegrad/graph/tangent.hpp>
#include <random>
#include <string>
#include <vector>

// Derivatives of random nets with respect to their inputs, as operations of the graph: against dual numbers of dual
// numbers sent through the net itself, and with a loss on all of them by the laws of every graph.
namespace {

namespace graph = fusegrad::graph;
namespace tensor = fusegrad::tensor;
using fusegrad::emitter, fusegrad::growing, fusegrad::row, fusegrad::wire;
using namespace fusegrad::test;

using once = dual<double>;
using twice = dual<once>;
using thrice = dual<twice>;

class field {
public:
  explicit field(unsigned seed) : engine_{seed}, seed_{seed} {}

  void check() {
    emitter e(graph::emission{true});
    inputs_ = between(1, 4);
    const row x = between(0, 3) == 0 && inputs_ > 1 ? two_inputs(e) : e.input(tensor::vector_of(inputs_));
    const row u = dense(e, smooth(e, net(e, x), 2), between(1, 3));
    const std::size_t operations = e.result.operations.size();
    graph::tangent_pass pass(e);
    growing<graph::row> made;
    std::vector<std::vector<std::int32_t>> columns;
    for (std::size_t order = 1; order <= 3; ++order)
      for (int i = 0; i < 2; ++i) {
        std::vector<std::int32_t> by;
        growing<std::int32_t> asked;
        for (std::size_t k = 0; k < order; ++k) {
          by.push_back(static_cast<std::int32_t>(between(0, inputs_ - 1)));
          asked.push_back(by.back());
        }
        made.push_back(pass.derivative(u, asked));
        columns.push_back(by);
      }
    const graph::differential mixed = some_operator();
    const bool collapses = has_second_order_;
    if (collapses) made.push_back(pass.derivative(u, mixed));
    for (const row& d : made) {
      e.result.outputs.push_back(d.value);
      e.add_to_loss(e.map([](auto v) { return square(v - 0.3); }, d), graph::uniform::loss_scale);
    }
    const std::string name = "derivatives, number " + std::to_string(seed_);
    BOOST_REQUIRE_MESSAGE(e.broken().broken == graph::rule::none, name << ": a rule is broken");

    interpreter<double> plain;
    give_numbers(e.result, plain);
    plain.run(e.result, batch, e.result.operations.size());
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const auto& found = plain.values[static_cast<std::size_t>(made[i].value)];
      compare(name, found, by_duals(e.result, operations, u, columns[i]));
    }
    if (collapses) {
      const auto& found = plain.values[static_cast<std::size_t>(made.back().value)];
      std::vector<double> sum(found.numbers.size());
      for (const graph::derivative_term& t : mixed) {
        std::vector<std::int32_t> by{t.first};
        if (t.second != graph::derivative_term::no_column) by.push_back(t.second);
        const std::vector<double> term = by_duals(e.result, operations, u, by);
        for (std::size_t k = 0; k < sum.size(); ++k) sum[k] += t.factor * term[k];
      }
      compare(name + ", an operator", found, sum);
    }
    row any = made[0];
    e.input(any.shape); // laws give the last input for a target
    law(e, batch, seed_, name).check(3);
  }

  /// The gradient of one number by all inputs, in reverse mode; and a derivative of it, forward over reverse.
  void check_gradient() {
    emitter e(graph::emission{true});
    row y;
    if (seed_ % 4 == 0) {
      const tensor::extents image{3, {5, 4, 2}};
      inputs_ = image.size();
      y = on_image(e, e.input(image));
    } else {
      inputs_ = between(1, 4);
      y = net(e, between(0, 3) == 0 && inputs_ > 1 ? two_inputs(e) : e.input(tensor::vector_of(inputs_)));
    }
    const row u = dense(e, smooth(e, y), 1);
    const std::size_t operations = e.result.operations.size();
    const wire slopes = graph::input_gradient(e, u);
    for (const row& d : slopes) {
      e.result.outputs.push_back(d.value);
      e.add_to_loss(e.map([](auto v) { return square(v - 0.3); }, d), graph::uniform::loss_scale);
    }
    const std::string name = "gradient, number " + std::to_string(seed_);
    BOOST_REQUIRE_MESSAGE(e.broken().broken == graph::rule::none, name << ": a rule is broken");
    interpreter<double> plain;
    give_numbers(e.result, plain);
    plain.run(e.result, batch, e.result.operations.size());
    std::size_t column = 0;
    for (const row& d : slopes) {
      const auto& found = plain.values[static_cast<std::size_t>(d.value)];
      for (std::size_t k = 0; k < d.width(); ++k, ++column) {
        const std::vector<double> expected = by_duals(e.result, operations, u, {static_cast<std::int32_t>(column)});
        for (std::size_t sample = 0; sample < batch; ++sample)
          BOOST_TEST(std::abs(found.numbers[sample * d.width() + k] - expected[sample]) <=
                         1e-11 * (1 + std::abs(expected[sample])),
                     name << ", column " << column);
      }
    }
    e.input(u.shape); // laws give the last input for a target
    law(e, batch, seed_, name).check(3);
  }

private:
  static constexpr std::size_t batch = 3;

  std::size_t between(std::size_t low, std::size_t high) {
    return std::uniform_int_distribution<std::size_t>(low, high)(engine_);
  }
  row two_inputs(emitter& e) {
    wire both = wire_of(e.input(tensor::vector_of(1)));
    both.push_back(e.input(tensor::vector_of(inputs_ - 1)));
    return e.concat(both);
  }
  row dense(emitter& e, const row& x, std::size_t out) { return emit_dense(e, x, out, between(0, 3) != 0); }
  row smooth(emitter& e, const row& x, std::size_t most = 8) {
    switch (between(0, most)) {
    case 0: return e.map([](auto v) { return tanh(v); }, x);
    case 1: return e.map([](auto v) { return v * sigmoid(v); }, x);
    case 2: return e.map([](auto v) { return sin(2 * v); }, x);
    case 3: return e.map([](auto v) { return softplus(v); }, x);
    case 4: return e.map([](auto v) { return 0.5 * v * (1 + erf(0.7071067811865476 * v)); }, x);
    case 5: return e.map([](auto v) { return exp(-v * v); }, x);
    case 6: return e.map([](auto v, auto w) { return v * tanh(w); }, x, dense(e, x, x.width()));
    case 7: {
      const row scale = e.row_mean(e.map([](auto v) { return square(v); }, x));
      return e.map([](auto v, auto s) { return v / sqrt(s + 0.1); }, x, scale);
    }
    default: break;
    }
    has_second_order_ = false;
    switch (between(0, 2)) {
    case 0: return e.softmax(x);
    case 1: return e.log_softmax(x);
    default: break;
    }
    const std::size_t width = x.width();
    const row two = e.reshape(dense(e, x, 2 * width), tensor::matrix_of(2, width));
    const row shares = e.reshape(dense(e, x, 2), tensor::matrix_of(2, 1));
    const row mixed = e.value_product(shares, two, tensor::transposed_factor::left_one);
    return e.reshape(mixed, tensor::vector_of(width));
  }
  row net(emitter& e, const row& x) {
    row y = smooth(e, dense(e, x, between(1, 9)));
    for (std::size_t i = between(0, 2); i > 0; --i) switch (between(0, 3)) {
      case 0: y = smooth(e, dense(e, y, between(1, 9))); break;
      case 1:
        y = emit_residual(e, y, [&](emitter& inner, const wire& in) {
          return wire_of(smooth(inner, dense(inner, in[0], in[0].width())));
        })[0];
        break;
      case 2: {
        wire parts = wire_of(smooth(e, dense(e, y, 3)));
        parts.push_back(y);
        parts.push_back(dense(e, y, 2));
        y = e.concat(parts);
        break;
      }
      default: {
        growing<std::size_t> widths;
        widths.push_back(2);
        widths.push_back(3);
        const wire parts = e.split(dense(e, y, 5), widths);
        y = e.map([](auto a, auto b) { return tanh(a + b); }, e.row_sum(parts[0]), parts[1]);
      }
      }
    return y;
  }
  row on_image(emitter& e, const row& x) {
    graph::window seen;
    seen.rows.size = seen.columns.size = 2;
    const auto weight = [&](std::size_t out, std::size_t in) {
      return e.parameter("kernel", {4, {tensor::extent_of(out), tensor::extent_of(in), 2, 2}},
                         fusegrad::init::constant(0));
    };
    row y = e.convolution(x, weight(3, 2), seen);
    y = e.map([](auto v) { return tanh(v); }, y);
    y = seed_ % 8 == 0 ? e.window_sum(y, seen) : e.convolution(y, weight(4, 3), seen);
    return e.position_sum(y);
  }
  graph::differential some_operator() {
    graph::differential sum;
    const std::size_t terms = between(1, 8);
    for (std::size_t i = 0; i < terms; ++i) {
      const auto first = static_cast<std::int32_t>(between(0, inputs_ - 1)),
                 second = static_cast<std::int32_t>(between(0, inputs_ - 1));
      sum.push_back({first, between(0, 3) == 0 ? graph::derivative_term::no_column : second,
                     between(0, 1) == 0 ? 1 : -0.5 * static_cast<double>(i + 1)});
    }
    return sum;
  }

  template <class R> void give_numbers(const graph::graph& g, interpreter<R>& to) const {
    std::mt19937 engine(seed_ + 1);
    std::normal_distribution<double> normal;
    for (const graph::parameter& p : g.parameters) {
      to.parameters.emplace_back();
      const double spread = p.is_matrix ? 1 / std::sqrt(static_cast<double>(p.shape.size()) / p.shape[0]) : 0.5;
      for (std::size_t i = 0; i < p.shape.size(); ++i) to.parameters.back().push_back(R(spread * normal(engine)));
    }
    for (const tensor::extents& shape : g.inputs) {
      table_of<double> rows{shape.size(), {}, false, shape};
      for (std::size_t k = 0; k < batch * rows.width; ++k) rows.numbers.push_back(normal(engine));
      to.inputs.push_back(rows);
    }
  }

  /// Every order is a dual number around the one before.
  template <class R>
  std::vector<R> run_forward(const graph::graph& g, std::size_t operations, const row& u, std::vector<R> moves) const {
    interpreter<R> forward;
    give_numbers(g, forward);
    forward.moves = std::move(moves);
    forward.run(g, batch, operations);
    return forward.values[static_cast<std::size_t>(u.value)].numbers;
  }
  std::vector<double> by_duals(const graph::graph& g, std::size_t operations, const row& u,
                               const std::vector<std::int32_t>& by) const {
    std::vector<double> out;
    if (by.size() == 1) {
      std::vector<once> moves(inputs_);
      moves[static_cast<std::size_t>(by[0])].slope = 1;
      for (const once& v : run_forward(g, operations, u, moves)) out.push_back(v.slope);
    } else if (by.size() == 2) {
      std::vector<twice> moves(inputs_);
      moves[static_cast<std::size_t>(by[0])].value.slope = 1;
      moves[static_cast<std::size_t>(by[1])].slope.value = 1;
      for (const twice& v : run_forward(g, operations, u, moves)) out.push_back(v.slope.slope);
    } else {
      std::vector<thrice> moves(inputs_);
      moves[static_cast<std::size_t>(by[0])].value.value.slope = 1;
      moves[static_cast<std::size_t>(by[1])].value.slope.value = 1;
      moves[static_cast<std::size_t>(by[2])].slope.value.value = 1;
      for (const thrice& v : run_forward(g, operations, u, moves)) out.push_back(v.slope.slope.slope);
    }
    return out;
  }

  static void compare(const std::string& name, const table_of<double>& found, const std::vector<double>& expected) {
    double scale = 1e-3;
    for (double x : expected) scale = std::max(scale, std::abs(x));
    for (std::size_t i = 0; i < expected.size(); ++i)
      BOOST_TEST(std::abs(found.numbers[i] - expected[i]) <= 1e-12 * scale,
                 name << ": " << found.numbers[i] << ", by dual numbers " << expected[i]);
  }

  std::mt19937 engine_;
  unsigned seed_;
  std::size_t inputs_ = 0;
  bool has_second_order_ = true;
};

} // namespace

BOOST_AUTO_TEST_SUITE(derivatives)

BOOST_AUTO_TEST_CASE(of_random_nets) {
  for (unsigned seed = 0; seed < 100; ++seed) field(seed).check();
}

BOOST_AUTO_TEST_CASE(in_reverse_of_random_nets) {
  for (unsigned seed = 0; seed < 60; ++seed) field(seed).check_gradient();
}

BOOST_AUTO_TEST_SUITE_END()
