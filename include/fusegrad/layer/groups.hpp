// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/layer/layer.hpp>
#include <string_view>

namespace fusegrad {

namespace layers {

/// A layer for the next `Width` units.
template <std::size_t Width, any_layer Layer> struct part {
  static constexpr std::size_t width = Width;
  using type = Layer;
};

struct make_the_parts_add_up_to_the_width_that_comes_in;

/// Different layers on consecutive parts of one value.
template <class... Parts> struct groups_layer : layer {
  static constexpr std::string_view name = "groups";
  static constexpr std::size_t width = (Parts::width + ...);
  static_assert(((Parts::width > 0) && ...), "fusegrad: each part of groups needs at least one unit.");

  template <class Position, class In> static constexpr auto check() {
    constexpr tensor::extents required = tensor::vector_of(width);
    if constexpr (In::count != 1 || !(In::first == required)) {
      static_cast<void>(sizeof(shape_mismatch<groups_layer, Position, detail::got<In>, detail::needs<wire_shapes<required>>,
                                              diagnostics::fix<make_the_parts_add_up_to_the_width_that_comes_in>>));
      return In{};
    } else {
      return wire_shapes<tensor::vector_of(output_width<Position>(std::index_sequence_for<Parts...>{}))>{};
    }
  }

  static constexpr wire emit(emitter& e, const wire& in) {
    growing<std::size_t> widths;
    (widths.push_back(Parts::width), ...);
    const wire parts = e.split(in[0], widths);
    wire made;
    std::size_t place = 0;
    const auto apply = [&]<class Part>(const Part&) {
      wire own;
      own.push_back(parts[place]);
      made.append(detail::emit_at<typename Part::type>(e, own, place));
      ++place;
    };
    (apply(Parts{}), ...);
    wire out;
    out.push_back(e.concat(made));
    return out;
  }

private:
  template <class Position, std::size_t... I> static constexpr std::size_t output_width(std::index_sequence<I...>) {
    return (decltype(checked<typename Parts::type, inside<Position, I>, wire_shapes<tensor::vector_of(Parts::width)>>())::first.size() + ...);
  }
};

} // namespace layers

/// `Width` units of a layer that has several activations: see `groups`.
template <std::size_t Width, layers::any_layer Layer> constexpr auto on(const Layer&) { return layers::part<Width, Layer>{}; }

/// Different activations on parts of one layer: `groups(on<16>(relu), on<16>(tanh))`.
template <class... Parts> constexpr auto groups(const Parts&...) { return layers::groups_layer<Parts...>{}; }

} // namespace fusegrad
