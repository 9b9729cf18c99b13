// SPDX-License-Identifier: MIT
#include <fusegrad/train/update_rule.hpp>

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstdint>
#include <fusegrad/layer/dense.hpp>
#include <fusegrad/train/loss.hpp>
#include <fusegrad/train/trainer.hpp>
#include <string_view>
#include <vector>

namespace {

namespace fg = fusegrad;

// Settings and states that meet each other before they meet the weight, on either side of an operator and within a
// function.
constexpr auto quotient = [](auto w, auto g) {
  return w - fg::setting<"learning_rate">(0.1) / fg::setting<"scale">(4) * g;
};

constexpr auto momentum = [](auto weight, auto gradient) {
  const auto velocity = fg::setting<"momentum">(0.9) * fg::state<"velocity">() + gradient;
  return fg::updated(weight - fg::setting<"learning_rate">(0.1) * velocity, fg::next<"velocity">(velocity));
};

constexpr auto lion = [](auto weight, auto gradient) {
  const auto rate = fg::setting<"learning_rate">(1e-3);
  const auto beta1 = fg::setting<"beta1">(0.9);
  const auto beta2 = fg::setting<"beta2">(0.99);
  const auto mean = fg::state<"mean">();
  const auto direction = sign(beta1 * mean + (1 - beta1) * gradient);
  return fg::updated(weight - rate * direction, fg::next<"mean">(beta2 * mean + (1 - beta2) * gradient));
};

// Both operands of the outer operators are recorded by the function itself: which comes first is its compiler's choice.
constexpr auto two_sides = [](auto w, auto g) {
  return (w - fg::setting<"a">(1) * g) * max(fg::setting<"b">(2) * w, fg::setting<"c">(3) * g) -
         (g * fg::setting<"d">(4)) * (w * fg::setting<"e">(5));
};

/// The values of the settings, asked for at run time.
template <class Rule>
void check_settings(const Rule& rule, const std::vector<std::pair<std::string_view, double>>& expected) {
  for (const auto& [name, value] : expected)
    BOOST_TEST(rule.setting(name) == value, name << " is " << rule.setting(name) << ", not " << value);
}

BOOST_AUTO_TEST_SUITE(train_update_rule)

BOOST_AUTO_TEST_CASE(settings_of_a_constant_rule_keep_their_names_at_run_time) {
  constexpr auto of_quotient = fg::update_rule(quotient);
  static_assert(of_quotient.setting("learning_rate") == 0.1 && of_quotient.setting("scale") == 4);
  check_settings(of_quotient, {{"learning_rate", 0.1}, {"scale", 4}});
  constexpr auto of_momentum = fg::update_rule(momentum);
  check_settings(of_momentum, {{"learning_rate", 0.1}, {"momentum", 0.9}});
  constexpr auto of_lion = fg::update_rule(lion);
  check_settings(of_lion, {{"learning_rate", 1e-3}, {"beta1", 0.9}, {"beta2", 0.99}});
  constexpr auto of_two_sides = fg::update_rule(two_sides);
  check_settings(of_two_sides, {{"a", 1}, {"b", 2}, {"c", 3}, {"d", 4}, {"e", 5}});
}

BOOST_AUTO_TEST_CASE(settings_keep_their_names_wherever_a_rule_is_made) {
  check_settings(fg::update_rule(two_sides), {{"a", 1}, {"b", 2}, {"c", 3}, {"d", 4}, {"e", 5}});
  constexpr auto constant = fg::update_rule(lion);
  check_settings(constant.with<"beta2">(0.5), {{"learning_rate", 1e-3}, {"beta1", 0.9}, {"beta2", 0.5}});
  constexpr auto changed = constant.with<"learning_rate">(0.01);
  check_settings(changed, {{"learning_rate", 0.01}, {"beta1", 0.9}, {"beta2", 0.99}});
}

constexpr auto network = fg::input<1> | fg::dense<1>;
constexpr auto linear = fg::loss([](auto prediction, auto target) { return prediction * target; });

/// One weight, whose gradient is 1 in every step: where it is after each of `steps` steps, from 1.
template <class Rule> std::vector<double> path_of_a_weight(const Rule& rule, int steps) {
  fg::trainer trainer{network, linear, rule, fg::training_options<double>{}};
  const std::vector<double> one{1};
  trainer.write("0.weight", one);
  std::vector<double> path;
  for (int i = 0; i < steps; ++i) {
    trainer.step(fg::with_targets<double>(one, 1, one, 1), std::vector<std::uint32_t>{0});
    path.push_back(trainer.read("0.weight")[0]);
  }
  return path;
}

// Whoever mentions it, and be it in the next value of another.
constexpr bool starts_where_it_is_mentioned() {
  using recipe = fg::expr::recipe_of<decltype([](auto w, auto g) {
    return fg::updated(w - 0.1 * g, fg::next<"a">(g), fg::next<"b">(fg::state<"a">(5.0) + fg::state<"b">(3.0)));
  })>;
  for (const fg::expr::named_leaf& leaf : fg::expr::leaves_of<recipe, 2>())
    if (leaf.initial != (leaf.name == "a" ? 5 : 3)) return false;
  return fg::expr::leaves_of<recipe, 2>().size() == 2;
}
static_assert(starts_where_it_is_mentioned());

BOOST_AUTO_TEST_CASE(a_trainer_uses_the_values_of_a_constant_rule) {
  constexpr auto of_quotient = fg::update_rule(quotient);
  BOOST_TEST(path_of_a_weight(of_quotient, 1)[0] == 0.975, boost::test_tools::tolerance(1e-15));

  constexpr auto of_momentum = fg::update_rule(momentum);
  const std::vector<double> path = path_of_a_weight(of_momentum, 3);
  double weight = 1, velocity = 0;
  for (double found : path) {
    velocity = 0.9 * velocity + 1;
    weight -= 0.1 * velocity;
    BOOST_TEST(found == weight, boost::test_tools::tolerance(1e-15));
  }

  // The gradient has one sign throughout: each step of Lion is the learning rate.
  constexpr auto of_lion = fg::update_rule(lion).with<"learning_rate">(0.01);
  BOOST_TEST(path_of_a_weight(of_lion, 3)[2] == 0.97, boost::test_tools::tolerance(1e-15));
}

// The gradient of the weight is input times target, that of the bias the target.
BOOST_AUTO_TEST_CASE(a_rule_does_what_a_loop_written_by_hand_does) {
  constexpr auto rule = fg::update_rule(lion).with<"learning_rate">(0.01);
  fg::trainer trainer{network, linear, rule, fg::training_options<double>{}};
  double parameters[]{0.7, -0.2}, means[]{0, 0};
  trainer.write("0.weight", std::vector<double>{parameters[0]});
  trainer.write("0.bias", std::vector<double>{parameters[1]});
  for (int step = 0; step < 100; ++step) {
    const std::vector<double> input{std::cos(0.7 * step)}, target{std::sin(0.3 * step + 0.1)};
    const double gradients[]{input[0] * target[0], target[0]};
    for (int i = 0; i < 2; ++i) {
      const double direction = 0.9 * means[i] + (1 - 0.9) * gradients[i];
      parameters[i] -= 0.01 * ((direction > 0) - (direction < 0));
      means[i] = 0.99 * means[i] + (1 - 0.99) * gradients[i];
    }
    trainer.step(fg::with_targets<double>(input, 1, target, 1), std::vector<std::uint32_t>{0});
  }
  BOOST_TEST(trainer.read("0.weight")[0] == parameters[0], boost::test_tools::tolerance(1e-13));
  BOOST_TEST(trainer.read("0.bias")[0] == parameters[1], boost::test_tools::tolerance(1e-13));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
