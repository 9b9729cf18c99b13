// SPDX-License-Identifier: MIT
#include "translation.hpp"

#include <fusegrad/tensor/matrices.hpp>

namespace fusegrad::io::onnx {

namespace {

/// A factor as [matrices][rows][columns], turned around where it is read so.
std::string factor(translation& t, const graph::operand& x, std::uint32_t count, bool is_turned) {
  const tensor::matrices m = tensor::as_matrices(t.shape(x), count);
  const auto rows = static_cast<std::int64_t>(m.rows), columns = static_cast<std::int64_t>(m.columns);
  if (m.are_stacked) {
    if (!is_turned) return t.value(x);
    return t.file.node("Transpose", {t.value(x)}, {{"perm", dimensions{0, 1, 3, 2}}});
  }
  const dimensions order = is_turned ? dimensions{0, 2, 3, 1} : dimensions{0, 2, 1, 3};
  return t.file.node("Transpose", {t.value_as(x, {rows, std::int64_t{count}, columns})}, {{"perm", order}});
}

} // namespace

std::string write_value_product(translation& t, const graph::operation& op) {
  using enum tensor::transposed_factor;
  const std::string product = t.file.node("MatMul", {factor(t, op.inputs[0], op.matrices, op.turned == left_one),
                                                     factor(t, op.inputs[1], op.matrices, op.turned == right_one)});
  const tensor::matrices made = tensor::as_matrices(t.g.shape(op.outputs[0]), op.matrices);
  const auto rows = static_cast<std::int64_t>(made.rows), columns = static_cast<std::int64_t>(made.columns);
  if (made.are_stacked)
    t.set(op.outputs[0], product, {std::int64_t{op.matrices}, rows, columns});
  else
    t.set(op.outputs[0], t.file.node("Transpose", {product}, {{"perm", dimensions{0, 2, 1, 3}}}),
          {rows, std::int64_t{op.matrices}, columns});
  return {};
}

} // namespace fusegrad::io::onnx
