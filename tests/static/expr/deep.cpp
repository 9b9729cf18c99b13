// SPDX-License-Identifier: MIT
#include <fusegrad/expr/calculus.hpp>

// High orders and deep nesting: the tables stay small, and so does the work of the compiler.
namespace {

namespace fg = fusegrad;

template <int Order, class F> constexpr auto derivative_of_order(F f) {
  if constexpr (Order == 0)
    return fg::function(f);
  else
    return fg::derivative(derivative_of_order<Order - 1>(f));
}

constexpr auto wave = [](auto u) { return tanh(u) * exp(u); };
constexpr auto eighth = derivative_of_order<8>(wave);
static_assert(decltype(eighth)::table<>.node_count < 150);
// The Taylor series of tanh(u)*exp(u) at 0 has 8! * (1/7! - 1/3 * 1/5! + 2/15 * 1/3! - 17/315) = -1384 at the eighth
// order.
static_assert(eighth(0.0) == -1384.0);

template <int Rounds> struct nested {
  constexpr auto operator()(auto f) const {
    for (int i = 0; i < Rounds; ++i) f = sin(f) * exp(f);
    return f;
  }
};
template <int Rounds>
inline constexpr std::size_t nested_nodes = decltype(fg::derivative(nested<Rounds>{}))::template table<>.node_count;
static_assert(nested_nodes<22> < 250);
static_assert(nested_nodes<22> - nested_nodes<21> == nested_nodes<12> - nested_nodes<11>);

} // namespace
