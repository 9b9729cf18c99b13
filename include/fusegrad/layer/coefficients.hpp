// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/fixed_string.hpp>
#include <fusegrad/layer/layer.hpp>
#include <string_view>

namespace fusegrad::layers {

/// A learned number that belongs to no layer: a loss reads it. It has the name alone, without a path.
template <fixed_string Name, double Initial> struct coefficient {
  static constexpr std::string_view name = Name.view();
  static constexpr double initial = Initial;
};

/// Hands on what comes in, and gives the model parameters for what a loss has to learn; see `with_coefficients`.
template <class... Coefficients> struct coefficients_layer : layer {
  static constexpr std::string_view name = "coefficients";
  template <class Position, class In> static constexpr auto check() { return In{}; }
  static constexpr wire emit(emitter& e, const wire& in) {
    const auto before = e.enter_shared("");
    (e.parameter(Coefficients::name, tensor::vector_of(1), init::constant(Coefficients::initial)), ...);
    e.leave_shared(before);
    return in;
  }
};

template <class> inline constexpr bool holds_coefficients = false;
template <class... Coefficients> inline constexpr bool holds_coefficients<coefficients_layer<Coefficients...>> = true;

} // namespace fusegrad::layers
