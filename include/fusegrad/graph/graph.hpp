// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/base/growing.hpp>
#include <fusegrad/base/numbered.hpp>
#include <fusegrad/expr/expression.hpp>
#include <fusegrad/graph/initialiser.hpp>
#include <fusegrad/graph/kind.hpp>
#include <fusegrad/graph/operand.hpp>
#include <fusegrad/tensor/matrices.hpp>
#include <fusegrad/tensor/shape.hpp>
#include <fusegrad/tensor/window.hpp>
#include <string_view>

namespace fusegrad::graph {

using tensor::window;
using tensor::window_side;

/// One operation: what it is, what it reads and what it makes.
struct operation {
  kind what = kind::input;
  operand_list inputs;
  value_list outputs;
  parameter_id parameter = parameter_id::none;    ///< the weight of a product, or whose gradient is summed
  expression_id expression = expression_id::none; ///< what is computed of each column
  window_id window = window_id::none;             ///< what is seen of an image at each position
  bool transposed =
      false; ///< a product with the transpose of its weight; of windows: from their positions to the image
  tensor::transposed_factor turned = tensor::transposed_factor::none; ///< of a product of two values
  std::uint32_t matrices = 1;                                         ///< that each of these is made of
  bool is_causal = false;        ///< a softmax in which a position sees as many columns as it has before it, and one
  uniform weight = uniform::one; ///< what a sum is multiplied with
  std::int32_t slot = -1;        ///< which input, stream of random numbers, or observation
};

struct value {
  tensor::extents shape;
  bool needs_gradient = false; ///< depends on a parameter
  bool is_of_batch = false;    ///< one row for the whole batch instead of one for each sample
};

/// A parameter of the model. A matrix has the shape [out][in] to the outside, the weight of a window [out][in][rows]
/// [columns], and is stored packed.
struct parameter {
  growing<char> name;
  tensor::extents shape;
  initialiser start;
  std::uint32_t fan_in =
      0; ///< inputs of a unit, for initialisers that divide by it; 0: the last extent of a matrix, else 1
  std::uint32_t groups = 1; ///< of the weight of a convolution that keeps groups of channels apart
  bool is_matrix = false;
  bool meets_images = false; ///< a matrix that products of more than one position read
  bool needs_transpose = false;
  bool is_elementwise = false; ///< read by map: a matrix is not, for it lies packed in memory
  bool is_shared = false;      ///< of a layer that is used in several places
  bool is_trained =
      true; ///< else a state, such as a running mean: a training step makes its next value where others have a gradient
  expression_id gain_expression =
      expression_id::none; ///< the activation behind the layer, for initialisers that ask for its gain
};

/// A place in the model that somebody may look at: what a layer reads and what it makes.
struct layer_mark {
  growing<char> path;
  std::string_view name;
  value_id input = value_id::none;
  value_id output = value_id::none;
  bool is_activation = false;               ///< nothing but elementwise operations of one row
  value_id input_gradient = value_id::none; ///< the values that are the loss's gradients, where there are any
  value_id output_gradient = value_id::none;
};

/// A model, and later its backward pass, as a table of operations in the order in which they can run.
struct graph {
  growing<operation> operations;
  numbered<value_id, value> values;
  numbered<parameter_id, parameter> parameters;
  numbered<expression_id, expr::expression> expressions;
  numbered<window_id, window> windows;
  growing<tensor::extents> inputs;
  growing<value_id> outputs;
  growing<layer_mark> marks;          ///< of all layers, where the graph is made to be observed
  std::size_t forward_operations = 0; ///< how many operations belong to the forward pass

  [[nodiscard]] constexpr std::size_t width(value_id v) const { return values[v].shape.size(); }
  [[nodiscard]] constexpr std::size_t width(const operand& x) const { return width(x.value()); }
  [[nodiscard]] constexpr const tensor::extents& shape(value_id v) const { return values[v].shape; }
  [[nodiscard]] constexpr const tensor::extents& shape(const operand& x) const { return values[x.value()].shape; }
  [[nodiscard]] constexpr std::size_t parameter_size(parameter_id p) const { return parameters[p].shape.size(); }

  /// The number of a function; equal functions share one, which is what lets equal layers share kernels.
  constexpr expression_id intern(const expr::expression& e) {
    for (std::size_t i = 0; i < expressions.size(); ++i)
      if (expressions[i] == e) return expressions.number(i);
    return expressions.add(e);
  }

  constexpr window_id intern(const window& w) {
    for (std::size_t i = 0; i < windows.size(); ++i)
      if (windows[i] == w) return windows.number(i);
    return windows.add(w);
  }

  constexpr value_id add_value(tensor::extents shape, bool needs_gradient, bool is_of_batch = false) {
    return values.add({shape, needs_gradient, is_of_batch});
  }

  [[nodiscard]] constexpr bool is_of_batch(value_id v) const { return values[v].is_of_batch; }

  [[nodiscard]] constexpr bool depends_on_parameter(const operand& x) const {
    if (x.is_parameter()) return parameters[x.parameter()].is_trained;
    return x.is_value() && values[x.value()].needs_gradient;
  }
};

} // namespace fusegrad::graph
