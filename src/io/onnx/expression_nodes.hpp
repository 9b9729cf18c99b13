// SPDX-License-Identifier: MIT
#pragma once

#include "model_file.hpp"

#include <fusegrad/expr/expression.hpp>

#include <string>
#include <vector>

namespace fusegrad::io::onnx {

/// A value in a model, as far as its shape matters to those that are computed number by number with it.
struct term {
  std::string name;
  dimensions shape;
  bool has_batch = false; ///< an extent for the samples comes before the others
  bool is_truth = false;  ///< the answer of a comparison, which is no number in ONNX
};

/// Writes the nodes that compute an expression of `arguments`; one term for each result. Nothing where it has
/// operations that ONNX has no form for: `misfits` names them then.
std::vector<term> write_expression(model_file& file, const expr::expression& f, const std::vector<term>& arguments,
                                   std::string& misfits);

/// Whichever shape numbers of these have together.
dimensions joined(const dimensions& a, const dimensions& b);

} // namespace fusegrad::io::onnx
