// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/expr/contraction.hpp>
#include <fusegrad/expr/evaluate.hpp>
#include <fusegrad/math/vector.hpp>

namespace fusegrad::functions::inline FUSEGRAD_ABI {

namespace detail {

/// How a node of a table is worked out, and to what it is added.
struct node_use {
  int sum = 0;             ///< one more than the number of the sum that it is added to; 0: none
  bool is_skipped = false; ///< a product that one sum alone reads, which multiplies by itself
};
/// What becomes of the nodes of a table whose results from number `Kept` on are summed. A product that nothing but one
/// sum reads is multiplied and added in one instruction.
template <auto Table, std::size_t Kept> struct summed_nodes {
  node_use of[Table.node_count + 1]{};

  constexpr summed_nodes() {
    expr::readers_of readers(Table);
    for (std::size_t i = 0; i < Table.node_count; ++i) of[i].is_skipped = expr::contraction_of<Table>.is_in_sum[i];
    for (std::size_t i = 0; i < Table.result_count; ++i) ++readers.of[Table.results[i]];
    for (std::size_t i = Kept; i < Table.result_count; ++i) {
      const std::size_t at = Table.results[i];
      of[at].sum = static_cast<int>(i - Kept) + 1;
      of[at].is_skipped = Table[at].op == expr::operation::multiply && readers.of[at] == 1;
    }
  }
};
template <auto Table, std::size_t Kept> inline constexpr summed_nodes<Table, Kept> summed{};

/// One node, and the addition to its sum. Keyed on the node alone: names as long as the table, one for each of its
/// nodes, would grow with the square of its length.
template <std::uint64_t Node, std::uint64_t LookedInto, node_use Use, class Lanes, class Values>
FUSEGRAD_INLINE inline void fill_one(const Lanes* arguments, const Values& v, Lanes* to, Lanes* sums,
                                     double constant) noexcept {
  if constexpr (Use.is_skipped) {
    constexpr expr::node n = expr::unpacked(Node);
    if constexpr (Use.sum > 0) sums[Use.sum - 1] = multiply_add(v[n.a], v[n.b], sums[Use.sum - 1]);
  } else {
    *to = expr::detail::node_value<Node, LookedInto>(arguments, v, constant);
    if constexpr (Use.sum > 0) sums[Use.sum - 1] += *to;
  }
}
} // namespace detail

} // namespace fusegrad::functions::inline FUSEGRAD_ABI
