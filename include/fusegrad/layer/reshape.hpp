// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/layer/layer.hpp>
#include <string_view>

namespace fusegrad {

namespace layers {

/// The same numbers, row-major, in another shape. It costs nothing where both lie in memory alike.
template <tensor::extents Shape> struct reshape_layer : layer {
  static constexpr std::string_view name = "reshape";
  using cure = diagnostics::fix<give_extents_with_the_same_product>;
  static constexpr tensor::extents required_shape(tensor::extents got) {
    return got.size() == Shape.size() ? got : Shape;
  }
  static constexpr tensor::extents output_shape(tensor::extents) { return Shape; }
  static constexpr row emit(emitter& e, const row& x) { return e.reshape(x, Shape); }
};

/// Every sample as one vector: of an image its rows, one after the other, channels last. It costs nothing where the
/// channels fill whole vectors of the machine.
struct flatten_layer : layer {
  static constexpr std::string_view name = "flatten";
  static constexpr tensor::extents output_shape(tensor::extents in) { return tensor::vector_of(in.size()); }
  static constexpr row emit(emitter& e, const row& x) { return e.reshape(x, tensor::vector_of(x.shape.size())); }
};

} // namespace layers

/// The same numbers, row-major, in another shape: `reshape<4, 8>`.
template <std::size_t... Extents> inline constexpr auto reshape = layers::reshape_layer<shape<Extents...>>{};
/// Every sample as one vector.
inline constexpr auto flatten = layers::flatten_layer{};

} // namespace fusegrad
