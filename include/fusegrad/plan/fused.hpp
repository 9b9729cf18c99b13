// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/graph/graph.hpp>

namespace fusegrad::plan::inline FUSEGRAD_ABI {

/// What an argument of a fused operation is read from. The product that an epilogue works on never reaches memory.
enum class source : std::uint8_t { value, parameter, uniform, product };

struct operand {
  source from = source::value;
  int index = 0;
  friend constexpr bool operator==(const operand&, const operand&) = default;
};

/// One kernel call: an operation of the graph with all that was fused into it.
struct fused_operation {
  graph::kind what = graph::kind::input;
  bool has_product = false;  ///< elementwise: an epilogue of `left` times a weight
  int left = -1;             ///< the value on the left of the product
  int parameter = -1;        ///< the weight of the product, or the parameter whose gradient is summed
  bool transposed = false;
  int expression = -1;
  int slot = -1;
  short_list<operand, graph::most_inputs> inputs;
  graph::value_list outputs;
  bool alive = true;
};

} // namespace fusegrad::plan
