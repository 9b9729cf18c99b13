// SPDX-License-Identifier: MIT
#include <bit>
#include <cstdint>
#include <fusegrad/expr/calculus.hpp>
#include <initializer_list>
#include <string_view>

// What a function records is one constant, the same with every compiler: operands from left to right. The numbers of
// nodes and the order of leaves below are written out, so that a compiler that sees it otherwise does not build this.
namespace {

namespace fg = fusegrad;
using namespace fg::expr;

/// FNV-1a over nodes, constants and results.
template <class F> constexpr std::uint64_t digest_of(F) {
  constexpr auto table = recorded<recipe_of<F>, recipe_of<F>::arity>.body;
  std::uint64_t hash = 14695981039346656037u;
  const auto add = [&](std::uint64_t bits) { hash = (hash ^ bits) * 1099511628211u; };
  for (std::size_t i = 0; i < table.node_count; ++i) add(table.code[i]);
  for (const double& constant : table.constants) add(std::bit_cast<std::uint64_t>(constant));
  for (const std::uint16_t& result : table.results) add(result);
  return hash;
}

template <class F> constexpr bool leaves_are(F, std::initializer_list<std::string_view> names) {
  const auto leaves = leaves_of<recipe_of<F>, recipe_of<F>::arity>();
  if (leaves.size() != names.size()) return false;
  for (std::size_t i = 0; i < names.size(); ++i)
    if (leaves[i].name != names.begin()[i]) return false;
  return true;
}

// Deferred operands meet each other ...
constexpr auto deferred_pairs = [](auto x) {
  return x + fg::parameter<"a">(1) / fg::parameter<"b">(2) * fg::parameter<"c">(3) -
         pow(fg::parameter<"d">(4), fg::parameter<"e">(5));
};
static_assert(leaves_are(deferred_pairs, {"a", "b", "c", "d", "e"}));
// ... three at once, in a comparison written either way, in an assignment, and in results.
constexpr auto deferred_in_select = [](auto x) {
  return select(fg::parameter<"a">(1) < fg::parameter<"b">(2), fg::parameter<"c">(3), fg::parameter<"d">(4)) * x;
};
static_assert(leaves_are(deferred_in_select, {"a", "b", "c", "d"}));
constexpr auto turned_round = [](auto x) { return select(fg::parameter<"a">(1) > fg::parameter<"b">(2), x, 0); };
static_assert(leaves_are(turned_round, {"b", "a"})); // a > b is b < a
constexpr auto assigned = [](auto x) {
  auto y = fg::parameter<"a">(1) * x;
  y += fg::parameter<"b">(2) / fg::parameter<"c">(3);
  y *= fg::parameter<"d">(4) * x;
  return fg::values(y, fg::parameter<"e">(5), fg::parameter<"f">(6) * x);
};
static_assert(leaves_are(assigned, {"a", "b", "c", "d", "f", "e"}));

// Operands that the function records itself.
constexpr auto both_sides = [](auto u, auto v) {
  return (exp(u) - fg::parameter<"a">(1) * sin(v)) * max(cos(u) / fg::parameter<"b">(2), tanh(v));
};
static_assert(leaves_are(both_sides, {"a", "b"}));
constexpr auto calls = [](auto u) {
  return fg::function(both_sides)(exp(u), sqrt(u)) + fg::function(both_sides)(log(u), sin(u));
};
constexpr auto selects = [](auto x) {
  return select(x > 0, sqrt(x), 0) * max(exp(x), x) + select(x > 0, sin(x), cos(x)) * min(exp(x), 1);
};

// The tables themselves. A number changes with each change of a rule or of the normal form; it does not differ between
// compilers.
static_assert(digest_of(deferred_pairs) == 0x3900d27516696973);
static_assert(digest_of(deferred_in_select) == 0xea2b7f9cb1cabf8e);
static_assert(digest_of(assigned) == 0x81764b135066ef79);
static_assert(digest_of(both_sides) == 0xa18acf6d5a1d10de);
static_assert(digest_of(calls) == 0xb1b38ba4d81e843a);
static_assert(digest_of(selects) == 0xc74696a76b380074);
static_assert(digest_of(fg::gradient(both_sides)) == 0x87d02cff152e5365);
static_assert(digest_of(fg::hessian(both_sides)) == 0x9dca51692fd9dcea);
static_assert(digest_of(fg::gradient(selects)) == 0x7d20669912aeb30b);
static_assert(digest_of(fg::hessian(selects)) == 0x71a672a859dd60c3);
static_assert(digest_of(fg::jvp(calls)) == 0xc9bfc65e36566195);
static_assert(digest_of(fg::vjp(fg::derivative(selects))) == 0xef95d05ab23d54f6);

} // namespace
