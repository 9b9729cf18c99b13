// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/layer/layer.hpp>
#include <string_view>

namespace fusegrad {

namespace layers {

struct end_the_body_in_the_shape_it_starts_with;
template <class Body, class Position, class Got, class Needs, class Fix> struct residual_changes_the_shape {
  static_assert(fits<residual_changes_the_shape>,
                "fusegrad: the body of a residual block must return the shape it is given: x + body(x) (see Position, Got, Needs and Fix).");
};

/// x + body(x). Parameters have `body` in their path. The body is held once, so nesting does not multiply anything.
template <any_layer Body> struct residual_layer : layer {
  static constexpr std::string_view name = "residual";
  using body = Body;

  template <class Position, class In> static constexpr auto check() {
    using out = decltype(checked<Body, Position, In>());
    if constexpr (In::count != 1 || out::count != 1) {
      static_cast<void>(sizeof(wrong_number_of_values<residual_layer, Position, diagnostics::got<In::count, out::count>, diagnostics::needs<1, 1>,
                                                      diagnostics::fix<insert_concat_or_add_or_multiply_before>>));
    } else if constexpr (!std::is_same_v<out, In>) {
      static_cast<void>(sizeof(residual_changes_the_shape<Body, Position, detail::got<out>, detail::needs<In>,
                                                          diagnostics::fix<end_the_body_in_the_shape_it_starts_with>>));
    }
    return In{};
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
template <layers::any_layer Body> constexpr auto residual(const Body&) { return layers::residual_layer<Body>{}; }

} // namespace fusegrad
