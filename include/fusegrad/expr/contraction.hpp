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

/// Which products of a table are part of the sum that reads them. It follows from the table alone, not from what a
/// compiler does with it, so that an element has the same bits wherever it is computed.
template <std::size_t Nodes> struct contraction {
  bool is_part[Nodes + 1]{}; ///< a product that its sum multiplies by itself
  /// Of a sum or difference: the product that is part of it, packed, with the number of the operand that it is as `c`;
  /// 0: none.
  std::uint64_t factors[Nodes + 1]{};

  template <class Table> constexpr explicit contraction(const Table& table) {
    int readers[Nodes + 1]{};
    for (std::size_t i = 0; i < Nodes; ++i) {
      const node n = table[i];
      const int operands = operand_count(n.op);
      if (operands > 0) ++readers[n.a];
      if (operands > 1) ++readers[n.b];
      if (operands > 2) ++readers[n.c];
    }
    for (std::uint16_t result : table.results) ++readers[result];
    const auto take = [&](std::size_t sum, std::uint16_t operand, std::uint16_t which) {
      node product = table[operand];
      if (product.op != operation::multiply || readers[operand] != 1) return false;
      product.c = which;
      is_part[operand] = true;
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
