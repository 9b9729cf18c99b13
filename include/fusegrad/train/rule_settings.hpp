// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/refuse.hpp>
#include <fusegrad/expr/recorded.hpp>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>

namespace fusegrad::train {

/// What the value of a setting may be, and how a person would say it. NaN is in no range.
struct setting_range {
  double least, most;
  bool has_least, has_most; ///< whether the ends themselves belong to it
  const char* words;
  bool must_be_normal = false; ///< no smaller than the least normal number of the trainer's type

  [[nodiscard]] constexpr bool has(double value) const noexcept {
    return (has_least ? value >= least : value > least) && (has_most ? value <= most : value < most);
  }
};

inline constexpr double largest_number = std::numeric_limits<double>::max();
inline constexpr setting_range above_zero{0, largest_number, false, true, "above 0 and finite", true};
inline constexpr setting_range zero_or_more{0, largest_number, true, true, "0 or more and finite"};
inline constexpr setting_range below_one{0, 1, true, false, "from 0 to less than 1"};
inline constexpr setting_range up_to_one{0, 1, true, true, "from 0 to 1"};
inline constexpr setting_range finite{-largest_number, largest_number, true, true, "finite"};

/// A setting of the rule `Rule`: its name in the rule's function, what it is and may be.
template <class Rule> struct rule_setting {
  std::string_view name;
  setting_range range;
  double (*of)(const Rule&);
  void (*set)(Rule&, double);
};

namespace detail {
template <auto Member> struct behind;
template <class Rule, class Value, Value Rule::* Member> struct behind<Member> {
  using rule = Rule;
  using value = Value;
};
} // namespace detail

/// The setting that a member of a rule holds.
template <auto Member> constexpr auto setting_at(std::string_view name, const setting_range& range) {
  using rule = typename detail::behind<Member>::rule;
  return rule_setting<rule>{
      name, range, [](const rule& r) { return static_cast<double>(r.*Member); },
      [](rule& r, double value) { r.*Member = static_cast<typename detail::behind<Member>::value>(value); }};
}

[[noreturn]] inline void refuse_setting(std::string_view name, const char* expected, double found) {
  base::refuse("fusegrad: %.*s is %s, not %g.", static_cast<int>(name.size()), name.data(), expected, found);
}
[[noreturn]] inline void refuse_setting_name(std::string_view name, const std::string& known) {
  base::refuse<std::out_of_range>("fusegrad: the update rule has no setting \"%.*s\"; it has %s.",
                                  static_cast<int>(name.size()), name.data(), known.c_str());
}

/// Whether a number can be a factor on the learning rate of a rule: of one that has none, only 1.
constexpr bool is_rate_factor(double factor, bool has_learning_rate) noexcept {
  return zero_or_more.has(factor) && (has_learning_rate || factor == 1);
}
[[noreturn, gnu::cold]] inline void refuse_rate_factor(std::string_view name, double found) {
  if (!zero_or_more.has(found)) refuse_setting(name, zero_or_more.words, found);
  base::refuse(
      "fusegrad: %.*s is %g, and the update rule has no setting \"learning_rate\" that it could be a factor on.",
      static_cast<int>(name.size()), name.data(), found);
}

/// A setting by its name. Throws std::out_of_range for a name that the rule does not have.
template <class Rule> constexpr rule_setting<Rule> find_setting(std::string_view name) {
  for (const rule_setting<Rule>& s : Rule::settings())
    if (s.name == name) return s;
  std::string known;
  for (const rule_setting<Rule>& s : Rule::settings()) known += (known.empty() ? "" : ", ") + std::string(s.name);
  refuse_setting_name(name, known);
}
/// The value of a setting by its name.
template <class Rule> constexpr double setting_of(const Rule& rule, std::string_view name) {
  return find_setting<Rule>(name).of(rule);
}

/// Whether the function of a rule reads a setting of this name.
template <class Rule> constexpr bool has_setting(std::string_view name) {
  for (const expr::named_leaf& leaf : expr::leaves_of<typename Rule::recipe, 2>())
    if (leaf.kind == expr::leaf_kind::setting && leaf.name == name) return true;
  return false;
}

/// Throws std::invalid_argument naming a setting that is out of its range, what it has to be and what it is. A rule of
/// a user's own tells no ranges: its settings have to be finite, and a learning rate above 0. `T` is the number type
/// that they become in a step.
template <class T, class Rule> constexpr void check_rule(const Rule& rule) {
  const auto check = [](std::string_view name, const setting_range& range, double value) {
    if (!range.has(value)) refuse_setting(name, range.words, value);
    // Where a step reads a smaller one itself, it reads zero (math/flush_to_zero.hpp), and learns nothing. Refused also
    // where it would count: what a rule makes of settings alone is worked out in double.
    const double least =
        static_cast<double>(range.must_be_normal ? std::numeric_limits<T>::min() : std::numeric_limits<T>::lowest());
    if (!(value <= static_cast<double>(std::numeric_limits<T>::max()) && value >= least))
      refuse_setting(name, "within the range of the trainer's number type", value);
  };
  if constexpr (requires { Rule::settings(); }) {
    for (const rule_setting<Rule>& s : Rule::settings()) check(s.name, s.range, s.of(rule));
  } else {
    for (const expr::named_leaf& leaf : expr::leaves_of<typename Rule::recipe, 2>()) {
      if (leaf.kind != expr::leaf_kind::setting || leaf.name == "step") continue;
      check(leaf.name, leaf.name == "learning_rate" ? above_zero : finite, rule.setting(leaf.name));
    }
  }
}

} // namespace fusegrad::train
