// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/layer/layer.hpp>
#include <string_view>
#include <utility>

namespace fusegrad {

namespace layers {

/// Layers one after the other. It is a layer itself, so a block can be defined once and used in many places, each with
/// parameters of its own.
template <class... Layers>
struct sequence : layer { // unconstrained: Clang refuses a constraint on more than 256 layers
  static constexpr std::string_view name = "sequence";
  static constexpr std::size_t size = sizeof...(Layers);

  template <class Position, class In> static constexpr auto check() { return check_from<Position, In, 0, Layers...>(); }

  // A loop over function pointers: Clang refuses folds over more than 256 layers.
  static constexpr wire emit(emitter& e, const wire& in) {
    if constexpr (sizeof...(Layers) == 0) {
      return in;
    } else {
      constexpr wire (*emit_each[])(emitter&, const wire&, std::size_t) = {&detail::emit_at<Layers>...};
      wire out = in;
      for (std::size_t i = 0; i < sizeof...(Layers); ++i) out = emit_each[i](e, out, i);
      return out;
    }
  }

private:
  template <class Position, class In, std::size_t I> static constexpr auto check_from() { return In{}; }
  template <class Position, class In, std::size_t I, class First, class... Rest> static constexpr auto check_from() {
    using made = decltype(checked<First, inside<Position, I>, In>());
    if constexpr (is_fault<made>)
      return made{};
    else
      return check_from<Position, made, I + 1, Rest...>();
  }
};

template <any_layer A, any_layer B> constexpr auto operator|(const A&, const B&) { return sequence<A, B>{}; }
template <class... Layers, any_layer B> constexpr auto operator|(const sequence<Layers...>&, const B&) {
  return sequence<Layers..., B>{};
}
template <any_layer A, class B>
  requires(!any_layer<B>)
constexpr auto operator|(const A& so_far, const B&) {
  using found = decltype(detail::fault_of_layer<B>());
  static_cast<void>(sizeof(typename found::error));
  return so_far;
}

} // namespace layers

using layers::operator|;

} // namespace fusegrad
