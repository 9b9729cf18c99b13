// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/layer/layer.hpp>
#include <string_view>
#include <utility>

namespace fusegrad {

namespace layers {

struct give_each_of_them_a_layer;
template <class Position, class Got, class Needs, class Fix> struct wrong_number_of_layers {
  static_assert(fits<wrong_number_of_layers>, "fusegrad: `each` needs one layer for each value that comes in (see Position, Got, Needs and Fix).");
};

/// Every branch gets what comes in; what they make stands side by side on the wire, for `concat`, `add` or `multiply`.
template <any_layer... Branches> struct branch_layer : layer {
  static constexpr std::string_view name = "branch";

  template <class Position, class In> static constexpr auto check() {
    return []<std::size_t... I>(std::index_sequence<I...>) {
      return (wire_shapes<>{} + ... + checked<Branches, inside<Position, I>, In>());
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
template <any_layer... Layers> struct each_layer : layer {
  static constexpr std::string_view name = "each";

  template <class Position, class In> static constexpr auto check() {
    if constexpr (In::count != sizeof...(Layers)) {
      static_cast<void>(sizeof(wrong_number_of_layers<Position, diagnostics::got<sizeof...(Layers)>, diagnostics::needs<In::count>,
                                                      diagnostics::fix<give_each_of_them_a_layer>>));
      return In{};
    } else {
      return []<std::size_t... I>(std::index_sequence<I...>) {
        return (wire_shapes<>{} + ... + checked<Layers, inside<Position, I>, wire_shapes<In::list[I]>>());
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
template <layers::any_layer... Branches> constexpr auto branch(const Branches&...) { return layers::branch_layer<Branches...>{}; }

/// One layer or block for each of several values: `inputs<shape<4>, shape<8>> | each(dense<16>, dense<16>) | add`.
template <layers::any_layer... Layers> constexpr auto each(const Layers&...) { return layers::each_layer<Layers...>{}; }

} // namespace fusegrad
