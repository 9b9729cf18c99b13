// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/fixed_string.hpp>
#include <fusegrad/expr/traced.hpp>
#include <string_view>
#include <tuple>

namespace fusegrad {

namespace expr::inline FUSEGRAD_ABI {

template <fixed_string Name> inline constexpr fixed_string stored_name = Name;

template <fixed_string Name, leaf_kind Kind> constexpr auto named(double initial) {
  return deferred{[=](recorder& r) { return traced{&r, r.leaf(stored_name<Name>.view(), Kind, initial)}; }};
}

/// A new value for the state called `name`.
template <operand Value> struct new_state {
  std::string_view name;
  Value value;
};

/// What an update rule returns: the new weight, and new values of states.
template <operand Weight, class... States> struct updated_weight {
  Weight weight;
  std::tuple<States...> states;
};

/// Several results of a traced function.
template <std::size_t Count> struct traced_values {
  traced items[Count];
};

} // namespace expr::inline FUSEGRAD_ABI

/// A learnable parameter of a traced function, with its initial value: `max(x, 0) + parameter<"slope">(0.25) * min(x,
/// 0)`.
template <fixed_string Name> constexpr auto parameter(double initial) {
  return expr::named<Name, expr::leaf_kind::parameter>(initial);
}

/// The previous value of a state that an update rule keeps for each weight; it starts at `initial`.
template <fixed_string Name> constexpr auto state(double initial = 0) {
  return expr::named<Name, expr::leaf_kind::state>(initial);
}

/// A number that an update rule takes at run time, with its default: `setting<"learning_rate">(0.1)`.
template <fixed_string Name> constexpr auto setting(double initial) {
  return expr::named<Name, expr::leaf_kind::setting>(initial);
}

/// The new value of the state called `Name`; to be given to `updated`.
template <fixed_string Name, expr::operand Value> constexpr auto next(const Value& value) {
  return expr::new_state<Value>{expr::stored_name<Name>.view(), value};
}

/// The result of an update rule: the new weight, and `next<"name">(...)` for each state.
template <expr::operand Weight, class... Values>
constexpr auto updated(const Weight& weight, const expr::new_state<Values>&... states) {
  return expr::updated_weight<Weight, expr::new_state<Values>...>{weight, {states...}};
}

} // namespace fusegrad
