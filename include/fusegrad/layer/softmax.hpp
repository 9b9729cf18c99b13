// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/layer/layer.hpp>
#include <string_view>

namespace fusegrad {

namespace layers {

/// exp(x) / sum(exp(x)) over the whole sample, free of overflow. Backward keeps the output. To train a classifier end
/// the model in logits and use `softmax_cross_entropy`, which contains it.
struct softmax_layer : layer {
  static constexpr std::string_view name = "softmax";
  static constexpr tensor::extents output_shape(tensor::extents in) { return in; }
  static constexpr row emit(emitter& e, const row& x) { return e.softmax(x); }
};

/// log(softmax(x)), computed without the detour. Backward keeps the output.
struct log_softmax_layer : layer {
  static constexpr std::string_view name = "log_softmax";
  static constexpr tensor::extents output_shape(tensor::extents in) { return in; }
  static constexpr row emit(emitter& e, const row& x) { return e.log_softmax(x); }
};

} // namespace layers

/// exp(x) / sum(exp(x)) over the columns of each position. A classifier that is trained ends in logits.
inline constexpr auto softmax = layers::softmax_layer{};
/// log(softmax(x)), computed without the detour.
inline constexpr auto log_softmax = layers::log_softmax_layer{};

} // namespace fusegrad
