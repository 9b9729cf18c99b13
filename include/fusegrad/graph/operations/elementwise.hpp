// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/graph/elementwise_derivative.hpp>
#include <fusegrad/graph/operations/traits.hpp>
#include <string_view>

namespace fusegrad::graph {

/// An `expression` of values, parameters and uniforms, for each number: one value for each result.
template <> struct rules<kind::elementwise> : usual_operation {
  static constexpr std::string_view name = "elementwise";
  static constexpr fusing fuses = fusing::expression;
  static constexpr bool takes_row_of_batch = true;

  static constexpr violation shape(const graph& g, const operation& op, shape_list& out) {
    const tensor::extents& made = out[0];
    const std::size_t columns = made.columns();
    const operand* const inputs = op.inputs.begin();
    for (std::size_t k = 0, count = op.inputs.size(); k < count; ++k) {
      if (fits_plainly(g, inputs[k], made, columns)) continue;
      if (const violation v = operand_fits(g, inputs[k], made); v.broken != rule::none) return v;
    }
    return {};
  }
  static constexpr std::size_t flops(const graph& g, const operation& op) {
    std::size_t computed = 0;
    for (const expr::node& n : g.expressions[op.expression].nodes) computed += expr::operand_count(n.op) > 0;
    return computed * g.width(op.outputs[0]);
  }

  template <class Tangents> static constexpr void move(Tangents& t, const operation& op) { t.elementwise(op); }

  template <class Backward> static constexpr void differentiate(Backward& b, const operation& op) {
    operand_list dy;
    for (std::size_t k = 0, count = op.inputs.size(); k < count; ++k) {
      const operand& x = op.inputs[k];
      if (!b.g.depends_on_parameter(x)) continue;
      if (dy.empty())
        for (value_id y : op.outputs) dy.push_back(b.gradient(y));
      const elementwise_gradient* d = b.derivatives.find(b.g, op, k, dy);
      if (d->expression == expression_id::none) continue; // zero by construction
      operand_list inputs;
      for (int used : d->used) inputs.push_back(argument(op, dy, static_cast<std::size_t>(used)));
      const value_id y = op.outputs[0];
      if (is_handed_on(b.g, d->expression, inputs, y)) {
        b.contribute(x, b.row_of(inputs[0].value()));
        continue;
      }
      b.contribute(x, b.emit.elementwise(d->expression, inputs, b.shape_of(y), b.g.is_of_batch(y)));
    }
  }

private:
  /// Whether a gradient is that of the result itself, as of a sum: then nobody makes a copy of it.
  static constexpr bool is_handed_on(const graph& g, expression_id d, const operand_list& inputs, value_id y) {
    if (inputs.size() != 1 || !inputs[0].is_value() || !expr::is_identity(g.expressions[d])) return false;
    const value_id dy = inputs[0].value();
    return g.shape(dy) == g.shape(y) && g.is_of_batch(dy) == g.is_of_batch(y);
  }
  /// Whether an operand fits for sure: of the same shape, or one position of as many columns, or of one. To make a
  /// violation, and be it none, takes longer than to look.
  static constexpr bool fits_plainly(const graph& g, const operand& x, const tensor::extents& made,
                                     std::size_t columns) {
    if (!x.is_value()) return !x.is_parameter();
    const tensor::extents& shape = g.values[x.value()].shape;
    if (shape.rank == 1) return shape.extent[0] == columns || shape.extent[0] == 1;
    return shape == made;
  }
  /// A value has as many positions and columns as the result, or one of either; a parameter as many columns, or one.
  static constexpr violation operand_fits(const graph& g, const operand& x, const tensor::extents& result) {
    const std::size_t columns = result.columns();
    if (x.is_value()) {
      const tensor::extents& shape = g.shape(x);
      if (shape.columns() != columns && shape.columns() != 1) return {rule::equal_widths, shape, result};
      const bool is_alike =
          shape.image_rows() == result.image_rows() && shape.image_columns() == result.image_columns();
      if (!is_alike && shape.positions() != 1) return {rule::equal_widths, shape, result};
      return {};
    }
    if (!x.is_parameter()) return {};
    const parameter& p = g.parameters[x.parameter()];
    if (p.is_matrix) return {rule::matrix_by_itself, p.shape, {}};
    if (const std::size_t size = p.shape.size(); size != columns && size != 1)
      return {rule::parameter_of_columns, p.shape, tensor::vector_of(columns)};
    return {};
  }

  /// Arguments of a derivative are numbered: the operation's inputs, the gradients of its outputs, its outputs.
  static constexpr operand argument(const operation& op, const operand_list& dy, std::size_t i) {
    if (i < op.inputs.size()) return op.inputs[i];
    i -= op.inputs.size();
    return i < dy.size() ? dy[i] : operand(op.outputs[i - dy.size()]);
  }
};

} // namespace fusegrad::graph
