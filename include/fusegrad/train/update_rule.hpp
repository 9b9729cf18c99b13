// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/train/errors.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <fusegrad/base/fixed_string.hpp>
#include <fusegrad/expr/function.hpp>
#include <fusegrad/train/rule_settings.hpp>
#include <span>
#include <string>
#include <string_view>

namespace fusegrad {

/// An update rule from a generic function of weight and gradient, with the values of its settings. A setting called
/// `learning_rate` follows the schedule of a fit; one called `step` counts the updates, from 1.
template <class Recipe> class update_rule_function {
public:
  using recipe = Recipe;

  constexpr update_rule_function() {
    for (std::size_t i = 0; i < leaves.size(); ++i) values_[i] = leaves[i].initial;
  }

  /// The rule with another value of a setting: `rule.template with<"learning_rate">(0.01)`.
  template <fixed_string Name> [[nodiscard]] constexpr update_rule_function with(double value) const {
    constexpr int place = place_of(Name.view());
    if constexpr (place < 0) static_cast<void>(sizeof(update_rule_has_no_such_setting<diagnostics::got<Name>>));
    update_rule_function out = *this;
    out.values_[place < 0 ? 0 : place] = value;
    return out;
  }

  /// The value of a setting; a rule written by hand as an aggregate offers the same function. Throws std::out_of_range
  /// for a name that the function does not use.
  [[nodiscard]] constexpr double setting(std::string_view name) const {
    const int place = place_of(name);
    if (place < 0) train::refuse_setting_name(name, names_of_settings());
    return values_[static_cast<std::size_t>(place)];
  }

private:
  static std::string names_of_settings() {
    std::string names;
    for (const expr::named_leaf& leaf : leaves)
      if (leaf.kind == expr::leaf_kind::setting) names += (names.empty() ? "" : ", ") + std::string(leaf.name);
    return names;
  }
  static constexpr int place_of(std::string_view name) {
    for (std::size_t i = 0; i < leaves.size(); ++i)
      if (leaves[i].kind == expr::leaf_kind::setting && leaves[i].name == name) return static_cast<int>(i);
    return -1;
  }
  // Recorded once, in a constant expression: recorded again at run time, names could come in another order than the
  // values.
  static constexpr expr::named_leaves leaves = expr::leaves_of<Recipe, 2>();

  std::array<double, leaves.size() + 1> values_{};
};

/// What the trainer needs of an update rule: the traced function, and the values of its settings.
template <class R>
concept any_update_rule = requires(const R& rule) {
  typename R::recipe;
  { rule.setting(std::string_view{}) } -> std::convertible_to<double>;
};

namespace train {
namespace detail {
template <class Recipe> constexpr bool uses_parameter() {
  for (const expr::named_leaf& leaf : expr::leaves_of<Recipe, 2>())
    if (leaf.kind == expr::leaf_kind::parameter) return true;
  return false;
}
/// Whether each state of a rule gets one new value: one that gets none would stay where it starts.
template <class Recipe> constexpr bool renews_each_state() {
  constexpr const auto& rule = expr::recorded<Recipe, 2>;
  for (const expr::named_leaf& leaf : expr::leaves_of<Recipe, 2>()) {
    if (leaf.kind != expr::leaf_kind::state) continue;
    int count = 0;
    for (std::size_t i = 0; i < rule.stored_count; ++i) count += rule.stored[i].name == leaf.name;
    if (count != 1) return false;
  }
  return true;
}
/// Whether the first `results` of a rule depend on what `is_asked(argument)` says yes to.
template <class Recipe, class Asked> constexpr bool depends(std::size_t results, const Asked& is_asked) {
  constexpr const auto& body = expr::recorded<Recipe, 2>.body;
  int is_needed[body.node_count + 1]{};
  for (std::size_t i = 0; i < results; ++i) is_needed[body.results[i]] = 1;
  for (std::size_t i = body.node_count; i-- > 0;) {
    if (is_needed[i] == 0) continue;
    const expr::node& n = body[i];
    if (n.op == expr::operation::argument && is_asked(n.a)) return true;
    expr::detail::mark_operands(n, is_needed);
  }
  return false;
}
/// A rule may do without the weight itself where a state holds what the weight is made of.
template <class Recipe> constexpr bool starts_from_weight() {
  return depends<Recipe>(1, [](std::size_t argument) {
    return argument == 0 ||
           (argument > 1 && expr::recorded<Recipe, 2>.leaves[argument - 2].kind == expr::leaf_kind::state);
  });
}
template <class Recipe> constexpr bool reads_gradient() {
  return depends<Recipe>(1 + expr::recorded<Recipe, 2>.stored_count,
                         [](std::size_t argument) { return argument == 1; });
}
} // namespace detail

/// What is wrong with what a rule gives back, or no_fault.
template <class Recipe> constexpr auto fault_of_rule() {
  constexpr const auto& rule = expr::recorded<Recipe, 2>;
  if constexpr (detail::uses_parameter<Recipe>())
    return diagnostics::fault<update_rule_uses_parameter<Recipe>>{};
  else if constexpr (constexpr std::size_t weights = rule.body.result_count - rule.stored_count; weights != 1)
    return diagnostics::fault<update_rule_gives_several_weights<diagnostics::got<weights>>>{};
  else if constexpr (!detail::renews_each_state<Recipe>())
    return diagnostics::fault<state_needs_one_new_value<Recipe>>{};
  else if constexpr (!detail::reads_gradient<Recipe>())
    return diagnostics::fault<update_rule_ignores_gradient<Recipe>>{};
  else if constexpr (!detail::starts_from_weight<Recipe>())
    return diagnostics::fault<update_rule_ignores_weight<Recipe>>{};
  else
    return diagnostics::no_fault{};
}
} // namespace train

/// An update rule in one line:
/// `update_rule([](auto w, auto g) { return w - setting<"learning_rate">(0.01) * sign(g); })`.
/// A rule with memory returns `updated(new_weight, next<"velocity">(v))` and reads `state<"velocity">()`.
template <class F> constexpr auto update_rule(F) {
  static_cast<void>(requires(const F& f, expr::traced x) { f(x, x); }); // first, as in traced_function
  using recipe = expr::recipe_of<F>;
  if constexpr (recipe::arity != 2) {
    static_cast<void>(sizeof(update_rule_takes_weight_and_gradient<diagnostics::got<std::size_t{recipe::arity}>>));
  } else {
    using found = expr::fault_of_call<recipe, 2>;
    static_cast<void>(sizeof(typename found::error));
    if constexpr (!diagnostics::is_fault<found>)
      static_cast<void>(sizeof(typename decltype(train::fault_of_rule<recipe>())::error));
  }
  return update_rule_function<recipe>{};
}

} // namespace fusegrad
