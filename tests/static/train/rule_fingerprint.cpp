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
// A power is another one.
constexpr auto third =
    fg::update_rule([](auto weight, auto gradient) { return fg::updated(weight - pow<3>(gradient)); });
constexpr auto fourth =
    fg::update_rule([](auto weight, auto gradient) { return fg::updated(weight - pow<4>(gradient)); });
static_assert(of(third) != of(fourth));

} // namespace
