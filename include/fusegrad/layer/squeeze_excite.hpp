// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/layer/errors.hpp>

#include <cstddef>
#include <fusegrad/layer/activations.hpp>
#include <fusegrad/layer/join.hpp>
#include <fusegrad/layer/layer.hpp>
#include <string_view>

namespace fusegrad {

namespace layers {

// Cures.
struct make_the_reduction_at_most_the_number_of_channels;

/// Each channel times a number that all channels together decide: y = x gate(W2 activation(W1 mean(x) + b1) + b2), with
/// `Reduction` times fewer units in between, rounded down. Parameters: `fc1` and `fc2`, each `weight` [out][in] and
/// `bias` [out]. Backward keeps x, and a few rows.
template <std::size_t Reduction, class Activation, class Gate> struct squeeze_excite_layer : layer {
  static constexpr std::string_view name = "squeeze_excite";
  using cure = diagnostics::fix<make_the_reduction_at_most_the_number_of_channels>;
  static_assert(Reduction > 0, "fusegrad: squeeze_excite<reduction> divides the number of channels by at least 1");

  /// The same layer with another gate: `with_gate(hard_sigmoid)`.
  template <class New> static constexpr auto with_gate(const New&) {
    detail::require_layer<New>();
    return squeeze_excite_layer<Reduction, Activation, New>{};
  }
  /// The same layer with another activation of the units in between: `with_activation(silu)`.
  template <class New> static constexpr auto with_activation(const New&) {
    detail::require_layer<New>();
    return squeeze_excite_layer<Reduction, New, Gate>{};
  }

  static constexpr tensor::extents required_shape(tensor::extents got) {
    return got.columns() < Reduction ? tensor::with_columns(got, Reduction) : got;
  }
  static constexpr tensor::extents output_shape(tensor::extents in) { return in; }

  static constexpr row emit(emitter& e, const row& x) {
    const std::size_t channels = x.shape.columns();
    const row squeezed = inside<Activation>(e, "activation", units(e, "fc1", e.position_mean(x), channels / Reduction));
    const row gate = inside<Gate>(e, "gate", units(e, "fc2", squeezed, channels));
    row y = e.map(product_of_two{}, x, gate);
    y.shape = x.shape;
    return y;
  }

private:
  static constexpr row units(emitter& e, std::string_view path, const row& x, std::size_t out) {
    const std::size_t in = x.shape.columns(), length = e.enter(path);
    const auto weight = e.parameter("weight", tensor::matrix_of(out, in), init::variance_preserving());
    const auto bias = e.parameter("bias", tensor::vector_of(out), init::zeros, in);
    e.leave(length);
    return e.map([](auto sum, auto b) { return sum + b; }, e.matrix_product(x, weight), bias);
  }
  template <class L> static constexpr row inside(emitter& e, std::string_view path, const row& x) {
    const std::size_t length = e.enter(path);
    const row made = L::emit(e, x);
    e.leave(length);
    return made;
  }
};

} // namespace layers

/// Squeeze and excitation: each channel of a sample times a number from 0 to 1, which a small net makes of the means of
/// all channels: `squeeze_excite<16>`, `squeeze_excite<4>.with_activation(silu).with_gate(hard_sigmoid)`. Hu et al.
/// 2018.
template <std::size_t Reduction>
inline constexpr auto squeeze_excite = layers::squeeze_excite_layer<Reduction, std::remove_const_t<decltype(relu)>,
                                                                    std::remove_const_t<decltype(sigmoid)>>{};

} // namespace fusegrad
