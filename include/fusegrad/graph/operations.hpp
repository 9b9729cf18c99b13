// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <fusegrad/graph/operations/batch_sum.hpp>
#include <fusegrad/graph/operations/column_sum.hpp>
#include <fusegrad/graph/operations/concat.hpp>
#include <fusegrad/graph/operations/convolution.hpp>
#include <fusegrad/graph/operations/convolution_gradient.hpp>
#include <fusegrad/graph/operations/depthwise.hpp>
#include <fusegrad/graph/operations/depthwise_gradient.hpp>
#include <fusegrad/graph/operations/elementwise.hpp>
#include <fusegrad/graph/operations/grouped_convolution.hpp>
#include <fusegrad/graph/operations/grouped_convolution_gradient.hpp>
#include <fusegrad/graph/operations/input.hpp>
#include <fusegrad/graph/operations/interpolation.hpp>
#include <fusegrad/graph/operations/log_softmax.hpp>
#include <fusegrad/graph/operations/loss_term.hpp>
#include <fusegrad/graph/operations/matrix_product.hpp>
#include <fusegrad/graph/operations/max_pool.hpp>
#include <fusegrad/graph/operations/observe.hpp>
#include <fusegrad/graph/operations/position_sum.hpp>
#include <fusegrad/graph/operations/random.hpp>
#include <fusegrad/graph/operations/repetition.hpp>
#include <fusegrad/graph/operations/reshape.hpp>
#include <fusegrad/graph/operations/row_sum.hpp>
#include <fusegrad/graph/operations/softmax.hpp>
#include <fusegrad/graph/operations/softmax_cross_entropy.hpp>
#include <fusegrad/graph/operations/split.hpp>
#include <fusegrad/graph/operations/spread.hpp>
#include <fusegrad/graph/operations/total_sum.hpp>
#include <fusegrad/graph/operations/value_product.hpp>
#include <fusegrad/graph/operations/weight_gradient.hpp>
#include <fusegrad/graph/operations/window_sum.hpp>
#include <string_view>
#include <utility>

namespace fusegrad::graph {

/// What the home of an operation says, as a row of a table.
struct operation_facts {
  std::string_view name;
  sum_into into;
  fusing fuses;
  column_parts parts;
  bool is_given, is_random, sums_batch, takes_row_of_batch, only_moves, works_on_shape_of_input,
      reads_numbers_one_by_one, sees_border, only_reshapes, multiplies_sparse, makes_largest, keeps_columns_apart,
      is_sparse, joins_by_weight, is_linear;
  violation (*shape)(const graph&, const operation&, shape_list&);
  std::size_t (*flops)(const graph&, const operation&);

  /// Whether it sums over all samples, and makes no value.
  [[nodiscard]] constexpr bool is_sum() const { return into != sum_into::nothing; }
};

namespace detail {
/// Not std::array: planning asks so often that its operator[] counts.
struct table_of_operations {
  operation_facts of[kind_count];
};
template <std::size_t... K> constexpr table_of_operations all_facts(std::index_sequence<K...>) {
  return {{operation_facts{rules<kind{K}>::name,
                           rules<kind{K}>::into,
                           rules<kind{K}>::fuses,
                           rules<kind{K}>::parts,
                           rules<kind{K}>::is_given,
                           rules<kind{K}>::is_random,
                           rules<kind{K}>::sums_batch,
                           rules<kind{K}>::takes_row_of_batch,
                           rules<kind{K}>::only_moves,
                           rules<kind{K}>::works_on_shape_of_input,
                           rules<kind{K}>::reads_numbers_one_by_one,
                           rules<kind{K}>::sees_border,
                           rules<kind{K}>::only_reshapes,
                           rules<kind{K}>::multiplies_sparse,
                           rules<kind{K}>::makes_largest,
                           rules<kind{K}>::keeps_columns_apart,
                           rules<kind{K}>::is_sparse,
                           rules<kind{K}>::joins_by_weight,
                           rules<kind{K}>::is_linear,
                           rules<kind{K}>::shape,
                           rules<kind{K}>::flops}...}};
}
} // namespace detail

/// The table of operations. Whoever wants to know something of a kind asks here; nobody else lists kinds.
inline constexpr detail::table_of_operations operation_table =
    detail::all_facts(std::make_index_sequence<kind_count>{});

constexpr const operation_facts& facts_of(kind what) { return operation_table.of[static_cast<std::size_t>(what)]; }
constexpr const operation_facts& facts_of(const operation& op) {
  return operation_table.of[static_cast<std::size_t>(op.what)];
}

/// The rows that an operation works on: how many, and how wide.
constexpr tensor::extents shape_of_work(const graph& g, const operation& op) {
  return g.shape(op.outputs.empty() || facts_of(op).works_on_shape_of_input ? op.inputs[0].value() : op.outputs[0]);
}
/// Whether an operation works on one row for the whole batch instead of one for each sample.
constexpr bool works_on_batch(const graph& g, const operation& op) {
  if (facts_of(op).sums_batch) return false;
  if (!op.outputs.empty()) return g.is_of_batch(op.outputs[0]);
  return op.inputs[0].is_value() && g.is_of_batch(op.inputs[0].value());
}

} // namespace fusegrad::graph
