// SPDX-License-Identifier: MIT
#pragma once

#include "expression_nodes.hpp"
#include "model_file.hpp"

#include <fusegrad/graph/graph.hpp>
#include <fusegrad/io/onnx.hpp>

#include <string>
#include <vector>

namespace fusegrad::io::onnx {

dimensions dimensions_of(const tensor::extents& shape);
/// As the shape that a reshaping node is given: the batch stays.
dimensions with_batch(const dimensions& shape);

/// A graph on its way to a model file: where each of its values is.
class translation {
public:
  translation(const graph::graph& graph_of_model, const std::vector<detail::named_numbers>& parameters)
      : g(graph_of_model), parameters_(parameters), values_(g.values.size()) {}

  const graph::graph& g;
  model_file file;

  [[nodiscard]] const tensor::extents& shape(const graph::operand& x) const { return g.shape(x.value()); }
  [[nodiscard]] const std::string& value(const graph::operand& x) const {
    return values_[static_cast<std::size_t>(x.value())];
  }
  /// A value of those extents instead of its own, which hold as many numbers.
  std::string value_as(const graph::operand& x, const dimensions& wanted) {
    return reshaped(value(x), dimensions_of(shape(x)), wanted);
  }
  std::string reshaped(const std::string& name, const dimensions& has, const dimensions& wanted) {
    return has == wanted ? name : file.node("Reshape", {name, file.integers(with_batch(wanted))});
  }
  /// Notes where a result is; `has` are the extents that its nodes made.
  void set(graph::value_id made, const std::string& name, const dimensions& has) {
    values_[static_cast<std::size_t>(made)] = reshaped(name, has, dimensions_of(g.shape(made)));
  }
  /// A parameter as an initialiser with these extents.
  std::string parameter(graph::parameter_id p, const dimensions& extents) {
    const detail::named_numbers& found = parameters_[static_cast<std::size_t>(p)];
    return file.tensor(found.name, extents, found.numbers);
  }

  /// What an operand is to those that compute number by number and make `result`.
  term operand(const graph::operand& x, const dimensions& result);
  /// Repeats a term until it has those extents.
  std::string stretched(const term& x, const dimensions& wanted);

private:
  const std::vector<detail::named_numbers>& parameters_;
  std::vector<std::string> values_;
};

/// Writes the nodes of one operation. What it cannot express it says in words.
std::string write_operation(translation& t, const graph::operation& op);

/// Those of windows and of products of values, each in a file of its own.
std::string write_window_product(translation& t, const graph::operation& op);
std::string write_max_pool(translation& t, const graph::operation& op);
std::string write_window_sum(translation& t, const graph::operation& op);
std::string write_interpolation(translation& t, const graph::operation& op);
std::string write_value_product(translation& t, const graph::operation& op);

} // namespace fusegrad::io::onnx
