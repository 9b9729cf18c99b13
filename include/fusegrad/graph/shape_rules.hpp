// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/base/growing.hpp>
#include <fusegrad/expr/trace.hpp>
#include <fusegrad/graph/graph.hpp>
#include <fusegrad/tensor/shape.hpp>

namespace fusegrad::graph {

/// What operations ask of what they are given. layer/errors.hpp has an error for each, docs/errors.md an entry.
enum class rule : std::uint8_t {
  none,
  known_operand,        ///< a row or parameter of this very emitter
  size_of_row,          ///< a row's shape may be changed, its size may not
  row_for_each_sample,  ///< what a batch has in common is read by map only
  matrix_of_row,        ///< a weight is [out][width of the row]
  matrix_by_itself,     ///< a weight of a product is read by products only
  equal_widths,         ///< operands of map have equal positions and columns, or one
  equal_images,         ///< parts that are joined have the same positions
  image_of_window,      ///< a window moves over [height][width][channels], or [time][channels]
  window_fits,          ///< a window is not larger than its image
  window_sees,          ///< every window of a max pool sees some of its image
  weight_of_window,     ///< the weight of a window is [out][in][rows][columns]
  matrices_of_value,    ///< a factor is [rows][matrices * columns] or [matrices][rows][columns]
  factors_fit,          ///< the right factor has a row for each column of the left one
  parameter_of_columns, ///< a parameter has a number for each column, or one
  operand_count,
  one_result,
  only_parameters,
  parts_of_row,
  some_parts,
  size_kept,
  row_of_batch,
  state_of_batch,
  size_of_state,
  logits_and_target,
  sensible_size,
  name_once,
  shared_at_one_size,
  training_only,
  declared_size,
  same_parameters, ///< a layer has the same parameters in training and outside of it
  inputs_of_model, ///< a layer reads what comes to it; inputs are the model's
  has_tangent,     ///< what is derived by the model's inputs is made of operations that have such a derivative
  has_curvature,   ///< and for a higher one, of functions whose pieces are not flat by then
  column_of_input, ///< a derivative is by a column that the model's inputs have
};

/// The rule that is broken, what was found, and what would fit.
struct violation {
  rule broken = rule::none;
  tensor::extents got, needs;
};

/// More numbers than any value or parameter can have: places in memory are 32 bits wide.
inline constexpr std::size_t too_many_numbers = 4'000'000'000;

/// The rules that are not of one operation alone; those stand in operations/. Each answers with a violation or with
/// none.
namespace shape_rules {

constexpr violation sensible_size(const tensor::extents& shape) {
  std::size_t size = 1;
  for (std::uint32_t i = 0; i < shape.rank && size != 0 && size < too_many_numbers; ++i) size *= shape[i];
  if (size != 0 && size < too_many_numbers) return {};
  return {rule::sensible_size, shape, tensor::vector_of(1)};
}

/// A row is known, and of the size that it says.
constexpr violation known_value(const graph& g, value_id v) {
  if (!g.values.has(v)) return {rule::known_operand, {}, {}};
  return {};
}
constexpr violation known_value(const graph& g, value_id v, const tensor::extents& shape) {
  if (!g.values.has(v)) return {rule::known_operand, {}, {}};
  const tensor::extents& made = g.shape(v);
  if (made.size() != shape.size() || made.columns() != shape.columns()) return {rule::size_of_row, shape, made};
  return {};
}
constexpr violation known_parameter(const graph& g, parameter_id p) {
  if (!g.parameters.has(p)) return {rule::known_operand, {}, {}};
  return {};
}
constexpr violation known_operand(const graph& g, const operand& x) {
  if (x.is_value()) return known_value(g, x.value());
  if (x.is_parameter()) return known_parameter(g, x.parameter());
  return {};
}

/// For operations that have no use for what a whole batch has in common.
constexpr violation row_for_each_sample(const graph& g, const operand& x) {
  if (x.is_value() && g.is_of_batch(x.value())) return {rule::row_for_each_sample, {}, {}};
  return {};
}

constexpr violation operand_count(std::size_t count) {
  if (count > most_operands) return {rule::operand_count, tensor::vector_of(count), tensor::vector_of(most_operands)};
  return {};
}
constexpr violation mapped_function(std::size_t results, const expr::named_leaf* leaf,
                                    const expr::named_leaf* last_leaf) {
  for (; leaf != last_leaf; ++leaf)
    if (leaf->kind != expr::leaf_kind::parameter) return {rule::only_parameters, {}, {}};
  if (results != 1) return {rule::one_result, tensor::vector_of(results), tensor::vector_of(1)};
  return {};
}

constexpr violation reshape(const tensor::extents& from, const tensor::extents& to) {
  if (from.size() != to.size()) return {rule::size_kept, to, from};
  return {};
}

/// The value that a state is given after a step.
constexpr violation next_of_state(const graph& g, const parameter& state, value_id next) {
  if (state.is_trained || state.is_matrix) return {rule::state_of_batch, {}, {}};
  if (!g.is_of_batch(next)) return {rule::row_of_batch, {}, {}};
  if (g.width(next) != state.shape.size()) return {rule::size_of_state, tensor::vector_of(g.width(next)), state.shape};
  return {};
}

/// Outside of training a sample stands for itself: what reads the whole batch would see whatever tile it is in.
constexpr violation training_only(bool is_training) {
  if (is_training) return {};
  return {rule::training_only, {}, {}};
}

/// What a layer makes, beside what it has declared.
constexpr violation declared(const tensor::extents& made, const tensor::extents& promised) {
  if (made.size() != promised.size() || made.columns() != promised.columns())
    return {rule::declared_size, made, promised};
  return {};
}

/// A layer's parameters in training beside those outside of it, by which weights are kept: each has the same place. The
/// first that differs is named by its number.
constexpr violation same_parameters(const graph& training, const graph& outside) {
  const std::size_t count = training.parameters.size(), expected = outside.parameters.size();
  for (std::size_t i = 0; i < count || i < expected; ++i) {
    if (i < count && i < expected) {
      const parameter &a = training.parameters[i], &b = outside.parameters[i];
      if (a.name == b.name && a.shape == b.shape && a.groups == b.groups && a.is_matrix == b.is_matrix &&
          a.meets_images == b.meets_images && a.is_trained == b.is_trained)
        continue;
    }
    return {rule::same_parameters, tensor::vector_of(i), {}};
  }
  return {};
}

/// What a layer that was given one row has read.
constexpr violation inputs_of_model(const graph& g) {
  if (g.inputs.size() == 1) return {};
  return {rule::inputs_of_model, tensor::vector_of(g.inputs.size()), tensor::vector_of(1)};
}

} // namespace shape_rules

} // namespace fusegrad::graph
