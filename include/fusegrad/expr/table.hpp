// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/expr/expression.hpp>

namespace fusegrad::expr {

/// A finished function as a template argument. Each node is one integer, which keeps symbol names and debug
/// information short: the types of nested expression templates grow without bound, this does not.
template <std::size_t Nodes, std::size_t Constants, std::size_t Results> struct table {
  std::uint64_t code[Nodes]{};
  double constants[Constants + 1]{};
  std::uint16_t results[Results]{};
  int arguments = 0;

  static constexpr std::size_t node_count = Nodes;
  static constexpr std::size_t result_count = Results;

  [[nodiscard]] constexpr node operator[](std::size_t i) const noexcept {
    const std::uint64_t c = code[i];
    return {static_cast<operation>(c >> 48), static_cast<std::uint16_t>(c), static_cast<std::uint16_t>(c >> 16),
            static_cast<std::uint16_t>(c >> 32)};
  }

  friend constexpr bool operator==(const table&, const table&) = default;
};

constexpr std::uint64_t packed(node n) noexcept {
  return static_cast<std::uint64_t>(n.op) << 48 | static_cast<std::uint64_t>(n.c) << 32 | static_cast<std::uint64_t>(n.b) << 16 | n.a;
}

/// How large a table an expression needs.
struct table_size {
  std::size_t nodes, constants, results;
};
constexpr table_size size_of(const expression& e) { return {e.nodes.size(), e.constants.size(), e.results.size()}; }

template <table_size Size> constexpr auto to_table(const expression& e) {
  table<Size.nodes, Size.constants, Size.results> out;
  for (std::size_t i = 0; i < Size.nodes; ++i) out.code[i] = packed(e.nodes[i]);
  for (std::size_t i = 0; i < Size.constants; ++i) out.constants[i] = e.constants[i];
  for (std::size_t i = 0; i < Size.results; ++i) out.results[i] = e.results[i];
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

/// The table of an expression that `Make::make()` computes; it is computed twice, once for the size.
template <class Make> inline constexpr auto table_from = to_table<size_of(Make::make())>(Make::make());

} // namespace fusegrad::expr
