// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/layer/errors.hpp>

#include <fusegrad/layer/layer.hpp>
#include <string_view>

namespace fusegrad {

namespace layers {

/// y = (x - shift) / divisor with numbers of its own for each x. States, not learned: `shift` and `divisor`, which
/// start as 0 and 1.
struct normalise_layer : layer {
  static constexpr std::string_view name = "normalise";
  static constexpr tensor::extents output_shape(tensor::extents in) { return in; }
  static constexpr row emit(emitter& e, const row& x) {
    const auto each = tensor::vector_of(x.shape.size());
    const row scaled = e.map([](auto number, auto shift, auto divisor) { return (number - shift) / divisor; },
                             e.reshape(x, each), e.state("shift", each, 0), e.state("divisor", each, 1));
    return e.reshape(scaled, x.shape);
  }
};

/// The inverse: y = x divisor + shift, with the same states.
struct denormalise_layer : layer {
  static constexpr std::string_view name = "denormalise";
  static constexpr tensor::extents output_shape(tensor::extents in) { return in; }
  static constexpr row emit(emitter& e, const row& x) {
    const auto each = tensor::vector_of(x.shape.size());
    const row scaled = e.map([](auto number, auto shift, auto divisor) { return number * divisor + shift; },
                             e.reshape(x, each), e.state("shift", each, 0), e.state("divisor", each, 1));
    return e.reshape(scaled, x.shape);
  }
};

} // namespace layers

/// Takes from each number a shift and divides it by a divisor, both of which are set and not learned: `normalised` puts
/// it in front of a model.
inline constexpr layers::normalise_layer normalise{};
/// Multiplies each number with a divisor and adds a shift.
inline constexpr layers::denormalise_layer denormalise{};

} // namespace fusegrad
