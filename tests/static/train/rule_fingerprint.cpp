// SPDX-License-Identifier: MIT
#include <fusegrad/train/rule_fingerprint.hpp>
#include <fusegrad/train/update_rules.hpp>

// Rules are told apart by what their functions compute, settings and their names aside.
namespace {

namespace fg = fusegrad;
using fg::train::rule_fingerprint;

template <class Rule> constexpr std::uint64_t of(const Rule&) { return rule_fingerprint<Rule>(); }
constexpr auto descent = [](auto scale) {
  return fg::update_rule([](auto weight, auto gradient) {
    return fg::updated(weight - decltype(scale)::value * fg::setting<"learning_rate">(0.1) * gradient);
  });
};
template <int Scale> struct by {
  static constexpr double value = Scale;
};

static_assert(rule_fingerprint<fg::adam>() == rule_fingerprint<fg::adam>());
static_assert(rule_fingerprint<fg::adam>() != rule_fingerprint<fg::adamw>());
static_assert(rule_fingerprint<fg::sgd>() != rule_fingerprint<fg::rmsprop>());
static_assert(of(descent(by<2>{})) == of(descent(by<2>{})) && of(descent(by<2>{})) != of(descent(by<3>{})));

// What a setting is by default is no part of the function, and neither is the order that its parts are recorded in.
constexpr auto first = fg::update_rule([](auto weight, auto gradient) {
  const auto rate = fg::setting<"learning_rate">(0.1);
  const auto decay = fg::setting<"decay">(0);
  return fg::updated(weight - rate * (gradient + decay * weight));
});
constexpr auto turned_around = fg::update_rule([](auto weight, auto gradient) {
  const auto decay = fg::setting<"decay">(0.5);
  const auto rate = fg::setting<"learning_rate">(0.2);
  return fg::updated(weight - (decay * weight + gradient) * rate);
});
static_assert(of(first) == of(turned_around));
// The same operations on other operands are another function.
constexpr auto rate_of_decay = fg::update_rule([](auto weight, auto gradient) {
  const auto rate = fg::setting<"learning_rate">(0.1);
  const auto decay = fg::setting<"decay">(0);
  return fg::updated(weight - (rate * gradient + decay * weight));
});
constexpr auto decay_of_sum = fg::update_rule([](auto weight, auto gradient) {
  const auto rate = fg::setting<"learning_rate">(0.1);
  const auto decay = fg::setting<"decay">(0);
  return fg::updated(rate * (weight + decay * weight) - gradient);
});
static_assert(of(first) != of(rate_of_decay) && of(first) != of(decay_of_sum));
static_assert(of(rate_of_decay) != of(decay_of_sum));
// So are those of another argument, another setting, and a state instead of a setting.
constexpr auto with_mean = [](auto direction) {
  return fg::update_rule([](auto weight, auto gradient) {
    return fg::updated(decltype(direction){}(weight, gradient), fg::next<"mean">(gradient));
  });
};
constexpr auto to_gradient = with_mean([](auto w, auto g) { return w - fg::setting<"rate">(0.1) * g; });
constexpr auto to_weight = with_mean([](auto w, auto g) { return g - fg::setting<"rate">(0.1) * w; });
constexpr auto by_other = with_mean([](auto w, auto g) { return w - fg::setting<"decay">(0.1) * g; });
constexpr auto by_mean_setting = with_mean([](auto w, auto g) { return w - fg::setting<"mean">(0.1) * g; });
constexpr auto by_mean = with_mean([](auto w, auto g) { return w - fg::state<"mean">() * g; });
static_assert(of(to_gradient) != of(to_weight) && of(to_gradient) != of(by_other));
static_assert(of(by_mean) != of(by_mean_setting));
// States are known by their names: which of two comes first is nothing, which has which value is all.
template <class First, class Second> constexpr auto two_states(First, Second) {
  return fg::update_rule([](auto weight, auto gradient) {
    return fg::updated(weight, First{}(weight, gradient), Second{}(weight, gradient));
  });
}
constexpr auto mean_of_gradient = [](auto, auto g) { return fg::next<"mean">(g); };
constexpr auto mean_of_weight = [](auto w, auto) { return fg::next<"mean">(w); };
constexpr auto last_of_gradient = [](auto, auto g) { return fg::next<"last">(g); };
constexpr auto last_of_weight = [](auto w, auto) { return fg::next<"last">(w); };
static_assert(of(two_states(mean_of_gradient, last_of_weight)) == of(two_states(last_of_weight, mean_of_gradient)));
static_assert(of(two_states(mean_of_gradient, last_of_weight)) != of(two_states(mean_of_weight, last_of_gradient)));
// A power is another one.
constexpr auto third =
    fg::update_rule([](auto weight, auto gradient) { return fg::updated(weight - pow<3>(gradient)); });
constexpr auto fourth =
    fg::update_rule([](auto weight, auto gradient) { return fg::updated(weight - pow<4>(gradient)); });
static_assert(of(third) != of(fourth));
// Factors of a product count in any order, those of a difference or quotient in theirs.
constexpr auto quotient = fg::update_rule([](auto weight, auto gradient) { return fg::updated(weight / gradient); });
constexpr auto other_quotient =
    fg::update_rule([](auto weight, auto gradient) { return fg::updated(gradient / weight); });
static_assert(of(quotient) != of(other_quotient));

// They stand in checkpoints: each compiler and each version finds the same. Who has to change a number here because of
// how it is made, and not because of what the rule computes, gives the key in src/io/run_tensors.cpp another number.
static_assert(rule_fingerprint<fg::sgd>() == 17109174458710513337U);
static_assert(rule_fingerprint<fg::adam>() == 569596484853338038U);
static_assert(rule_fingerprint<fg::adamw>() == 2081859457590192580U);
static_assert(of(third) == 1386995958138327868U);

} // namespace
