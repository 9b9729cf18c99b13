// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/base/config.hpp>

namespace fusegrad::graph {

/// The closed set of operations that layers emit. What one of them is stands in operations/, a file for each.
enum class kind : std::uint8_t {
  input,
  matrix_product,
  value_product,
  elementwise,
  row_sum,
  softmax,
  log_softmax,
  softmax_cross_entropy,
  split,
  concat,
  repetition,
  reshape,
  convolution,
  grouped_convolution,
  depthwise,
  max_pool,
  spread,
  window_sum,
  interpolation,
  position_sum,
  weight_gradient,
  convolution_gradient,
  grouped_convolution_gradient,
  depthwise_gradient,
  column_sum,
  total_sum,
  loss_term,
  random,
  batch_sum,
  observe, // stays the last: it is counted by
};
inline constexpr std::size_t kind_count = static_cast<std::size_t>(kind::observe) + 1;

} // namespace fusegrad::graph
