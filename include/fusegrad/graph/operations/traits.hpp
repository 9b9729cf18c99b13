// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/base/short_list.hpp>
#include <fusegrad/graph/graph.hpp>
#include <fusegrad/graph/shape_rules.hpp>
#include <fusegrad/graph/wire.hpp>
#include <fusegrad/tensor/window.hpp>

namespace fusegrad::graph {

/// What a sum over all samples is added to. Such an operation comes last: nothing reads what it makes.
enum class sum_into : std::uint8_t {
  nothing, ///< it makes values
  loss,
  matrix,      ///< the gradient of a weight of products
  vector,      ///< the gradient of a parameter that has a number for each column
  number,      ///< the gradient of a parameter that is one number
  observation, ///< what somebody who looks at a run is told
};

/// How an operation takes part when operations become one kernel call.
enum class fusing : std::uint8_t {
  no,
  expression, ///< it is an expression, which can become a part of another's
  product,    ///< it can have such an expression as its epilogue
  sum,        ///< it sums an expression
  pool,       ///< a product can make the largest of its numbers right away
};

/// Which side of an operation that only moves numbers are consecutive columns of the other.
enum class column_parts : std::uint8_t { none, inputs, results };

/// The shapes of what an operation makes.
using shape_list = short_list<tensor::extents, most_operands>;

/// What is asked of any operation, with the answers of most. The home of each, `rules<What>` in operations/, derives
/// from it and adds:
/// - `name`
/// - `shape(graph, operation, shapes)`: a violation, or none; completes the shapes of what is made, which hold what was
///   asked for
/// - `flops(graph, operation)`: floating-point operations for one sample; every elementary function counts as one
/// - `differentiate(backward, operation)`: adds to the gradients of what it reads, in terms of the same set of
///   operations
/// - `is_linear`, or `move(tangents, operation)`: the same forward, for derivatives with respect to a model's input
struct usual_operation {
  static constexpr sum_into into = sum_into::nothing;
  static constexpr fusing fuses = fusing::no;
  /// Its rows come from outside.
  static constexpr bool is_given = false;
  /// Its rows are random numbers, new in each step.
  static constexpr bool is_random = false;
  /// Each number that it makes depends on all samples: it makes one row for the whole batch.
  static constexpr bool sums_batch = false;
  /// It may read what the whole batch has in common, and makes such a row where it reads nothing else.
  static constexpr bool takes_row_of_batch = false;
  /// It moves numbers and computes nothing.
  static constexpr bool only_moves = false;
  static constexpr column_parts parts = column_parts::none;
  /// It works on rows as wide as its input's, and on as many, whatever it makes.
  static constexpr bool works_on_shape_of_input = false;
  /// It reads numbers of an image one by one, so that channels need not fill whole vectors.
  static constexpr bool reads_numbers_one_by_one = false;
  /// Its window reaches over the edges of the image that it reads first, where zeros must lie.
  static constexpr bool sees_border = false;
  /// It makes the same numbers in another shape, for nothing where both lie in memory alike.
  static constexpr bool only_reshapes = false;
  /// It can multiply with what such an operation was given instead: see `is_sparse`.
  static constexpr bool multiplies_sparse = false;
  /// It can make the largest of neighbouring numbers instead of all of them: a pool behind it can be a part of it.
  static constexpr bool makes_largest = false;
  /// A product that makes each column of the same column alone: its weight has taps for rows, in both directions.
  static constexpr bool keeps_columns_apart = false;
  /// Most of what it makes is zero.
  static constexpr bool is_sparse = false;
  /// Several of them with one weight can be one kernel call.
  static constexpr bool joins_by_weight = false;
  /// It is linear in all values that it reads together: its derivative with respect to a model's input is the same
  /// operation on theirs.
  static constexpr bool is_linear = false;
  /// The rule for such derivatives where it is not: there is none.
  template <class Tangents> static constexpr void move(Tangents& t, const operation& op) { t.refuse(op); }
};

/// The same of operations that only sum: they make no value, so that nobody asks for their derivative.
struct usual_sum : usual_operation {
  static constexpr bool takes_row_of_batch = true;
  static constexpr violation shape(const graph&, const operation&, shape_list&) { return {}; }
  template <class Backward> static constexpr void differentiate(Backward&, const operation&) {}
};

template <kind What> struct rules;

/// The same shape out as in.
constexpr violation same_shape(const graph& g, const operation& op, shape_list& out) {
  out.push_back(g.values[op.inputs[0].value()].shape);
  return {};
}
/// How many channels come out of an image, and whether a window fits on it. `made` is empty where it does not.
constexpr violation window_fits(const window& w, const tensor::extents& image) {
  const tensor::extents made = w.over(image);
  if (image.rank > 3 && !w.is_single()) return {rule::image_of_window, image, {}};
  if (image.rank < 3 && w.rows != window_side{}) return {rule::image_of_window, image, {}};
  if (image.rank < 2 && w.columns != window_side{}) return {rule::image_of_window, image, {}};
  if (made.size() == 0)
    return {rule::window_fits, tensor::matrix_of(image.image_rows(), image.image_columns()),
            tensor::matrix_of(static_cast<std::size_t>(w.rows.reach()), static_cast<std::size_t>(w.columns.reach()))};
  return {};
}
/// For an operation from the windows' positions back to the image that is asked for.
constexpr violation window_made(const window& w, const tensor::extents& image, const tensor::extents& positions) {
  if (const violation v = window_fits(w, image); v.broken != rule::none) return v;
  const tensor::extents made = w.over(image);
  if (made.rank != positions.rank || made.image_rows() != positions.image_rows() ||
      made.image_columns() != positions.image_columns())
    return {rule::window_fits, tensor::matrix_of(positions.image_rows(), positions.image_columns()),
            tensor::matrix_of(made.image_rows(), made.image_columns())};
  return {};
}
constexpr std::size_t width_of_input(const graph& g, const operation& op) { return g.width(op.inputs[0]); }

} // namespace fusegrad::graph
