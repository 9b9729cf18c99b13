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

/// The operations of an expression that ONNX has no form for, in words; nothing where it has one for all.
std::string misfits_of(const expr::expression& f);

/// Writes the nodes that compute an expression of `arguments`; one term for each result.
std::vector<term> write_expression(model_file& file, const expr::expression& f, const std::vector<term>& arguments);

/// Whichever shape numbers of these have together.
dimensions joined(const dimensions& a, const dimensions& b);

} // namespace fusegrad::io::onnx
