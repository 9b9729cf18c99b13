// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/layer/errors.hpp>

#include <cstddef>
#include <cstdint>
#include <fusegrad/layer/layer.hpp>
#include <fusegrad/layer/moving_window.hpp>
#include <string_view>

namespace fusegrad {

namespace layers {

/// An image with zeros around it, or with edges cut off: a window of one position over it.
template <fixed_string Name, moving_window Window> struct edge_layer : layer {
  static constexpr std::string_view name = Name.view();
  template <class Position, class In> static constexpr auto fault_of() {
    constexpr graph::window w = Window.sides;
    constexpr auto least = [](graph::window_side side) {
      return static_cast<std::size_t>(1 - std::int64_t{side.before} - side.after);
    };
    if constexpr (In::first.rank == 3 && w.over(In::first).size() == 0)
      return fault<nothing_is_left_of_the_image<
          in_words<edge_layer>, Position, diagnostics::got<In::first.image_rows(), In::first.image_columns()>,
          diagnostics::needs<least(w.rows), least(w.columns)>, diagnostics::fix<cut_off_less>>>{};
    else
      return fault_of_window<edge_layer, Position, In, Window>();
  }
  static constexpr tensor::extents output_shape(tensor::extents in) { return Window.sides.over(in); }
  static constexpr row emit(emitter& e, const row& x) { return e.window_sum(x, Window.sides); }
};

constexpr moving_window cut_off(moving_window w) noexcept {
  for (graph::window_side* side : {&w.sides.rows, &w.sides.columns}) {
    side->before = -side->before;
    side->after = -side->after;
  }
  return w;
}

/// Each position repeated `Rows` times downwards and `Columns` times to the right.
template <std::size_t Rows, std::size_t Columns> struct upsample_layer : layer {
  static constexpr std::string_view name = "upsample2d";
  static constexpr moving_window window = [] {
    moving_window w = window_options::of_image(tensor::extent_of(Rows), tensor::extent_of(Columns));
    w.sides.rows.stride = w.sides.rows.size;
    w.sides.columns.stride = w.sides.columns.size;
    return w;
  }();
  static_assert(Rows > 0 && Columns > 0, "fusegrad: upsample2d repeats at least once");

  template <class Position, class In> static constexpr auto fault_of() {
    return fault_of_window<upsample_layer, Position, In, window_options::of_image(1, 1)>();
  }
  static constexpr tensor::extents output_shape(tensor::extents in) {
    return tensor::with_image(in, Rows * in.image_rows(), Columns * in.image_columns());
  }
  static constexpr row emit(emitter& e, const row& x) {
    return e.transposed_window_sum(x, window.sides, output_shape(x.shape));
  }
};

} // namespace layers

/// Zeros around an image: all around, <rows, columns>, or <above, below, left, right>.
template <std::size_t... Zeros>
  requires(sizeof...(Zeros) == 1 || sizeof...(Zeros) == 2 || sizeof...(Zeros) == 4)
inline constexpr auto zero_pad2d =
    layers::edge_layer<"zero_pad2d",
                       layers::window_options::with_padding<Zeros...>(layers::window_options::of_image(1, 1))>{};
/// An image without its edges: as many as `zero_pad2d` would add.
template <std::size_t... Edges>
  requires(sizeof...(Edges) == 1 || sizeof...(Edges) == 2 || sizeof...(Edges) == 4)
inline constexpr auto crop2d =
    layers::edge_layer<"crop2d", layers::cut_off(layers::window_options::with_padding<Edges...>(
                                     layers::window_options::of_image(1, 1)))>{};

/// An image whose positions are repeated, `Rows` times downwards and `Columns` times to the right (nearest neighbour).
template <std::size_t Rows, std::size_t Columns = Rows>
inline constexpr auto upsample2d = layers::upsample_layer<Rows, Columns>{};

} // namespace fusegrad
