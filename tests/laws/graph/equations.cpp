// SPDX-License-Identifier: MIT
#include "laws/dual.hpp"
#include "laws/interpreter.hpp"
#include "laws/law.hpp"
#include "laws/random_layers.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <fusegrad/graph/equation.hpp>
#include <fusegrad/train/equation.hpp>
#include <random>
#include <string>
#include <vector>

// Equations whose inputs come in groups, as operations of the graph: against dual numbers of dual numbers sent through
// the net itself, and by the laws of every graph.
namespace {

namespace fg = fusegrad;
namespace graph = fusegrad::graph;
namespace tensor = fusegrad::tensor;
using fg::emitter, fg::row;
using namespace fusegrad::test;

constexpr auto of_one_result = [](auto u, auto v, auto x, auto t) { return laplacian(u, x) + 0.5 * d(u, t) - v * t; };
constexpr auto of_three_results = [](auto u, auto v, auto x, auto t) {
  const auto slopes = d(u, x);
  auto flow = d(v, x);
  for (auto& part : flow) part = u * part;
  return fg::values(d(u, t) - laplacian(u, x), divergence(flow, x), dot(slopes, slopes) - u * x[0]);
};

/// What the net with outputs u, v of x..., t gives at one point, by dual numbers.
struct point {
  double u, v, t_slope, t;
  std::vector<double> x, u_slopes, v_slopes, u_curves, v_curves;

  double squared_one() const { return std::pow(sum(u_curves) + 0.5 * t_slope - v * t, 2); }
  double squared_three() const {
    const double flow = u * sum(v_curves) + dot(u_slopes, v_slopes);
    return std::pow(t_slope - sum(u_curves), 2) + std::pow(flow, 2) + std::pow(dot(u_slopes, u_slopes) - u * x[0], 2);
  }
  static double sum(const std::vector<double>& of) {
    double total = 0;
    for (double one : of) total += one;
    return total;
  }
  static double dot(const std::vector<double>& a, const std::vector<double>& b) {
    double total = 0;
    for (std::size_t i = 0; i < a.size(); ++i) total += a[i] * b[i];
    return total;
  }
};

template <std::size_t Inputs> class problem {
public:
  static constexpr std::size_t batch = 3;

  template <class Equation> void check(Equation, double (point::*expected)() const, std::size_t drawn) {
    emitter e(graph::emission{true});
    fg::wire inputs = wire_of(e.input(tensor::vector_of(Inputs + 1)));
    const row hidden = e.map([](auto a) { return tanh(a); }, emit_dense(e, inputs[0], 5));
    const row outputs = emit_dense(e, hidden, 2);
    const std::size_t operations = e.result.operations.size();
    graph::equation_writer writer(e, outputs, inputs);
    const row squared = writer.squared(fg::expr::recording_of<typename Equation::recipe, Equation::arguments>());
    BOOST_REQUIRE_MESSAGE(e.broken().broken == graph::rule::none, Inputs << " inputs: a rule is broken");
    e.result.outputs.push_back(squared.value);
    e.add_to_loss(squared, graph::uniform::loss_scale);

    interpreter<double> plain;
    give_numbers(e.result, plain);
    plain.run(e.result, batch, e.result.operations.size());
    const auto& found = plain.values[static_cast<std::size_t>(squared.value)].numbers;
    const std::vector<point> points = by_duals(e.result, operations, outputs);
    for (std::size_t i = 0; i < batch; ++i) {
      const double due = (points[i].*expected)();
      BOOST_TEST(std::abs(found[i] - due) <= 1e-12 * (1 + due), Inputs << " inputs: " << found[i] << ", due " << due);
    }
    e.input(squared.shape); // laws give the last input for a target
    law(e, batch, 1, "an equation of " + std::to_string(Inputs) + " inputs").check(drawn);
  }

private:
  template <class R> void give_numbers(const graph::graph& g, interpreter<R>& to) const {
    std::mt19937 engine(1);
    std::normal_distribution<double> normal;
    for (const graph::parameter& p : g.parameters) {
      to.parameters.emplace_back();
      for (std::size_t i = 0; i < p.shape.size(); ++i) to.parameters.back().push_back(R(0.4 * normal(engine)));
    }
    table_of<double> rows{Inputs + 1, {}, false, tensor::vector_of(Inputs + 1)};
    for (std::size_t k = 0; k < batch * rows.width; ++k) rows.numbers.push_back(normal(engine));
    to.inputs.push_back(rows);
  }

  /// Every order is a dual number around the one before: each input moves by itself.
  std::vector<point> by_duals(const graph::graph& g, std::size_t operations, const row& outputs) const {
    using twice = dual<dual<double>>;
    std::vector<point> points(batch);
    for (std::size_t k = 0; k <= Inputs; ++k) {
      interpreter<twice> forward;
      give_numbers(g, forward);
      forward.moves.resize(Inputs + 1);
      forward.moves[k].value.slope = forward.moves[k].slope.value = 1;
      forward.run(g, batch, operations);
      const std::vector<twice>& made = forward.values[static_cast<std::size_t>(outputs.value)].numbers;
      for (std::size_t i = 0; i < batch; ++i) {
        point& to = points[i];
        const twice& u = made[2 * i];
        const twice& v = made[2 * i + 1];
        const double input = forward.inputs[0].numbers[i * (Inputs + 1) + k];
        to.u = u.value.value, to.v = v.value.value;
        if (k == Inputs) {
          to.t = input, to.t_slope = u.slope.value;
          continue;
        }
        to.x.push_back(input);
        to.u_slopes.push_back(u.slope.value), to.v_slopes.push_back(v.slope.value);
        to.u_curves.push_back(u.slope.slope), to.v_curves.push_back(v.slope.slope);
      }
    }
    return points;
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(equations)

BOOST_AUTO_TEST_CASE(of_inputs_in_groups) {
  problem<1>().check(fg::equation<1, 1>(of_one_result), &point::squared_one, 1000);
  problem<2>().check(fg::equation<2, 1>(of_one_result), &point::squared_one, 1000);
  problem<2>().check(fg::equation<2, 1>(of_three_results), &point::squared_three, 1000);
  problem<5>().check(fg::equation<5, 1>(of_three_results), &point::squared_three, 10);
}

BOOST_AUTO_TEST_CASE(of_fifty_inputs) {
  problem<50>().check(fg::equation<50, 1>(of_one_result), &point::squared_one, 4);
  problem<50>().check(fg::equation<50, 1>(of_three_results), &point::squared_three, 4);
}

BOOST_AUTO_TEST_SUITE_END()
