// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/layer/activations/catalogued.hpp>
#include <string_view>

// Functions with a limit on either side. Where a hard one stops, its derivative is 0.
namespace fusegrad {

namespace activation_functions {
struct sigmoid {
  static constexpr std::string_view name = "sigmoid";
  template <class X> constexpr auto operator()(X x) const { return expr::sigmoid(x); }
};
struct hard_sigmoid {
  static constexpr std::string_view name = "hard_sigmoid";
  template <class X> constexpr auto operator()(X x) const { return (1.0 / 6) * expr::min(expr::max(x + 3, 0), 6); }
};
struct tanh {
  static constexpr std::string_view name = "tanh";
  template <class X> constexpr auto operator()(X x) const { return expr::tanh(x); }
};
struct hard_tanh {
  static constexpr std::string_view name = "hard_tanh";
  template <class X> constexpr auto operator()(X x) const { return expr::min(expr::max(x, -1), 1); }
};
struct softsign {
  static constexpr std::string_view name = "softsign";
  template <class X> constexpr auto operator()(X x) const { return x / (1 + expr::abs(x)); }
};
} // namespace activation_functions

/// 1 / (1 + exp(-x)). Backward keeps the output.
inline constexpr auto sigmoid = layers::catalogued<activation_functions::sigmoid>;
/// min(max(x + 3, 0), 6) / 6, as in PyTorch.
inline constexpr auto hard_sigmoid = layers::catalogued<activation_functions::hard_sigmoid>;
/// Backward keeps the output.
inline constexpr auto tanh = layers::catalogued<activation_functions::tanh>;
/// min(max(x, -1), 1).
inline constexpr auto hard_tanh = layers::catalogued<activation_functions::hard_tanh>;
/// x / (1 + |x|).
inline constexpr auto softsign = layers::catalogued<activation_functions::softsign>;

} // namespace fusegrad
