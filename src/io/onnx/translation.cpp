// SPDX-License-Identifier: MIT
#include "translation.hpp"

#include "../../base/file.hpp"

#include <fusegrad/graph/operations.hpp>

#include <stdexcept>

namespace fusegrad::io::onnx {

dimensions dimensions_of(const tensor::extents& shape) {
  if (shape.rank == 0) return {1};
  return {shape.extent, shape.extent + shape.rank};
}

dimensions with_batch(const dimensions& shape) {
  dimensions whole{0};
  whole.insert(whole.end(), shape.begin(), shape.end());
  return whole;
}

term translation::operand(const graph::operand& x, const dimensions& result) {
  if (x.is_parameter()) {
    const auto size = static_cast<std::int64_t>(g.parameter_size(x.parameter()));
    const dimensions extents{size};
    return {parameter(x.parameter(), extents), extents};
  }
  if (!x.is_value()) return {file.number(1), {}};
  const tensor::extents& own = shape(x);
  dimensions extents = result;
  if (own.positions() == 1) extents.assign(result.size(), 1);
  extents.back() = static_cast<std::int64_t>(own.columns());
  return {value_as(x, extents), extents, true};
}

std::string translation::stretched(const term& x, const dimensions& wanted) {
  if (x.has_batch && x.shape == wanted) return x.name;
  const std::string batch = file.node(
      "Slice", {file.node("Shape", {values_.front()}), file.integers({0}), file.integers({1}), file.integers({0})});
  const std::string shape = file.node("Concat", {batch, file.integers(wanted)}, {{"axis", 0}});
  return file.node("Expand", {x.name, shape});
}

namespace {

std::string name_of(std::string_view what, std::size_t i, std::size_t count) {
  return count == 1 ? std::string(what) : std::string(what) + "_" + std::to_string(i);
}

} // namespace

} // namespace fusegrad::io::onnx

namespace fusegrad::io::detail {

std::string format_onnx(const graph::graph& g, const std::vector<named_numbers>& parameters) {
  onnx::translation t(g, parameters);
  std::string misfits;
  for (const graph::operation& op : g.operations) {
    const std::string words = graph::facts_of(op).is_given ? "" : onnx::write_operation(t, op);
    if (graph::facts_of(op).is_given) {
      const auto shape = onnx::dimensions_of(g.shape(op.outputs[0]));
      const std::string name = onnx::name_of("input", static_cast<std::size_t>(op.slot), g.inputs.size());
      t.file.input(name, shape);
      t.set(op.outputs[0], name, shape);
    }
    if (!words.empty()) misfits += (misfits.empty() ? "" : "; ") + std::string(graph::facts_of(op).name) + ": " + words;
  }
  if (!misfits.empty()) throw std::invalid_argument("fusegrad: ONNX has no form for: " + misfits + ".");
  for (std::size_t i = 0; i < g.outputs.size(); ++i)
    t.file.output(onnx::name_of("output", i, g.outputs.size()), t.value(g.outputs[i]),
                  onnx::dimensions_of(g.shape(g.outputs[i])));
  return t.file.bytes();
}

void write_onnx(const base::file_path& path, const std::string& bytes) { base::write_durably(path, {bytes}); }

} // namespace fusegrad::io::detail
