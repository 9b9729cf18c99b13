// SPDX-License-Identifier: MIT
#include <fusegrad/train/rule_settings.hpp>

#include "says.hpp"

#include <boost/test/unit_test.hpp>

#include <fusegrad/train/update_rules.hpp>
#include <limits>
#include <stdexcept>
#include <string>

namespace {

namespace fg = fusegrad;

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double infinite = std::numeric_limits<double>::infinity();

using fusegrad::test::says;
template <class Rule> void refuses(Rule rule, const std::string& words) {
  BOOST_CHECK_EXCEPTION(fg::train::check_rule<float>(rule), std::invalid_argument, says(words));
}

/// Sets each setting of a rule to values that it cannot have, and to its own, which it can.
template <class Rule> void every_setting_has_a_range() {
  fg::train::check_rule<float>(Rule{});
  for (const auto& setting : Rule::settings()) {
    if (setting.name == "nesterov") continue; // true or false: all there is
    for (const double wrong : {not_a_number, infinite, -infinite, -0.5, 1e300}) {
      Rule rule;
      setting.set(rule, wrong);
      refuses(rule, std::string(setting.name) + " is ");
    }
  }
}

BOOST_AUTO_TEST_SUITE(train_rule_settings)

BOOST_AUTO_TEST_CASE(every_setting_of_every_rule_has_a_range) {
  every_setting_has_a_range<fg::sgd>();
  every_setting_has_a_range<fg::momentum_sgd>();
  every_setting_has_a_range<fg::adagrad>();
  every_setting_has_a_range<fg::rmsprop>();
  every_setting_has_a_range<fg::adam>();
  every_setting_has_a_range<fg::adamw>();
}

BOOST_AUTO_TEST_CASE(what_is_out_of_range_is_named) {
  refuses(fg::sgd{.learning_rate = 0}, "learning_rate is above 0 and finite, not 0");
  refuses(fg::sgd{.learning_rate = -1}, "learning_rate is above 0 and finite, not -1");
  refuses(fg::adam{.beta1 = 1}, "beta1 is from 0 to less than 1, not 1");
  refuses(fg::adamw{.beta2 = -0.1}, "beta2 is from 0 to less than 1, not -0.1");
  refuses(fg::momentum_sgd{.momentum = 5}, "momentum is from 0 to less than 1, not 5");
  refuses(fg::momentum_sgd{.dampening = 1.5}, "dampening is from 0 to 1, not 1.5");
  refuses(fg::rmsprop{.smoothing = 2}, "smoothing is from 0 to less than 1, not 2");
  refuses(fg::adam{.learning_rate = 1e300},
          "learning_rate is within the range of the trainer's number type, not 1e+300");
  fg::train::check_rule<double>(fg::adam{.learning_rate = 1e300, .epsilon = 0});
  // Nothing would be learned.
  refuses(fg::sgd{.learning_rate = 1e-39}, "learning_rate is within the range of the trainer's number type, not 1e-39");
  fg::train::check_rule<double>(fg::sgd{.learning_rate = 1e-39});
  fg::train::check_rule<float>(fg::sgd{.learning_rate = 1e-37, .weight_decay = 1e-60});
}

BOOST_AUTO_TEST_CASE(a_name_is_a_setting_of_the_rule_or_refused) {
  BOOST_TEST(fg::sgd{.weight_decay = 0.7}.setting("weight_decay") == 0.7);
  BOOST_CHECK_EXCEPTION(static_cast<void>(fg::sgd{}.setting("momentum")), std::out_of_range,
                        says("no setting \"momentum\"; it has learning_rate, weight_decay"));
  BOOST_CHECK_THROW(static_cast<void>(fg::momentum_sgd{.nesterov = true}.setting("typo")), std::out_of_range);
  BOOST_TEST((fg::momentum_sgd{.nesterov = true}.setting("nesterov")) == 1);
}

BOOST_AUTO_TEST_CASE(settings_of_a_users_rule_are_finite) {
  constexpr auto rule =
      fg::update_rule([](auto w, auto g) { return w - fg::setting<"rate">(0.1) * g * fg::setting<"step">(1); });
  fg::train::check_rule<float>(rule);
  refuses(rule.with<"rate">(not_a_number), "rate is finite, not nan");
  fg::train::check_rule<float>(rule.with<"rate">(-1)); // what it means is the user's affair
  BOOST_CHECK_EXCEPTION(static_cast<void>(rule.setting("typo")), std::out_of_range,
                        says("no setting \"typo\"; it has rate, step"));
  constexpr auto with_rate = fg::update_rule([](auto w, auto g) { return w - fg::setting<"learning_rate">(0.1) * g; });
  refuses(with_rate.with<"learning_rate">(0), "learning_rate is above 0 and finite, not 0");
}

// Whether a rule reads a setting, and where it stands, is known to the compiler.
static_assert(fg::train::has_setting<fg::adam>("learning_rate") && !fg::train::has_setting<fg::adam>("momentum"));
static_assert(!fg::train::has_setting<fg::adam>("mean")); // a state
static_assert(fg::momentum_sgd{.momentum = 0.5}.setting("momentum") == 0.5);

BOOST_AUTO_TEST_SUITE_END()

} // namespace
