// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/base/growing.hpp>
#include <fusegrad/base/short_list.hpp>
#include <fusegrad/expr/expression.hpp>
#include <fusegrad/graph/initialiser.hpp>
#include <fusegrad/tensor/shape.hpp>
#include <string_view>

namespace fusegrad::graph {

/// The closed set of operations that layers emit. Every value holds one row for each sample.
enum class kind : std::uint8_t {
  input,                 ///< a row from outside: (slot)
  matrix_product,        ///< x W: (x) -> [out]; W from `parameter`, transposed for a gradient
  elementwise,           ///< `expression` of rows, parameters and uniforms -> one value for each result
  row_sum,               ///< the sum of each row -> width 1
  softmax,               ///< of each row
  log_softmax,           ///< of each row
  softmax_cross_entropy, ///< (logits, target) -> (probabilities, sum of the target, loss)
  split,                 ///< one row into consecutive parts
  concat,                ///< consecutive parts into one row
  weight_gradient,       ///< (x, dy): adds x^T dy to the gradient of `parameter`
  column_sum,            ///< (x): adds the sum over samples to the gradient of `parameter`
  total_sum,             ///< (x): adds the sum over samples and columns to the gradient of a parameter of size 1
  loss_term,             ///< (x): adds the sum over samples and columns, times `uniform`, to the loss
  random,                ///< () -> random numbers, uniform in [0, 1), new in each step: (slot: which stream)
  batch_sum,             ///< the sum over the batch of an `expression`, times `uniform` if slot says so -> a value of the batch
  observe,               ///< sums over samples of each result of an `expression`, for whoever looks at a run: (slot: which observation)
};

/// What an elementwise operation reads, or the left side of a product.
enum class source : std::uint8_t {
  value,     ///< a row of a value; of width 1: the same number for all columns; of a value of the batch: its only row
  parameter, ///< one number for each column, the same for all samples; of size 1: one number
  uniform,   ///< one number for a whole step
};

struct operand {
  source from = source::value;
  int index = 0;
  friend constexpr bool operator==(const operand&, const operand&) = default;
};

/// Numbers that are known when a step starts.
enum class uniform : std::uint8_t {
  one_over_batch,
  loss_scale,
  unbiased, ///< n / (n - 1) for n samples, 1 for one: from the variance of a batch to that of what it was drawn from
  one,
};
inline constexpr int uniform_count = 4;

/// How many inputs or outputs one operation of a layer can have: the most values that `concat` joins, or that `map` reads.
inline constexpr std::size_t most_operands = 16;
/// A derivative reads the gradient and the result besides.
inline constexpr std::size_t most_inputs = most_operands + 2;
using operand_list = short_list<operand, most_inputs>;
using value_list = short_list<int, most_operands>;

struct operation {
  kind what = kind::input;
  operand_list inputs;
  value_list outputs;
  int parameter = -1;
  int expression = -1;
  bool transposed = false; ///< matrix_product with the transpose of its parameter
  int slot = -1;           ///< input, random, observe: which one; loss_term, batch_sum: which uniform
};

struct value {
  tensor::extents shape;
  bool needs_gradient = false; ///< depends on a parameter
  bool is_of_batch = false;    ///< one row for the whole batch instead of one for each sample
};

/// A parameter of the model. A matrix has the shape [out][in] to the outside and is stored packed.
struct parameter {
  growing<char> name;
  tensor::extents shape;
  initialiser start;
  std::uint32_t fan_in = 0;  ///< inputs of a unit, for initialisers that divide by it; 0: the last extent of a matrix, else 1
  bool is_matrix = false;
  bool needs_transpose = false;
  bool is_elementwise = false; ///< read by map: a matrix is not, for it lies packed in memory
  bool is_shared = false;    ///< of a layer that is used in several places
  bool is_trained = true;    ///< else a state, such as a running mean: a training step makes its next value where others have a gradient
  int gain_expression = -1; ///< the activation behind the layer, for initialisers that ask for its gain
};

/// A place in the model that somebody may look at: what a layer reads and what it makes.
struct layer_mark {
  growing<char> path;
  std::string_view name;
  int input = -1;
  int output = -1;
  bool is_activation = false; ///< nothing but elementwise operations of one row
  int input_gradient = -1;    ///< the values that are the loss's gradients; -1: there is none
  int output_gradient = -1;
};

/// A model, and later its backward pass, as a table of operations in the order in which they can run.
struct graph {
  growing<operation> operations;
  growing<value> values;
  growing<parameter> parameters;
  growing<expr::expression> expressions;
  growing<tensor::extents> inputs;
  growing<operand> outputs;
  growing<layer_mark> marks; ///< of all layers, where the graph is made to be observed
  int forward_operations = 0; ///< how many operations belong to the forward pass

  [[nodiscard]] constexpr std::size_t width(int v) const { return values[static_cast<std::size_t>(v)].shape.size(); }
  [[nodiscard]] constexpr std::size_t parameter_size(int p) const { return parameters[static_cast<std::size_t>(p)].shape.size(); }

  /// The number of a function; equal functions share one, which is what lets equal layers share kernels.
  constexpr int intern(const expr::expression& e) {
    for (std::size_t i = 0; i < expressions.size(); ++i)
      if (expressions[i] == e) return static_cast<int>(i);
    expressions.push_back(e);
    return static_cast<int>(expressions.size()) - 1;
  }

  constexpr int add_value(tensor::extents shape, bool needs_gradient, bool is_of_batch = false) {
    values.push_back({shape, needs_gradient, is_of_batch});
    return static_cast<int>(values.size()) - 1;
  }

  [[nodiscard]] constexpr bool is_of_batch(int v) const { return values[static_cast<std::size_t>(v)].is_of_batch; }

  /// Takes out what is summed over the samples for a parameter.
  constexpr void remove_sums_into(int p) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < operations.size(); ++i) {
      if (operations[i].what == kind::column_sum && operations[i].parameter == p) continue;
      if (kept != i) operations[kept] = static_cast<operation&&>(operations[i]);
      ++kept;
    }
    operations.resize(kept);
  }

  [[nodiscard]] constexpr bool depends_on_parameter(const operand& x) const {
    if (x.from == source::parameter) return parameters[static_cast<std::size_t>(x.index)].is_trained;
    return x.from == source::value && values[static_cast<std::size_t>(x.index)].needs_gradient;
  }
};

} // namespace fusegrad::graph
