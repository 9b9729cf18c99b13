// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/expr/table.hpp>
#include <fusegrad/expr/trace.hpp>
#include <span>

namespace fusegrad::expr::inline FUSEGRAD_ABI {

/// A recording with fixed sizes, so that it can be kept from one constant evaluation to the next.
template <std::size_t Nodes, std::size_t Constants, std::size_t Results, std::size_t Leaves, std::size_t Stored>
struct fixed_recording {
  table<Nodes, Constants, Results> body;
  int positional = 0;
  int primal = -1;
  bool has_wrong_derivative = false;
  named_leaf leaves[Leaves + 1]{};
  stored_state stored[Stored + 1]{};

  static constexpr std::size_t leaf_count = Leaves;
  static constexpr std::size_t stored_count = Stored;
};

namespace detail {

struct recording_size {
  std::size_t nodes, constants, results, leaves, stored;
};

template <class Recipe, std::size_t Arity> consteval recording_size size_of_recording() {
  const recording r = Recipe::template record<Arity>();
  return {r.body.nodes.size(), r.body.constants.size(), r.body.results.size(), r.leaves.size(), r.stored.size()};
}

template <class Recipe, std::size_t Arity> consteval auto fix_recording() {
  constexpr recording_size size = size_of_recording<Recipe, Arity>();
  // Plain numbers as arguments: with members of a constant, Clang 19 sees two different types.
  constexpr std::size_t nodes = size.nodes, constants = size.constants, results = size.results, leaves = size.leaves,
                        stored = size.stored;
  const recording r = Recipe::template record<Arity>();
  fixed_recording<nodes, constants, results, leaves, stored> out;
  out.body = to_table<nodes, constants, results>(r.body);
  out.positional = r.positional;
  out.primal = r.primal;
  out.has_wrong_derivative = r.has_wrong_derivative;
  for (std::size_t i = 0; i < leaves; ++i) out.leaves[i] = r.leaves[i];
  for (std::size_t i = 0; i < stored; ++i) out.stored[i] = r.stored[i];
  return out;
}

} // namespace detail

/// What `Recipe` records with `Arity` arguments: the one place where functions are traced, so that nothing depends on
/// when and where somebody asks. It is computed once however often it is used: without it a derivative of order n would
/// trace all the orders below it again each time that it is looked at.
template <class Recipe, std::size_t Arity>
inline constexpr auto recorded =
    detail::fix_recording<Recipe, Arity>(); // too many steps? clang++ -fconstexpr-steps=500000000

/// The named leaves of `Recipe`, in the order of their first mention.
template <class Recipe, std::size_t Arity> constexpr std::span<const named_leaf> leaves_of() {
  return {recorded<Recipe, Arity>.leaves, recorded<Recipe, Arity>.leaf_count};
}

/// The same as a recording that can be worked on.
template <class Recipe, std::size_t Arity> constexpr recording recording_of() {
  const auto& fixed = recorded<Recipe, Arity>;
  recording r;
  r.body = to_expression(fixed.body);
  r.positional = fixed.positional;
  r.primal = fixed.primal;
  r.has_wrong_derivative = fixed.has_wrong_derivative;
  for (std::size_t i = 0; i < fixed.leaf_count; ++i) r.leaves.push_back(fixed.leaves[i]);
  for (std::size_t i = 0; i < fixed.stored_count; ++i) r.stored.push_back(fixed.stored[i]);
  return r;
}

} // namespace fusegrad::expr::inline FUSEGRAD_ABI
