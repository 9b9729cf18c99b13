// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstddef>
#include <fusegrad/base/diagnostics.hpp>
#include <fusegrad/graph/emitter.hpp>
#include <fusegrad/tensor/shape.hpp>
#include <utility>

namespace fusegrad {

using graph::emitter;
using graph::row;
using graph::wire;

/// The base of every layer. A layer is an empty class with
///   `static constexpr std::string_view name`          what a summary calls it
///   `static constexpr extents output_shape(extents)`  the shape it makes of its input's
///   `static constexpr row emit(emitter&, const row&)` its operations and parameters
/// and, where it does not take every shape, `static constexpr extents required_shape(extents got)` (equal to `got` where it
/// fits) and `using cure = diagnostics::fix<...>`.
struct layer {};

namespace layers {

/// The shapes of the values on a wire, as a type.
template <tensor::extents... Shapes> struct wire_shapes {
  static constexpr std::size_t count = sizeof...(Shapes);
  static constexpr tensor::extents list[count + 1]{Shapes...};
  static constexpr tensor::extents first = list[0];

  template <tensor::extents... More> friend constexpr wire_shapes<Shapes..., More...> operator+(wire_shapes, wire_shapes<More...>) {
    return {};
  }
};

template <class L>
concept any_layer = std::derived_from<L, layer>;

/// A layer that reads one value and makes one.
template <class L>
concept simple_layer = any_layer<L> && requires(emitter& e, const row& x, tensor::extents in) {
  { L::output_shape(in) } -> std::same_as<tensor::extents>;
  { L::emit(e, x) } -> std::same_as<row>;
};

struct insert_a_flatten_layer_before;
struct insert_concat_or_add_or_multiply_before;
struct give_the_size_that_comes_in;

template <class Layer, class Position, class Got, class Needs, class Fix> struct shape_mismatch {
  static_assert(fits<shape_mismatch>, "fusegrad: the shape that comes in does not fit this layer (see Position, Got, Needs and Fix).");
};
template <class Layer, class Position, class Got, class Needs, class Fix> struct wrong_number_of_values {
  static_assert(fits<wrong_number_of_values>, "fusegrad: the layer takes one value but gets several: join them first (see Position and Fix).");
};

namespace detail {

// Shapes come in as types: with the extents themselves as arguments of an alias GCC 12 crashes.
template <class Shapes, std::size_t Which, template <auto...> class Word> struct in_words {
  template <std::size_t... I> static Word<static_cast<std::size_t>(Shapes::list[Which].extent[I])...>* words(std::index_sequence<I...>);
  using type = std::remove_pointer_t<decltype(words(std::make_index_sequence<Shapes::list[Which].rank>{}))>;
};
template <class Shapes, std::size_t Which = 0> using got = typename in_words<Shapes, Which, diagnostics::got>::type;
template <class Shapes, std::size_t Which = 0> using needs = typename in_words<Shapes, Which, diagnostics::needs>::type;

template <class L> constexpr tensor::extents required_shape(tensor::extents got) {
  if constexpr (requires { L::required_shape(got); }) return L::required_shape(got);
  else return got;
}
template <class L> struct cure_of {
  using type = diagnostics::fix<give_the_size_that_comes_in>;
};
template <class L>
  requires requires { typename L::cure; }
struct cure_of<L> {
  using type = typename L::cure;
};

} // namespace detail

/// Checks that the layer takes what comes in, in words, and gives the shapes that it makes of it.
template <any_layer L, class Position, class In> constexpr auto checked() {
  if constexpr (!simple_layer<L>) {
    return L::template check<Position, In>();
  } else if constexpr (In::count != 1) {
    static_cast<void>(sizeof(wrong_number_of_values<L, Position, diagnostics::got<In::count>, diagnostics::needs<1>,
                                                    diagnostics::fix<insert_concat_or_add_or_multiply_before>>));
    return In{};
  } else {
    constexpr tensor::extents required = detail::required_shape<L>(In::first);
    if constexpr (!(required == In::first)) {
      static_cast<void>(
          sizeof(shape_mismatch<L, Position, detail::got<In>, detail::needs<wire_shapes<required>>, typename detail::cure_of<L>::type>));
      return In{};
    } else {
      return wire_shapes<L::output_shape(In::first)>{};
    }
  }
}

/// Lets a layer write its operations.
template <any_layer L> constexpr wire emit_layer(emitter& e, const wire& in) {
  if constexpr (simple_layer<L>) {
    wire out;
    out.push_back(L::emit(e, in[0]));
    return out;
  } else {
    return L::emit(e, in);
  }
}

/// The part of the path that a layer's parameters have: its place, or the name that the user gave.
template <any_layer L> constexpr std::size_t enter_layer(emitter& e, std::size_t place) {
  if constexpr (requires { L::path_name; }) return e.enter(std::string_view{L::path_name});
  else return e.enter(place);
}

namespace detail {
template <any_layer L> constexpr wire emit_at(emitter& e, const wire& in, std::size_t place) {
  const std::size_t length = enter_layer<L>(e, place);
  wire out = emit_layer<L>(e, in);
  e.leave(length);
  return out;
}

template <class Position, std::size_t Inner> struct inner_position;
template <std::size_t... Outer, std::size_t Inner> struct inner_position<diagnostics::position<Outer...>, Inner> {
  using type = diagnostics::position<Outer..., Inner>;
};
} // namespace detail

/// The place number `Inner` within the block at `Position`.
template <class Position, std::size_t Inner> using inside = typename detail::inner_position<Position, Inner>::type;

} // namespace layers

} // namespace fusegrad
