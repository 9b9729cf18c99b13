// SPDX-License-Identifier: MIT
#include "laws/models.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <fusegrad/train/trainer.hpp>
#include <fusegrad/train/update_rules.hpp>
#include <limits>
#include <string>
#include <utility>
#include <vector>

// Packed parameters are padded to whole vectors: what an update rule or a penalty makes of the padding must reach
// nothing.
namespace {

constexpr auto model = fg::input<3> | fg::dense<5> | fg::tanh | fg::dense<1>;
using model_type = std::remove_cv_t<decltype(model)>;

const std::vector<double> inputs{.1, .2, -.3, .5, -.4, .7}, targets{.4, -.2};
const std::vector<std::uint32_t> indices{0, 1};

template <class Loss, class Rule> auto stepped(const Loss& loss, const Rule& rule, double clip_norm, int steps) {
  fg::trainer<model_type, Loss, Rule, double> trainer(
      model, loss, rule, {.seed = 2, .largest_batch = 2, .threads = 1, .clip_norm = clip_norm});
  for (int i = 0; i < steps; ++i) trainer.step(fg::with_targets<double>(inputs, 3, targets, 1), indices);
  return trainer;
}

/// Whether nothing but the parameters themselves is other than zero.
template <class Trainer> bool has_clean_padding(const Trainer& trainer) {
  fg::weights<model_type, double> repacked;
  for (const auto& name : trainer.parameter_names()) repacked.write(name, trainer.read(name));
  const auto a = trainer.parameters().packed(), b = std::as_const(repacked).packed();
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

double moved(const fg::weights<model_type, double>& from, const fg::weights<model_type, double>& to) {
  double square = 0;
  for (const auto& name : fg::weights<model_type, double>::parameter_names()) {
    const auto a = from.read(name), b = to.read(name);
    for (std::size_t i = 0; i < a.size(); ++i) square += (a[i] - b[i]) * (a[i] - b[i]);
  }
  return std::sqrt(square);
}

} // namespace

BOOST_AUTO_TEST_SUITE(padding_of_parameters)

// A clipped gradient has exactly the norm asked for: if the padding counted, the part that moves weights would be
// shorter.
BOOST_AUTO_TEST_CASE(a_penalty_that_is_not_flat_at_zero_counts_weights_only) {
  const auto loss = fg::mean_squared_error + fg::weight_penalty([](auto w) { return fg::square(w - 1); });
  const auto trainer = stepped(loss, fg::sgd{.learning_rate = 1}, 0.25, 1);
  BOOST_TEST(moved(fg::weights<model_type, double>(model, 2), trainer.parameters()) == 0.25,
             boost::test_tools::tolerance(1e-5));
}

BOOST_AUTO_TEST_CASE(a_rule_that_moves_zeros_or_divides_by_them_does_no_harm) {
  const auto rule = fg::update_rule([](auto w, auto g) { return w - 0.01 * g / fg::abs(w + g) - 0.001; });
  for (const double clip_norm : {1e9, std::numeric_limits<double>::infinity()}) {
    const auto trainer = stepped(fg::mean_squared_error, rule, clip_norm, 3);
    for (const auto& name : trainer.parameter_names())
      for (double x : trainer.read(name)) BOOST_TEST(std::isfinite(x));
    BOOST_TEST(has_clean_padding(trainer));
  }
}

// 0 / 0, wherever a gradient is zero.
BOOST_AUTO_TEST_CASE(an_epsilon_of_zero_does_no_harm) {
  const auto trainer =
      stepped(fg::mean_squared_error, fg::adam{.epsilon = 0}, std::numeric_limits<double>::infinity(), 3);
  BOOST_TEST(has_clean_padding(trainer));
  BOOST_TEST(trainer.is_finite());
  const auto plain =
      stepped(fg::mean_squared_error, fg::adam{.epsilon = 1e-300}, std::numeric_limits<double>::infinity(), 3);
  BOOST_TEST(has_clean_padding(plain));
  for (const auto& name : plain.parameter_names()) BOOST_TEST(plain.read(name) == trainer.read(name)); // fused or not
}

// A weight that no gradient reaches has the penalty's alone, in every step anew.
BOOST_AUTO_TEST_CASE(a_penalty_on_a_weight_without_gradient_does_not_pile_up) {
  constexpr auto stopped =
      fg::input<3> | fg::dense<5> | fg::activation([](auto x) { return stop_gradient(x); }) | fg::dense<1>;
  fg::trainer trainer(stopped, fg::mean_squared_error + fg::l2<0.5>, fg::sgd{.learning_rate = 0.1},
                      fg::training_options<double>{.seed = 2, .largest_batch = 2, .threads = 1});
  const auto before = trainer.read("0.weight");
  for (int i = 0; i < 4; ++i) trainer.step(fg::with_targets<double>(inputs, 3, targets, 1), indices);
  const auto after = trainer.read("0.weight");
  for (std::size_t i = 0; i < before.size(); ++i)
    BOOST_TEST(after[i] == before[i] * std::pow(1 - 0.1 * 0.5, 4), boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_SUITE_END()
