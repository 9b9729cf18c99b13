// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/graph/operations/traits.hpp>
#include <fusegrad/tensor/matrices.hpp>
#include <string_view>

namespace fusegrad::graph {

/// (a, b): for each sample the products of the `matrices` matrices that either value is made of, one of them read
/// transposed or none. Products of matrices that lie side by side do so, too; with the right side transposed, as the
/// scores of an attention have it, they are stacked: [matrices][rows of a][rows of b].
template <> struct rules<kind::value_product> : usual_operation {
  static constexpr std::string_view name = "value_product";
  static constexpr fusing fuses = fusing::product;

  static constexpr violation shape(const graph& g, const operation& op, shape_list& out) {
    for (const operand& x : op.inputs)
      if (!tensor::as_matrices(g.shape(x), op.matrices).exist())
        return {rule::matrices_of_value, g.shape(x), tensor::vector_of(op.matrices)};
    const sizes s = sizes_of(g, op);
    if (s.depth != s.depth_of_right)
      return {rule::factors_fit, tensor::matrix_of(s.depth_of_right, s.columns), tensor::matrix_of(s.depth, s.columns)};
    if (out.empty()) out.push_back(usual_shape(op, s));
    const tensor::matrices made = tensor::as_matrices(out[0], op.matrices);
    if (made.rows != s.rows || made.columns != s.columns) return {rule::factors_fit, out[0], usual_shape(op, s)};
    return {};
  }
  static constexpr std::size_t flops(const graph& g, const operation& op) {
    return 2 * g.width(op.outputs[0]) * sizes_of(g, op).depth;
  }

  template <class Tangents> static constexpr void move(Tangents& t, const operation& op) {
    if (t.is_second_order()) return t.refuse(op);
    const tensor::extents made = t.g.shape(op.outputs[0]);
    wire terms;
    for (const std::size_t which : {0u, 1u}) {
      if (t.tangent(op.inputs[which]) == value_id::none) continue;
      operation product = op;
      product.outputs.clear();
      product.inputs[which] = operand(t.tangent(op.inputs[which]));
      terms.push_back(t.emit.write(product, made)[0]);
    }
    if (terms.empty()) return;
    t.set(op.outputs[0],
          terms.size() == 1 ? terms[0] : t.emit.map([](auto a, auto b) { return a + b; }, terms[0], terms[1]));
  }
  template <class Backward> static constexpr void differentiate(Backward& b, const operation& op) {
    using enum tensor::transposed_factor;
    const operand left = op.inputs[0], right = op.inputs[1], d = b.gradient_row(op.outputs[0]).value;
    if (op.turned == left_one)
      add(b, op, left, right, d, right_one);
    else
      add(b, op, left, d, right, op.turned == right_one ? none : right_one);
    if (op.turned == right_one)
      add(b, op, right, d, left, left_one);
    else
      add(b, op, right, left, d, op.turned == left_one ? none : left_one);
  }

private:
  struct sizes {
    std::size_t rows, depth, depth_of_right, columns;
  };
  static constexpr sizes sizes_of(const graph& g, const operation& op) {
    const tensor::matrices a = tensor::as_matrices(g.shape(op.inputs[0]), op.matrices),
                           b = tensor::as_matrices(g.shape(op.inputs[1]), op.matrices);
    const bool turns_left = op.turned == tensor::transposed_factor::left_one,
               turns_right = op.turned == tensor::transposed_factor::right_one;
    return {turns_left ? a.columns : a.rows, turns_left ? a.rows : a.columns, turns_right ? b.columns : b.rows,
            turns_right ? b.rows : b.columns};
  }
  static constexpr tensor::extents usual_shape(const operation& op, const sizes& s) {
    if (op.matrices == 1 || op.turned != tensor::transposed_factor::right_one)
      return tensor::matrix_of(s.rows, op.matrices * s.columns);
    return {3, {op.matrices, tensor::extent_of(s.rows), tensor::extent_of(s.columns)}};
  }
  /// Adds a product to the gradient of a factor, in that one's shape.
  template <class Backward>
  static constexpr void add(Backward& b, const operation& op, const operand& to, const operand& left,
                            const operand& right, tensor::transposed_factor turned) {
    if (!b.g.depends_on_parameter(to)) return;
    operation product;
    product.what = kind::value_product;
    product.inputs.push_back(left);
    product.inputs.push_back(right);
    product.matrices = op.matrices;
    product.turned = turned;
    b.contribute(to, b.emit.write(product, b.shape_of(to))[0]);
  }
};

} // namespace fusegrad::graph
