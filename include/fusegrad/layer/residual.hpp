// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/layer/layer.hpp>
#include <string_view>

namespace fusegrad {

namespace layers {

/// x + body(x). Parameters have `body` in their path. The body is held once, so nesting does not multiply anything.
template <class Body> struct residual_layer : layer {
  static constexpr std::string_view name = "residual";
  using body = Body;

  template <class Position, class In> static constexpr auto check() {
    using made = decltype(checked<Body, Position, In>());
    if constexpr (is_fault<made>) {
      return made{};
    } else if constexpr (In::count != 1 || made::count != 1) {
      return fault<wrong_number_of_values<in_words<residual_layer>, Position, diagnostics::got<In::count, made::count>,
                                          diagnostics::needs<1, 1>,
                                          diagnostics::fix<insert_concat_or_add_or_multiply_before_it>>>{};
    } else if constexpr (!std::is_same_v<made, In>) {
      return fault<residual_changes_the_shape<Position, detail::got<made>, detail::needs<In>,
                                              diagnostics::fix<end_the_body_in_the_shape_it_starts_with>>>{};
    } else {
      return In{};
    }
  }

  static constexpr wire emit(emitter& e, const wire& in) {
    const std::size_t length = e.enter("body");
    const wire inner = emit_layer<Body>(e, in);
    e.leave(length);
    row sum = e.map([](auto x, auto change) { return x + change; }, in[0], inner[0]);
    sum.shape = in[0].shape;
    wire out;
    out.push_back(sum);
    return out;
  }
};

} // namespace layers

/// A residual block, x + body(x). He et al. 2016.
template <class Body> constexpr auto residual(const Body&) {
  layers::detail::require_layer<Body>();
  return layers::residual_layer<Body>{};
}

} // namespace fusegrad
