// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/expr/contraction.hpp>
#include <fusegrad/expr/table.hpp>
#include <fusegrad/kernel/call.hpp>

namespace fusegrad::kernel::inline FUSEGRAD_ABI {

/// Stands for the argument where a product begins with zero.
inline constexpr int no_summand = -1;

namespace detail {
template <class Table, class Accesses> constexpr int find_first_summand(const Table& table, const Accesses& accesses) {
  const expr::readers_of readers_of_nodes(table);
  std::size_t readers[most_places + 1]{}; // of each argument
  const auto argument = [&](std::size_t node, access how) {
    const expr::node n = table[node];
    return n.op == expr::operation::argument && accesses[n.a] == how ? int{n.a} : no_summand;
  };
  const auto read = [&](std::size_t node, std::size_t times) {
    if (table[node].op == expr::operation::argument) readers[table[node].a] += times;
  };
  int found = no_summand, product = no_summand;
  for (std::size_t i = 0; i < Table::node_count; ++i) {
    const expr::node n = table[i];
    read(i, readers_of_nodes.of[i]);
    if (n.op != expr::operation::add) continue;
    const bool is_second = argument(n.a, access::product) == no_summand;
    const int factor = argument(is_second ? n.b : n.a, access::product);
    const int summand = argument(is_second ? n.a : n.b, access::column);
    if (factor != no_summand && summand != no_summand) product = factor, found = summand;
  }
  for (std::size_t i = 0; i < Table::result_count; ++i) read(table.results[i], 1);
  return found != no_summand && readers[product] == 1 && readers[found] == 1 && !accesses.is_part ? found : no_summand;
}
} // namespace detail

/// Which argument an epilogue adds to a product first, one number for each column, as a bias: the product can begin
/// with it. Nobody else reads either of them.
template <auto Table, auto Accesses> inline constexpr int first_summand = detail::find_first_summand(Table, Accesses);

} // namespace fusegrad::kernel::inline FUSEGRAD_ABI
