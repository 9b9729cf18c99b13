// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <fusegrad/expr/differentiate.hpp>
#include <fusegrad/expr/traced.hpp>

namespace fusegrad::expr::inline FUSEGRAD_ABI {

namespace detail {

/// The derivative of a node by an argument, where every other argument may depend on that one: what is not known of
/// them stands as a leaf.
constexpr int derivative_by(recorder& r, int of, int by) {
  const node x = r.build.at(by);
  if (x.op != operation::argument || x.a >= r.positional) {
    r.has_wrong_derivative = true;
    return of;
  }
  growing<int> target, arguments, seeds;
  target.push_back(of);
  const growing<bool> is_read = read_by(r, target, of + 1);
  const std::size_t leaves = r.leaves.size(); // those that are added now are no arguments of what is differentiated
  const auto argument = [&](int place, int seed) {
    arguments.push_back(place);
    seeds.push_back(seed);
  };
  for (int i = 0; i < r.positional; ++i) {
    const int place = r.build.argument(i);
    if (place > of || !is_read[static_cast<std::size_t>(place)]) continue;
    derivative_of_argument first;
    first.of = static_cast<std::int16_t>(i);
    first.by[0] = static_cast<std::int16_t>(x.a);
    argument(place, place == by ? r.build.constant(1) : r.leaf(first));
  }
  for (std::size_t i = 0; i < leaves; ++i) {
    const named_leaf leaf = r.leaves[i];
    if (leaf.kind != leaf_kind::derivative || leaf.node > of || !is_read[static_cast<std::size_t>(leaf.node)]) continue;
    derivative_of_argument higher = leaf.derivative;
    const int order = higher.order();
    if (order == derivative_of_argument::largest_order) {
      r.has_wrong_derivative = true;
      return of;
    }
    higher.by[order] = static_cast<std::int16_t>(x.a);
    argument(leaf.node, r.leaf(higher));
  }
  return or_zero(r, tangents(r, arguments, seeds, target)[0]);
}

} // namespace detail

/// The derivative of what an equation computes by one of its arguments: `d(u, x)`, `d(u, x, x)`, `d(nu * d(u, x), x)`.
/// That of an output of the network by one of its inputs is what the network gives; of all else by the chain rule.
constexpr traced d(traced u, traced x) { return {u.owner, detail::derivative_by(*u.owner, u.index, x.index)}; }
template <std::same_as<traced>... More> constexpr traced d(traced u, traced x, traced y, More... more) {
  return d(d(u, x), y, more...);
}
template <number T> constexpr double d(T, traced) { return 0; }
/// By each of several arguments: the gradient.
template <std::size_t N> constexpr auto d(traced u, const std::array<traced, N>& x) {
  std::array<traced, N> slopes{};
  for (std::size_t i = 0; i < N; ++i) slopes[i] = d(u, x[i]);
  return slopes;
}

/// The sum of the derivatives of each of several values by the argument of the same number.
template <std::size_t N> constexpr traced divergence(const std::array<traced, N>& of, const std::array<traced, N>& x) {
  traced sum = d(of[0], x[0]);
  for (std::size_t i = 1; i < N; ++i) sum += d(of[i], x[i]);
  return sum;
}
/// The sum of the second derivatives by each of several arguments; that by one, where it is a number.
template <std::size_t N> constexpr traced laplacian(traced u, const std::array<traced, N>& x) {
  return divergence(d(u, x), x);
}
constexpr traced laplacian(traced u, traced x) { return d(u, x, x); }

} // namespace fusegrad::expr::inline FUSEGRAD_ABI
