// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/base/growing.hpp>
#include <fusegrad/base/short_list.hpp>
#include <fusegrad/expr/expression.hpp>
#include <fusegrad/graph/initialiser.hpp>
#include <fusegrad/tensor/shape.hpp>

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
};

/// What an elementwise operation reads, or the left side of a product.
enum class source : std::uint8_t {
  value,     ///< a row of a value; of width 1: the same number for all columns
  parameter, ///< one number for each column, the same for all samples; of size 1: one number
  uniform,   ///< one number for a whole step
};

struct operand {
  source from = source::value;
  int index = 0;
  friend constexpr bool operator==(const operand&, const operand&) = default;
};

/// Numbers that are known when a step starts.
enum class uniform : std::uint8_t { one_over_batch, loss_scale };
inline constexpr int uniform_count = 2;

/// How many inputs or outputs one operation can have: the most values that `concat` joins.
inline constexpr std::size_t most_operands = 16;
using operand_list = short_list<operand, most_operands>;
using value_list = short_list<int, most_operands>;

struct operation {
  kind what = kind::input;
  operand_list inputs;
  value_list outputs;
  int parameter = -1;
  int expression = -1;
  bool transposed = false; ///< matrix_product with the transpose of its parameter
  int slot = -1;           ///< input: which one; loss_term: which uniform
};

struct value {
  tensor::extents shape;
  bool needs_gradient = false; ///< depends on a parameter
};

/// A parameter of the model. A matrix has the shape [out][in] to the outside and is stored packed.
struct parameter {
  growing<char> name;
  tensor::extents shape;
  initialiser start;
  std::uint32_t fan_in = 0;  ///< inputs of a unit, for initialisers that divide by it; 0: the last extent of a matrix, else 1
  bool is_matrix = false;
  bool needs_transpose = false;
  int gain_expression = -1; ///< the activation behind the layer, for initialisers that ask for its gain
};

/// A model, and later its backward pass, as a table of operations in the order in which they can run.
struct graph {
  growing<operation> operations;
  growing<value> values;
  growing<parameter> parameters;
  growing<expr::expression> expressions;
  growing<tensor::extents> inputs;
  growing<operand> outputs;
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

  constexpr int add_value(tensor::extents shape, bool needs_gradient) {
    values.push_back({shape, needs_gradient});
    return static_cast<int>(values.size()) - 1;
  }

  [[nodiscard]] constexpr bool depends_on_parameter(const operand& x) const {
    if (x.from == source::parameter) return true;
    return x.from == source::value && values[static_cast<std::size_t>(x.index)].needs_gradient;
  }
};

} // namespace fusegrad::graph
