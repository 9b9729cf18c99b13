// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/expr/expression.hpp>

namespace fusegrad::expr::inline FUSEGRAD_ABI {

constexpr std::uint64_t packed(node n) noexcept {
  return static_cast<std::uint64_t>(n.op) << 48 | static_cast<std::uint64_t>(n.c) << 32 |
         static_cast<std::uint64_t>(n.b) << 16 | n.a;
}
constexpr node unpacked(std::uint64_t code) noexcept {
  return {static_cast<operation>(code >> 48), static_cast<std::uint16_t>(code), static_cast<std::uint16_t>(code >> 16),
          static_cast<std::uint16_t>(code >> 32)};
}

/// A finished function as a template argument. Each node is one integer, which keeps symbol names and debug
/// information short: the types of nested expression templates grow without bound, this does not.
template <std::size_t Nodes, std::size_t Constants, std::size_t Results> struct table {
  std::uint64_t code[Nodes + (Nodes == 0)]{};
  double constants[Constants + 1]{};
  std::uint16_t results[Results + (Results == 0)]{};
  int arguments = 0;

  static constexpr std::size_t node_count = Nodes;
  static constexpr std::size_t result_count = Results;

  [[nodiscard]] constexpr node operator[](std::size_t i) const noexcept { return unpacked(code[i]); }

  friend constexpr bool operator==(const table&, const table&) = default;
};

/// Copies an expression for which there is room.
template <std::size_t Nodes, std::size_t Constants, std::size_t Results>
constexpr void copy_into(table<Nodes, Constants, Results>& out, const expression& e) {
  for (std::size_t i = 0; i < e.nodes.size(); ++i) out.code[i] = packed(e.nodes[i]);
  for (std::size_t i = 0; i < e.constants.size(); ++i) out.constants[i] = e.constants[i];
  for (std::size_t i = 0; i < e.results.size(); ++i) out.results[i] = e.results[i];
  out.arguments = e.arguments;
}
template <std::size_t Nodes, std::size_t Constants, std::size_t Results> constexpr auto to_table(const expression& e) {
  table<Nodes, Constants, Results> out;
  copy_into(out, e);
  return out;
}
/// A table without the room that is not used.
template <std::size_t Nodes, std::size_t Constants, std::size_t Results, class Larger>
constexpr auto cut_to(const Larger& t) {
  table<Nodes, Constants, Results> out;
  for (std::size_t i = 0; i < Nodes; ++i) out.code[i] = t.code[i];
  for (std::size_t i = 0; i < Constants; ++i) out.constants[i] = t.constants[i];
  for (std::size_t i = 0; i < Results; ++i) out.results[i] = t.results[i];
  out.arguments = t.arguments;
  return out;
}

template <std::size_t N, std::size_t C, std::size_t R> constexpr expression to_expression(const table<N, C, R>& t) {
  expression e;
  for (std::size_t i = 0; i < N; ++i) e.nodes.push_back(t[i]);
  for (std::size_t i = 0; i < C; ++i) e.constants.push_back(t.constants[i]);
  for (std::size_t i = 0; i < R; ++i) e.results.push_back(t.results[i]);
  e.arguments = t.arguments;
  return e;
}

namespace detail {
struct table_size {
  std::size_t nodes = 0, constants = 0, results = 0;
};
constexpr table_size size_of(const expression& e) { return {e.nodes.size(), e.constants.size(), e.results.size()}; }
/// A table with room for `Room` numbers of each kind, and how many there are.
template <std::size_t Room> struct roomy_table {
  table<Room, Room, Room> items{};
  table_size size{};
  constexpr explicit roomy_table(const expression& e) : size{size_of(e)} {
    if (fits()) copy_into(items, e);
  }
  [[nodiscard]] constexpr bool fits() const {
    return size.nodes <= Room && size.constants <= Room && size.results <= Room;
  }
};
template <class Make> constexpr auto made_table() {
  constexpr roomy_table<64> first(Make::make());
  // Plain numbers as arguments: with members of a constant, Clang 19 sees two different types.
  constexpr std::size_t nodes = first.size.nodes, constants = first.size.constants, results = first.size.results;
  if constexpr (first.fits())
    return cut_to<nodes, constants, results>(first.items);
  else
    return to_table<nodes, constants, results>(Make::make());
}
} // namespace detail

/// The table of an expression that `Make::make()` computes: once where it is of the usual size, else a second time.
template <class Make> inline constexpr auto table_from = detail::made_table<Make>();

} // namespace fusegrad::expr::inline FUSEGRAD_ABI
