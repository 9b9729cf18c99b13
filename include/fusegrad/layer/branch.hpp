// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/layer/layer.hpp>
#include <string_view>
#include <utility>

namespace fusegrad {

namespace layers {

/// Every branch gets what comes in; what they make stands side by side on the wire, for `concat`, `add` or `multiply`.
template <class... Branches> struct branch_layer : layer {
  static constexpr std::string_view name = "branch";

  template <class Position, class In> static constexpr auto check() {
    return []<std::size_t... I>(std::index_sequence<I...>) {
      return typename joined<decltype(checked<Branches, inside<Position, I>, In>())...>::type{};
    }(std::index_sequence_for<Branches...>{});
  }

  static constexpr wire emit(emitter& e, const wire& in) {
    wire out;
    std::size_t place = 0;
    (out.append(detail::emit_at<Branches>(e, in, place++)), ...);
    return out;
  }
};

/// Layer i gets value i.
template <class... Layers> struct each_layer : layer {
  static constexpr std::string_view name = "each";

  template <class Position, class In> static constexpr auto check() {
    if constexpr (In::count != sizeof...(Layers)) {
      return fault<wrong_number_of_layers<Position, diagnostics::got<sizeof...(Layers)>, diagnostics::needs<In::count>,
                                          diagnostics::fix<give_each_of_the_values_one_layer>>>{};
    } else {
      return []<std::size_t... I>(std::index_sequence<I...>) {
        return typename joined<decltype(checked<Layers, inside<Position, I>, wire_shapes<In::list[I]>>())...>::type{};
      }(std::index_sequence_for<Layers...>{});
    }
  }

  static constexpr wire emit(emitter& e, const wire& in) {
    wire out;
    std::size_t place = 0;
    const auto apply = [&]<class L>(const L&) {
      wire own;
      own.push_back(in[place]);
      out.append(detail::emit_at<L>(e, own, place));
      ++place;
    };
    (apply(Layers{}), ...);
    return out;
  }
};

} // namespace layers

/// Several layers or blocks beside each other on the same input: `branch(a, b, c) | concat`.
template <class... Branches> constexpr auto branch(const Branches&...) {
  if constexpr (sizeof...(Branches) == 0)
    static_cast<void>(sizeof(layers::block_is_empty<layers::branch_layer<Branches...>>));
  (layers::detail::require_layer<Branches>(), ...);
  return layers::branch_layer<Branches...>{};
}

/// One layer or block for each of several values: `inputs<shape<4>, shape<8>> | each(dense<16>, dense<16>) | add`.
template <class... Layers> constexpr auto each(const Layers&...) {
  if constexpr (sizeof...(Layers) == 0)
    static_cast<void>(sizeof(layers::block_is_empty<layers::each_layer<Layers...>>));
  (layers::detail::require_layer<Layers>(), ...);
  return layers::each_layer<Layers...>{};
}

} // namespace fusegrad
