// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/base/file_path.hpp>
#include <fusegrad/model/weights.hpp>
#include <fusegrad/plan/compiled.hpp>
#include <string>
#include <utility>
#include <vector>

namespace fusegrad::io {

namespace detail {

/// A parameter of a model by name, row-major.
struct named_numbers {
  std::string name;
  std::vector<float> numbers;
};

/// The bytes of the ONNX model that a graph is, with the numbers of its parameters in their order.
std::string format_onnx(const graph::graph& g, const std::vector<named_numbers>& parameters);
void write_onnx(const base::file_path& path, const std::string& bytes);

} // namespace detail

/// The bytes of an ONNX model (opset 17) that computes what `inference` does, in 32-bit floats, for batches of any
/// size. Inputs and outputs are laid out as here, images channels last: `input` [batch][height][width][channels], or
/// `input_0`, ... of a model with several; `output`, or `output_0`, ... Parameters keep names and shapes.
/// Throws std::invalid_argument naming all operations that ONNX cannot express.
template <class Weights> std::string format_onnx(const Weights& weights) {
  using model = typename Weights::model_type;
  const graph::graph g = plan::graph_of<model, plan::no_loss, plan::purpose::predict>();
  std::vector<detail::named_numbers> parameters;
  for (const graph::parameter& p : g.parameters) {
    std::string name(p.name.begin(), p.name.end());
    const auto numbers = weights.read(name);
    detail::named_numbers& written = parameters.emplace_back();
    written.name = std::move(name);
    for (const auto number : numbers) written.numbers.push_back(static_cast<float>(number));
  }
  return detail::format_onnx(g, parameters);
}

/// Writes them to a file, which appears when it is complete. Throws file_error if it cannot be written.
template <class Weights> void save_onnx(const Weights& weights, const base::file_path& path) {
  detail::write_onnx(path, format_onnx(weights));
}

} // namespace fusegrad::io
