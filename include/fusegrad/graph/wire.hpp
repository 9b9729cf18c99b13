// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/base/growing.hpp>
#include <fusegrad/graph/operand.hpp>
#include <fusegrad/tensor/shape.hpp>

namespace fusegrad::graph {

/// One value on its way through the layers: a row of numbers for each sample, with its shape.
struct row {
  value_id value{};
  tensor::extents shape;
  [[nodiscard]] constexpr std::size_t width() const { return shape.size(); }
};

/// The values that one layer hands to the next: usually one, several between `branch` and what joins it.
using wire = growing<row>;

/// Whether the named parameters of an activation exist once, or once for each unit.
enum class sharing : std::uint8_t { shared, per_unit };

/// What a graph is made for. Some layers do another thing in training: they draw masks, or read the statistics of the
/// batch.
struct emission {
  bool is_training = false;
  bool is_observed = false; ///< every layer leaves a mark
  bool is_frozen = false;   ///< parameters are given and stay
  bool is_sampled = false;  ///< dropout hides units outside of training, too
};

} // namespace fusegrad::graph
