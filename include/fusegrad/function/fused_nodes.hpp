// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/expr/evaluate.hpp>
#include <fusegrad/math/vector.hpp>

namespace fusegrad::functions::inline FUSEGRAD_ABI {

namespace detail {

/// How a node of a table is worked out, and to what it is added.
struct node_use {
  int sum = 0;             ///< one more than the number of the sum that it is added to; 0: none
  bool is_skipped = false; ///< a product that is read by one sum or difference alone, which multiplies by itself
  int product = -1;        ///< of a sum or difference: which operand is such a product; -1: none
  std::uint64_t factors{}; ///< that product
};
/// What becomes of the nodes of a table whose results from number `Kept` on are summed. A product that nothing but one
/// sum reads is multiplied and added in one instruction.
template <auto Table, std::size_t Kept> struct summed_nodes {
  node_use of[Table.node_count + 1]{};

  constexpr summed_nodes() {
    int readers[Table.node_count + 1]{};
    for (std::size_t i = 0; i < Table.node_count; ++i) {
      const expr::node n = Table[i];
      const int operands = expr::operand_count(n.op);
      if (operands > 0) ++readers[n.a];
      if (operands > 1) ++readers[n.b];
      if (operands > 2) ++readers[n.c];
    }
    for (std::size_t i = 0; i < Table.result_count; ++i) ++readers[Table.results[i]];
    for (std::size_t i = Kept; i < Table.result_count; ++i) {
      const std::size_t at = Table.results[i];
      of[at].sum = static_cast<int>(i - Kept) + 1;
      of[at].is_skipped = Table[at].op == expr::operation::multiply && readers[at] == 1;
    }
    for (std::size_t i = 0; i < Table.node_count; ++i) {
      const expr::node n = Table[i];
      if (n.op != expr::operation::add && n.op != expr::operation::subtract) continue;
      // The later one: the other most likely waits already.
      const bool later_is_b = n.b > n.a;
      for (int which : {later_is_b ? 1 : 0, later_is_b ? 0 : 1}) {
        const std::uint16_t operand = which == 0 ? n.a : n.b;
        if (Table[operand].op != expr::operation::multiply || readers[operand] != 1) continue;
        of[operand].is_skipped = true;
        of[i].product = which;
        of[i].factors = Table.code[operand];
        break;
      }
    }
  }
};
template <auto Table, std::size_t Kept> inline constexpr summed_nodes<Table, Kept> summed{};

/// a + b * c and the like, where operand number `product` of `sum` is the product of `factors`.
template <std::uint64_t Sum, int Product, std::uint64_t Factors, class Lanes, class Values>
FUSEGRAD_INLINE inline Lanes sum_with_product(const Values& v) noexcept {
  constexpr expr::node sum = expr::unpacked(Sum), factors = expr::unpacked(Factors);
  const Lanes &a = v[factors.a], &b = v[factors.b], &c = v[Product == 0 ? sum.b : sum.a];
  if constexpr (sum.op == expr::operation::add)
    return multiply_add(a, b, c);
  else if constexpr (Product == 0)
    return multiply_add(a, b, -c);
  else
    return Lanes(c.native - a.native * b.native); // the compiler has an instruction for it
}

/// One node, and the addition to its sum. Keyed on the node alone: names as long as the table, one for each of its
/// nodes, would grow with the square of its length.
template <std::uint64_t Node, std::uint64_t Condition, node_use Use, class Lanes, class Values>
FUSEGRAD_INLINE inline void fill_one(const Lanes* arguments, const Values& v, Lanes* to, Lanes* sums,
                                     double constant) noexcept {
  if constexpr (Use.is_skipped) {
    constexpr expr::node n = expr::unpacked(Node);
    if constexpr (Use.sum > 0) sums[Use.sum - 1] = multiply_add(v[n.a], v[n.b], sums[Use.sum - 1]);
  } else {
    if constexpr (Use.product >= 0)
      *to = sum_with_product<Node, Use.product, Use.factors, Lanes>(v);
    else
      *to = expr::detail::node_value<Node, Condition>(arguments, v, constant);
    if constexpr (Use.sum > 0) sums[Use.sum - 1] += *to;
  }
}
} // namespace detail

} // namespace fusegrad::functions::inline FUSEGRAD_ABI
