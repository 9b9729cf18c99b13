// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/layer/activations/catalogued.hpp>
#include <string_view>

// Functions that are no activation by trade: nothing at all, powers, waves, bells.
namespace fusegrad {

namespace activation_functions {
struct identity {
  static constexpr std::string_view name = "identity";
  template <class X> constexpr auto operator()(X x) const { return x; }
};
struct abs {
  static constexpr std::string_view name = "abs";
  template <class X> constexpr auto operator()(X x) const { return expr::abs(x); }
};
struct square {
  static constexpr std::string_view name = "square";
  template <class X> constexpr auto operator()(X x) const { return x * x; }
};
struct sine {
  static constexpr std::string_view name = "sine";
  template <class X> constexpr auto operator()(X x) const { return expr::sin(x); }
};
struct gaussian {
  static constexpr std::string_view name = "gaussian";
  // exp(-800) is zero in double too. Without the bound the slope of x*x, infinite far out, would be multiplied by zero.
  template <class X> constexpr auto operator()(X x) const { return expr::exp(-expr::min(x * x, 800)); }
};
} // namespace activation_functions

/// x.
inline constexpr auto identity = layers::catalogued<activation_functions::identity>;
/// |x|; the derivative at 0 is 0.
inline constexpr auto abs = layers::catalogued<activation_functions::abs>;
/// x^2.
inline constexpr auto square = layers::catalogued<activation_functions::square>;
/// sin(x). Sitzmann et al. 2020 scale the argument: `activation([](auto x) { return sin(30 * x); })`.
inline constexpr auto sine = layers::catalogued<activation_functions::sine>;
/// exp(-x^2). Backward keeps the input.
inline constexpr auto gaussian = layers::catalogued<activation_functions::gaussian>;

} // namespace fusegrad
