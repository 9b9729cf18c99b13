// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <fusegrad/expr/operation_names.hpp>
#include <fusegrad/expr/recorded.hpp>
#include <string_view>

namespace fusegrad::train {

namespace detail {

// The last step of SplitMix64. Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014.
constexpr std::uint64_t scattered(std::uint64_t x) noexcept {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31);
}
/// A number for two of them in this order.
constexpr std::uint64_t followed_by(std::uint64_t first, std::uint64_t second) noexcept {
  return scattered(first * 0x9e3779b97f4a7c15U + second);
}
constexpr std::uint64_t number_of_text(std::string_view text) noexcept {
  std::uint64_t number = text.size() + 1;
  for (const char c : text) number = followed_by(number, static_cast<unsigned char>(c));
  return number;
}

/// Of a leaf by what it is: a place among the arguments, or a name. What a setting is by default does not count.
template <class Recording>
constexpr std::uint64_t number_of_leaf(const Recording& rule, std::size_t argument) noexcept {
  const auto positional = static_cast<std::size_t>(rule.positional);
  if (argument < positional) return followed_by(number_of_text("argument"), argument);
  const expr::named_leaf& leaf = rule.leaves[argument - positional];
  return followed_by(number_of_text(leaf.kind == expr::leaf_kind::state ? "state" : "setting"),
                     number_of_text(leaf.name));
}

/// Of a node, from those of the nodes before it. Operands of sums and products are in the order that they were recorded
/// in, and compilers may differ in that: they count in any order.
template <class Recording>
constexpr std::uint64_t number_of_node(const Recording& rule, const expr::node& n,
                                       const std::uint64_t* before) noexcept {
  using expr::operation;
  if (n.op == operation::argument) return number_of_leaf(rule, n.a);
  if (n.op == operation::constant)
    return followed_by(number_of_text("constant"), std::bit_cast<std::uint64_t>(rule.body.constants[n.a]));
  const int operands = expr::operand_count(n.op);
  std::uint64_t number =
      followed_by(number_of_text(expr::name_of_operation(n.op)), static_cast<std::uint64_t>(operands));
  if (n.op == operation::add || n.op == operation::multiply) return followed_by(number, before[n.a] + before[n.b]);
  number = followed_by(number, before[n.a]);
  if (operands > 1) number = followed_by(number, before[n.b]);
  if (operands > 2) number = followed_by(number, before[n.c]);
  return expr::has_stored_number(n.op) ? followed_by(number, n.b) : number;
}

} // namespace detail

/// A number for the function of an update rule: what it computes from weight, gradient, states and settings, in normal
/// form. It tells rules apart whose states and settings are called alike, as those of Adam and AdamW. Functions of the
/// same values that are written otherwise, a * (b + c) and a * b + a * c, have different numbers; with the operands of
/// a sum or product the other way around, or other values of settings, they have the same.
///
/// It stands in checkpoints, so it is made of names and not of places in an enumeration. Who counts in another way, or
/// changes a name or the normal form, gives its key there another number (src/io/run_tensors.cpp).
template <class Rule> constexpr std::uint64_t rule_fingerprint() {
  // Not a recording that can be worked on: its lists cost a compiler more than all of this.
  constexpr const auto& rule = expr::recorded<typename Rule::recipe, 2>;
  std::uint64_t numbers[rule.body.node_count + 1]{};
  for (std::size_t i = 0; i < rule.body.node_count; ++i)
    numbers[i] = detail::number_of_node(rule, rule.body[i], numbers);
  std::uint64_t number = detail::followed_by(detail::number_of_text("weight"), numbers[rule.body.results[0]]);
  for (std::size_t i = 0; i < rule.stored_count; ++i) {
    const expr::stored_state& next = rule.stored[i];
    const std::uint64_t value = numbers[rule.body.results[static_cast<std::size_t>(next.node)]];
    number += detail::followed_by(detail::number_of_text(next.name), value);
  }
  return number;
}

} // namespace fusegrad::train
