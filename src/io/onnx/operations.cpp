// SPDX-License-Identifier: MIT
#include "translation.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace fusegrad::io::onnx {

namespace {

using graph::kind;
using graph::operation;

const attribute last_axis{"axis", -1};

std::int64_t columns_of(const tensor::extents& shape) { return static_cast<std::int64_t>(shape.columns()); }

/// The first result has the extents of the first operand, or those given.
std::string finish(translation& t, const operation& op, const std::string& name, const dimensions& has) {
  t.set(op.outputs[0], name, has);
  return {};
}

std::string write_matrix_product(translation& t, const operation& op) {
  const tensor::extents &x = t.shape(op.inputs[0]), &size = t.g.parameters[op.parameter].shape;
  const std::string weight = t.parameter(op.parameter, dimensions_of(size));
  dimensions made = dimensions_of(x);
  made.back() = size[op.transposed ? 1 : 0];
  if (made.size() == 1)
    return finish(
        t, op, t.file.node("Gemm", {t.value(op.inputs[0]), weight}, {{"transB", std::int64_t{!op.transposed}}}), made);
  const std::string factor = op.transposed ? weight : t.file.node("Transpose", {weight}, {{"perm", dimensions{1, 0}}});
  return finish(t, op, t.file.node("MatMul", {t.value(op.inputs[0]), factor}), made);
}

/// The values of an expression whose results have these extents; words where it reads what only a step knows.
std::string write_results(translation& t, const operation& op, const dimensions& extents, std::vector<term>& results) {
  std::vector<term> arguments;
  for (const graph::operand& x : op.inputs) {
    if (!x.is_value() && !x.is_parameter() && x.which_uniform() != graph::uniform::one)
      return "reads a number that only a training step knows";
    arguments.push_back(t.operand(x, extents));
  }
  std::string misfits;
  if (op.expression == graph::expression_id::none)
    results = arguments;
  else
    results = write_expression(t.file, t.g.expressions[op.expression], arguments, misfits);
  return misfits;
}

std::string write_elementwise(translation& t, const operation& op) {
  const dimensions extents = dimensions_of(t.g.shape(op.outputs[0]));
  std::vector<term> results;
  if (const std::string words = write_results(t, op, extents, results); !words.empty()) return words;
  for (std::size_t i = 0; i < op.outputs.size(); ++i) t.set(op.outputs[i], t.stretched(results[i], extents), extents);
  return {};
}

std::string write_position_sum(translation& t, const operation& op) {
  const dimensions extents = dimensions_of(t.shape(op.inputs[0]));
  std::vector<term> results;
  if (const std::string words = write_results(t, op, extents, results); !words.empty()) return words;
  const std::string numbers = t.stretched(results[0], extents);
  if (extents.size() == 1) return finish(t, op, numbers, extents);
  dimensions axes;
  for (std::size_t i = 1; i < extents.size(); ++i) axes.push_back(static_cast<std::int64_t>(i));
  return finish(t, op, t.file.node("ReduceSum", {numbers, t.file.integers(axes)}, {{"keepdims", 0}}), {extents.back()});
}

std::string write_row_sum(translation& t, const operation& op) {
  dimensions made = dimensions_of(t.shape(op.inputs[0]));
  made.back() = 1;
  return finish(t, op, t.file.node("ReduceSum", {t.value(op.inputs[0]), t.file.integers({-1})}), made);
}

/// Of a causal one, what is added so that no position sees those behind it.
std::string mask_of(translation& t, const tensor::extents& shape) {
  const std::size_t rows = shape.image_columns(), columns = shape.columns();
  std::vector<float> numbers(rows * columns);
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t k = i + 1; k < columns; ++k) numbers[i * columns + k] = -std::numeric_limits<float>::infinity();
  return t.file.tensor("mask", {static_cast<std::int64_t>(rows), static_cast<std::int64_t>(columns)}, numbers);
}

std::string write_softmax(translation& t, const operation& op) {
  const tensor::extents& shape = t.shape(op.inputs[0]);
  std::string x = t.value(op.inputs[0]);
  if (op.is_causal) x = t.file.node("Add", {x, mask_of(t, shape)});
  return finish(t, op, t.file.node("Softmax", {x}, {last_axis}), dimensions_of(shape));
}

std::string write_log_softmax(translation& t, const operation& op) {
  return finish(t, op, t.file.node("LogSoftmax", {t.value(op.inputs[0])}, {last_axis}),
                dimensions_of(t.shape(op.inputs[0])));
}

std::string write_split(translation& t, const operation& op) {
  dimensions widths, extents = dimensions_of(t.shape(op.inputs[0]));
  for (const graph::value_id part : op.outputs) widths.push_back(columns_of(t.g.shape(part)));
  const names parts =
      t.file.nodes("Split", {t.value(op.inputs[0]), t.file.integers(widths)}, {last_axis}, op.outputs.size());
  for (std::size_t i = 0; i < parts.size(); ++i) {
    extents.back() = widths[i];
    t.set(op.outputs[i], parts[i], extents);
  }
  return {};
}

std::string write_concat(translation& t, const operation& op) {
  const dimensions made = dimensions_of(t.g.shape(op.outputs[0]));
  names parts;
  for (const graph::operand& x : op.inputs) {
    dimensions extents = made;
    extents.back() = columns_of(t.shape(x));
    parts.push_back(t.value_as(x, extents));
  }
  return finish(t, op, t.file.node("Concat", parts, {last_axis}), made);
}

/// Each column side by side with itself; backward their sum.
std::string write_repetition(translation& t, const operation& op) {
  dimensions extents = dimensions_of(t.shape(op.inputs[0]));
  const std::int64_t many = std::max(extents.back(), columns_of(t.g.shape(op.outputs[0]))),
                     few = std::min(extents.back(), columns_of(t.g.shape(op.outputs[0])));
  extents.back() = few;
  if (op.transposed) {
    dimensions parts = extents;
    parts.push_back(many / few);
    return finish(t, op,
                  t.file.node("ReduceSum", {t.value_as(op.inputs[0], parts), t.file.integers({-1})}, {{"keepdims", 0}}),
                  extents);
  }
  dimensions from;
  for (std::int64_t k = 0; k < many; ++k) from.push_back(k * few / many);
  const auto axis = static_cast<std::int64_t>(extents.size());
  extents.back() = many;
  return finish(t, op, t.file.node("Gather", {t.value(op.inputs[0]), t.file.integers(from)}, {{"axis", axis}}),
                extents);
}

std::string write_reshape(translation& t, const operation& op) {
  return finish(t, op, t.value(op.inputs[0]), dimensions_of(t.shape(op.inputs[0])));
}

struct row {
  kind what;
  std::string (*write)(translation&, const operation&);
};
/// What predicts; other operations are those of a training step.
constexpr std::array rows{
    row{kind::matrix_product, write_matrix_product},
    row{kind::value_product, write_value_product},
    row{kind::elementwise, write_elementwise},
    row{kind::row_sum, write_row_sum},
    row{kind::position_sum, write_position_sum},
    row{kind::softmax, write_softmax},
    row{kind::log_softmax, write_log_softmax},
    row{kind::split, write_split},
    row{kind::concat, write_concat},
    row{kind::repetition, write_repetition},
    row{kind::reshape, write_reshape},
    row{kind::convolution, write_window_product},
    row{kind::grouped_convolution, write_window_product},
    row{kind::depthwise, write_window_product},
    row{kind::max_pool, write_max_pool},
    row{kind::window_sum, write_window_sum},
    row{kind::interpolation, write_interpolation},
};

} // namespace

std::string write_operation(translation& t, const operation& op) {
  for (const row& r : rows)
    if (r.what == op.what) return r.write(t, op);
  return "only a training step has it";
}

} // namespace fusegrad::io::onnx
