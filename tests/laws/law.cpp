// SPDX-License-Identifier: MIT
#include "laws/law.hpp"
#include "random.hpp"

#include "laws/draft_interpreter.hpp"
#include "laws/interpreter.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <fusegrad/graph/backward.hpp>
#include <fusegrad/plan/draft.hpp>
#include <random>
#include <vector>

namespace fusegrad::test {

namespace {

class shape_of_law {
public:
  shape_of_law(graph::emitter e, std::size_t batch, unsigned seed, std::string name, targets kind)
      : forward_{e.result}, batch_{batch}, name_{std::move(name)}, engine_{seed} {
    graph::append_backward(e);
    // Layers that are drawn at random have no places of their own, so that names may stand twice.
    const graph::rule broken = e.broken().broken;
    BOOST_TEST((broken == graph::rule::none || broken == graph::rule::name_once),
               name_ << " breaks rule " << static_cast<int>(broken));
    whole_ = e.result;
    draw(kind);
  }

  void check(std::size_t most_parameters) {
    reverse_.run(whole_, batch_, whole_.operations.size());
    BOOST_TEST(std::isfinite(reverse_.loss), name_ << ": the loss is " << reverse_.loss);
    const std::size_t count = whole_.parameters.size(), skipped = count > most_parameters ? engine_() % count : 0;
    for (std::size_t p = 0; p < std::min(count, most_parameters); ++p)
      if (whole_.parameters[(p + skipped) % count].is_trained) check_forward((p + skipped) % count);
    check_draft();
    check_draft_of_outputs();
  }

  /// Of a gradient of this norm, as a share of it; below, the smallest norm that counts: what is zero but for rounding.
  static constexpr double tolerance = 1e-12;
  static constexpr double smallest_norm = 1e-3;

private:
  double normal() { return test::normal(engine_); }

  void draw(targets kind) {
    for (const graph::parameter& p : whole_.parameters) {
      const double fan_in = static_cast<double>(p.shape.size()) / p.shape[0];
      const double spread = p.is_matrix ? 1 / std::sqrt(fan_in) : 0.5;
      std::vector<double> numbers;
      for (std::size_t i = 0; i < p.shape.size(); ++i) numbers.push_back(spread * normal());
      reverse_.parameters.push_back(numbers);
    }
    for (std::size_t i = 0; i < whole_.inputs.size(); ++i) {
      table_of<double> rows{whole_.inputs[i].size(), {}, false, whole_.inputs[i]};
      const bool is_target = i + 1 == whole_.inputs.size();
      for (std::size_t k = 0; k < batch_ * rows.width; ++k) rows.numbers.push_back(is_target ? target(kind) : normal());
      reverse_.inputs.push_back(rows);
    }
    const double batch = static_cast<double>(batch_);
    reverse_.uniforms[static_cast<int>(graph::uniform::one_over_batch)] = 1 / batch;
    reverse_.uniforms[static_cast<int>(graph::uniform::loss_scale)] = 1 / (batch * 3);
    reverse_.uniforms[static_cast<int>(graph::uniform::unbiased)] = batch > 1 ? batch / (batch - 1) : 1;
    reverse_.uniforms[static_cast<int>(graph::uniform::one)] = 1;
  }
  double target(targets kind) {
    const double x = normal();
    switch (kind) {
    case targets::real: return x;
    case targets::signs: return x < 0 ? -1 : 1;
    case targets::shares: return 1 / (1 + std::exp(-x));
    case targets::distribution: break;
    }
    return x < 0 ? 0 : x; // soft labels that need not add up to one, some of them zero
  }

  static double norm(const std::vector<double>& v) {
    double square = 0;
    for (double x : v) square += x * x;
    return std::sqrt(square);
  }

  /// The derivative of the loss along a direction of one parameter, by dual numbers.
  double slope(std::size_t parameter, const std::vector<double>& direction) {
    interpreter<dual<double>> forward;
    forward.inputs = reverse_.inputs;
    std::copy(std::begin(reverse_.uniforms), std::end(reverse_.uniforms), std::begin(forward.uniforms));
    for (std::size_t p = 0; p < whole_.parameters.size(); ++p) {
      forward.parameters.emplace_back();
      for (std::size_t i = 0; i < reverse_.parameters[p].size(); ++i)
        forward.parameters[p].push_back({reverse_.parameters[p][i], p == parameter ? direction[i] : 0});
    }
    forward.run(forward_, batch_, forward_.operations.size());
    BOOST_TEST(std::abs(forward.loss.value - reverse_.loss) <= tolerance * (1 + std::abs(reverse_.loss)));
    return forward.loss.slope;
  }

  /// A random direction sees every entry at once; a single entry keeps faults from hiding in a sum.
  void check_forward(std::size_t p) {
    const std::vector<double>& gradient = reverse_.gradients[p];
    const auto check_along = [&](const std::vector<double>& direction) {
      double expected = slope(p, direction), found = 0;
      for (std::size_t i = 0; i < gradient.size(); ++i) found += gradient[i] * direction[i];
      const double error = std::abs(found - expected) / (norm(direction) * std::max(norm(gradient), smallest_norm));
      BOOST_TEST(error <= tolerance, name_ << ": parameter " << p << ", slope " << found << ", expected " << expected);
    };
    std::vector<double> direction;
    for (std::size_t i = 0; i < gradient.size(); ++i) direction.push_back(normal());
    check_along(direction);
    {
      std::vector<double> unit(gradient.size(), 0);
      unit[engine_() % gradient.size()] = 1;
      check_along(unit);
    }
  }

  static bool is_written(const graph::graph& g, std::size_t parameter) {
    for (const graph::operation& op : g.operations)
      if (graph::facts_of(op).is_sum() && op.parameter == graph::parameter_id(parameter)) return true;
    return false;
  }

  void check_draft() {
    graph::graph g = whole_;
    const plan::draft d = plan::drafting<double>(g).result;
    draft_interpreter run(d, batch_);
    const auto pass = [&](bool accumulate) {
      run.forget_rows();
      give_numbers(run);
      run.run(accumulate);
    };
    pass(false);
    BOOST_TEST(std::abs(run.loss - reverse_.loss) <= tolerance * (1 + std::abs(reverse_.loss)),
               name_ << ": the plan's loss");
    for (std::size_t i = 0; i < whole_.outputs.size(); ++i)
      check_same(run.output(i), reverse_.values[static_cast<std::size_t>(whole_.outputs[i])].numbers, 1, "output");
    check_gradients(run, 1);
    pass(true);
    check_gradients(run, 2);
  }
  /// What inference runs: without loss and backward pass more is fused.
  void check_draft_of_outputs() {
    graph::graph g = forward_;
    growing<graph::operation> kept;
    for (const graph::operation& op : g.operations)
      if (graph::facts_of(op).into != graph::sum_into::loss) kept.push_back(op);
    g.operations = kept;
    const plan::draft d = plan::drafting<double>(g).result;
    draft_interpreter run(d, batch_);
    give_numbers(run);
    run.run(false);
    for (std::size_t i = 0; i < g.outputs.size(); ++i)
      check_same(run.output(i), reverse_.values[static_cast<std::size_t>(g.outputs[i])].numbers, 1,
                 "output without a loss");
  }
  void give_numbers(draft_interpreter& run) const {
    for (std::size_t p = 0; p < reverse_.parameters.size(); ++p) run.set_parameter(p, reverse_.parameters[p]);
    for (std::size_t i = 0; i < reverse_.inputs.size(); ++i) run.set_input(i, reverse_.inputs[i].numbers);
    std::copy(std::begin(reverse_.uniforms), std::end(reverse_.uniforms), std::begin(run.uniforms));
  }
  void check_gradients(const draft_interpreter& run, double times) {
    double whole = 0;
    for (const auto& gradient : reverse_.gradients) whole = std::hypot(whole, norm(gradient));
    // A tenth of all: of a bias in front of a batch_norm the gradient is zero, and all that is found is rounding.
    for (std::size_t p = 0; p < reverse_.gradients.size(); ++p)
      if (is_written(whole_, p)) check_same(run.gradient_of(p), reverse_.gradients[p], times, "gradient", 0.1 * whole);
  }
  void check_same(const std::vector<double>& found, const std::vector<double>& expected, double times, const char* what,
                  double scale = 0) {
    BOOST_REQUIRE_EQUAL(found.size(), expected.size());
    std::vector<double> error;
    for (std::size_t i = 0; i < found.size(); ++i) error.push_back(found[i] / times - expected[i]);
    BOOST_TEST(norm(error) <= tolerance * std::max({norm(expected), smallest_norm, scale}),
               name_ << ": the plan's " << what << " is off by " << norm(error));
  }

  graph::graph forward_, whole_;
  std::size_t batch_;
  std::string name_;
  std::mt19937 engine_;
  interpreter<double> reverse_;
};

} // namespace

void law::check(std::size_t most_parameters) const {
  shape_of_law(emitter_, batch_, seed_, name_, kind_).check(most_parameters);
}

} // namespace fusegrad::test
