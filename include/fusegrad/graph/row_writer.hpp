// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/graph/graph.hpp>
#include <fusegrad/graph/window_writer.hpp>
#include <fusegrad/graph/wire.hpp>
#include <fusegrad/tensor/matrices.hpp>

namespace fusegrad::graph {

/// The words of an emitter for what has no parameters and works on whole rows.
class row_writer : public window_writer {
public:
  using window_writer::window_writer;

  /// The products of two values for each sample, of as many `matrices` as each of them is made of.
  constexpr row value_product(const row& x, const row& y,
                              tensor::transposed_factor turned = tensor::transposed_factor::none,
                              std::size_t matrices = 1) {
    operation op = bare(kind::value_product);
    op.turned = turned;
    op.matrices = tensor::extent_of(matrices);
    return binary(op, x, y);
  }

  constexpr row softmax(const row& x) { return unary(kind::softmax, x); }
  /// The same over the columns up to the number of the position; those behind are 0.
  constexpr row causal_softmax(const row& x) {
    operation op = bare(kind::softmax);
    op.is_causal = true;
    return unary(op, x);
  }
  constexpr row log_softmax(const row& x) { return unary(kind::log_softmax, x); }

  /// The loss of each row, one column, from logits and a target distribution (any non-negative weights).
  constexpr row softmax_cross_entropy(const row& logits, const row& target) {
    return binary(bare(kind::softmax_cross_entropy), logits, target);
  }
};

} // namespace fusegrad::graph
