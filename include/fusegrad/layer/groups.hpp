// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/layer/layer.hpp>
#include <string_view>

namespace fusegrad {

namespace layers {

/// A layer for the next `Width` units.
template <std::size_t Width, class Layer> struct part {
  static constexpr bool on_a_part_of_a_layer = true;
  static constexpr std::size_t width = Width;
  using type = Layer;
};

namespace detail {
template <class T> constexpr bool require_part() {
  constexpr bool is_part = requires { T::on_a_part_of_a_layer; };
  if constexpr (!is_part) static_cast<void>(sizeof(groups_takes_parts<T>));
  return is_part;
}
} // namespace detail

/// Different layers on consecutive parts of one value.
template <class... Parts> struct groups_layer : layer {
  static constexpr std::string_view name = "groups";
  static constexpr std::size_t width = (Parts::width + ... + 0);

  template <class Position, class In> static constexpr auto check() {
    constexpr tensor::extents required = tensor::with_columns(In::first, width);
    if constexpr (In::count != 1) {
      return fault<
          wrong_number_of_values<in_words<groups_layer>, Position, diagnostics::got<In::count>, diagnostics::needs<1>,
                                 diagnostics::fix<insert_concat_or_add_or_multiply_before_it>>>{};
    } else if constexpr (!(In::first == required)) {
      return fault<
          shape_mismatch<in_words<groups_layer>, Position, detail::got<In>, detail::needs<wire_shapes<required>>,
                         diagnostics::fix<make_the_parts_add_up_to_the_width_that_comes_in>>>{};
    } else {
      using made = decltype(check_parts<Position, In>(std::index_sequence_for<Parts...>{}));
      if constexpr (is_fault<made>)
        return made{};
      else
        return wire_shapes<tensor::with_columns(In::first, total_columns<made>())>{};
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
  template <class Position, class In, std::size_t... I> static constexpr auto check_parts(std::index_sequence<I...>) {
    return typename joined<decltype(check_part<Parts, inside<Position, I>, In>())...>::type{};
  }
  template <class Part, class Position, class In> static constexpr auto check_part() {
    using made =
        decltype(checked<typename Part::type, Position, wire_shapes<tensor::with_columns(In::first, Part::width)>>());
    if constexpr (is_fault<made>)
      return made{};
    else if constexpr (made::count != 1)
      return fault<
          wrong_number_of_values<in_words<groups_layer>, Position, diagnostics::got<made::count>, diagnostics::needs<1>,
                                 diagnostics::fix<insert_concat_or_add_or_multiply_before_it>>>{};
    else
      return made{};
  }
  template <class Shapes> static constexpr std::size_t total_columns() {
    std::size_t sum = 0;
    for (std::size_t i = 0; i < Shapes::count; ++i) sum += Shapes::list[i].columns();
    return sum;
  }
};

} // namespace layers

/// `Width` units of a layer that has several activations: see `groups`.
template <std::size_t Width, class Layer> constexpr auto on(const Layer&) {
  if constexpr (Width == 0) static_cast<void>(sizeof(layers::part_has_zero_width<diagnostics::got<Width>>));
  layers::detail::require_layer<Layer>();
  return layers::part<Width, Layer>{};
}

/// Different activations on parts of one layer: `groups(on<16>(relu), on<16>(tanh))`.
template <class... Parts> constexpr auto groups(const Parts&...) {
  if constexpr (sizeof...(Parts) == 0)
    static_cast<void>(sizeof(layers::block_is_empty<layers::groups_layer<Parts...>>));
  if constexpr ((layers::detail::require_part<Parts>() && ...))
    return layers::groups_layer<Parts...>{};
  else
    return layers::groups_layer<>{};
}

} // namespace fusegrad
