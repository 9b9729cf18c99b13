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

template <std::size_t Nodes, std::size_t Constants, std::size_t Results> constexpr auto to_table(const expression& e) {
  table<Nodes, Constants, Results> out;
  for (std::size_t i = 0; i < Nodes; ++i) out.code[i] = packed(e.nodes[i]);
  for (std::size_t i = 0; i < Constants; ++i) out.constants[i] = e.constants[i];
  for (std::size_t i = 0; i < Results; ++i) out.results[i] = e.results[i];
  out.arguments = e.arguments;
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
  std::size_t nodes, constants, results;
};
template <class Make> constexpr table_size size_of_made() {
  const expression e = Make::make();
  return {e.nodes.size(), e.constants.size(), e.results.size()};
}
template <class Make> constexpr auto made_table() {
  constexpr table_size size = size_of_made<Make>();
  // Plain numbers as arguments: with members of a constant, Clang 19 sees two different types.
  constexpr std::size_t nodes = size.nodes, constants = size.constants, results = size.results;
  return to_table<nodes, constants, results>(Make::make());
}
} // namespace detail

/// The table of an expression that `Make::make()` computes; it is computed twice, once for the size.
template <class Make> inline constexpr auto table_from = detail::made_table<Make>();

} // namespace fusegrad::expr::inline FUSEGRAD_ABI
