// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/expr/table.hpp>

namespace fusegrad::expr::inline FUSEGRAD_ABI {

/// How products are rounded that are added to something.
enum class products {
  rounded,    ///< before they are added, as it is written
  contracted, ///< a product that one sum or difference alone reads is part of it: one multiply-add
};

/// How many operands of nodes each node of a table is. Results are not counted.
template <class Table> struct readers_of {
  std::size_t of[Table::node_count + 1]{};

  constexpr explicit readers_of(const Table& table) {
    for (std::size_t i = 0; i < Table::node_count; ++i) {
      const node n = table[i];
      const int operands = operand_count(n.op);
      if (operands > 0) ++of[n.a];
      if (operands > 1) ++of[n.b];
      if (operands > 2) ++of[n.c];
    }
  }
};

/// Which products of a table are part of the sum that reads them. It follows from the table alone, not from what a
/// compiler does with it, so that an element has the same bits wherever it is computed. Nor does it follow from what is
/// a result: a step that is observed has more of them, and makes the same numbers.
template <std::size_t Nodes> struct contraction {
  bool is_in_sum[Nodes + 1]{}; ///< a product that its sum multiplies by itself, and that nobody else needs
  /// Of a sum or difference: the product that is part of it, packed, with the number of the operand that it is as `c`;
  /// 0: none.
  std::uint64_t factors[Nodes + 1]{};

  template <class Table> constexpr explicit contraction(const Table& table) {
    const readers_of<Table> readers(table);
    bool is_result[Nodes + 1]{};
    for (std::size_t i = 0; i < Table::result_count; ++i) is_result[table.results[i]] = true;
    const auto take = [&](std::size_t sum, std::uint16_t operand, std::uint16_t which) {
      node product = table[operand];
      if (product.op != operation::multiply || readers.of[operand] != 1) return false;
      product.c = which;
      is_in_sum[operand] = !is_result[operand]; // a result is rounded besides
      factors[sum] = packed(product);
      return true;
    };
    for (std::size_t i = 0; i < Nodes; ++i) {
      const node n = table[i];
      if (n.op != operation::add && n.op != operation::subtract) continue;
      // The later one first: the other most likely waits already.
      if (n.b > n.a)
        take(i, n.b, 1) || take(i, n.a, 0);
      else
        take(i, n.a, 0) || take(i, n.b, 1);
    }
  }
};
template <auto Table> inline constexpr contraction<Table.node_count> contraction_of{Table};

} // namespace fusegrad::expr::inline FUSEGRAD_ABI
