// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/expr/table.hpp>
#include <fusegrad/expr/trace.hpp>

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
  table_size body;
  std::size_t leaves = 0, stored = 0;
};
constexpr recording_size size_of(const recording& r) { return {size_of(r.body), r.leaves.size(), r.stored.size()}; }

/// All but the body.
template <class Fixed, class Recording> constexpr void copy_rest(Fixed& out, const Recording& r, recording_size size) {
  out.positional = r.positional;
  out.primal = r.primal;
  out.has_wrong_derivative = r.has_wrong_derivative;
  for (std::size_t i = 0; i < size.leaves; ++i) out.leaves[i] = r.leaves[i];
  for (std::size_t i = 0; i < size.stored; ++i) out.stored[i] = r.stored[i];
}

/// A recording with room for more, and how much of it there is.
template <std::size_t Room> struct roomy_recording {
  static constexpr std::size_t most_leaves = 8, most_stored = 4;
  fixed_recording<Room, Room, Room, most_leaves, most_stored> items{};
  recording_size size{};

  constexpr explicit roomy_recording(const recording& r) : size{size_of(r)} {
    if (!fits()) return;
    copy_into(items.body, r.body);
    copy_rest(items, r, size);
  }
  [[nodiscard]] constexpr bool fits() const {
    return size.body.nodes <= Room && size.body.constants <= Room && size.body.results <= Room &&
           size.leaves <= most_leaves && size.stored <= most_stored;
  }
};

/// Room for what a function most likely becomes: it is recorded once then, else a second time in its size.
template <class Recipe, std::size_t Arity> constexpr std::size_t room_for_recording();

template <class Recipe, std::size_t Arity> consteval auto fix_recording() {
  constexpr roomy_recording<room_for_recording<Recipe, Arity>()> first(Recipe::template record<Arity>());
  constexpr recording_size size = first.size;
  // Plain numbers as arguments: with members of a constant, Clang 19 sees two different types.
  constexpr std::size_t nodes = size.body.nodes, constants = size.body.constants, results = size.body.results,
                        leaves = size.leaves, stored = size.stored;
  fixed_recording<nodes, constants, results, leaves, stored> out;
  if constexpr (first.fits()) {
    out.body = cut_to<nodes, constants, results>(first.items.body);
    copy_rest(out, first.items, size);
  } else {
    const recording r = Recipe::template record<Arity>();
    copy_into(out.body, r.body);
    copy_rest(out, r, size);
  }
  return out;
}

} // namespace detail

/// What `Recipe` records with `Arity` arguments: the one place where functions are traced, so that nothing depends on
/// when and where somebody asks. It is computed once however often it is used: without it a derivative of order n would
/// trace all the orders below it again each time that it is looked at.
template <class Recipe, std::size_t Arity>
inline constexpr auto recorded =
    detail::fix_recording<Recipe, Arity>(); // too many steps? clang++ -fconstexpr-steps=500000000

template <class Recipe, std::size_t Arity> constexpr std::size_t detail::room_for_recording() {
  constexpr std::size_t usual = 64;
  if constexpr (requires { typename Recipe::arguments_of; }) {
    constexpr std::size_t nodes = recorded<typename Recipe::arguments_of, Arity>.body.node_count;
    return nodes < usual ? usual : 6 * nodes;
  } else {
    return Arity < 16 ? usual : 32 * Arity;
  }
}

/// Named leaves that lie elsewhere. A `std::span` of them asks by a chain of concepts what its iterators are, which was
/// more than all that is done with them.
struct named_leaves {
  const named_leaf* items = nullptr;
  std::size_t count = 0;

  [[nodiscard]] constexpr std::size_t size() const noexcept { return count; }
  [[nodiscard]] constexpr const named_leaf* begin() const noexcept { return items; }
  [[nodiscard]] constexpr const named_leaf* end() const noexcept { return items + count; }
  constexpr const named_leaf& operator[](std::size_t i) const noexcept { return items[i]; }
};

/// The named leaves of `Recipe`, in the order of their first mention.
template <class Recipe, std::size_t Arity> constexpr named_leaves leaves_of() {
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
