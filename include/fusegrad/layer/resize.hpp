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

/// What stands between the positions of an image that is made larger.
enum class between : std::uint8_t {
  nearest, ///< the number of the nearest
  linear,  ///< a mean of its neighbours, by their distance; beyond the outermost their number
};

/// An image, or a sequence, that is `Window`'s size times as large.
template <moving_window Window, between How> struct upsample_layer : layer {
  static constexpr std::string_view name = Window.is_of_sequence ? "upsample1d" : "upsample2d";
  static constexpr std::size_t rows = Window.sides.rows.size, columns = Window.sides.columns.size;
  static_assert(rows > 0 && columns > 0, "fusegrad: upsample repeats at least once");

  /// The same layer with means of neighbours, as PyTorch's `bilinear` without `align_corners`.
  static constexpr auto bilinear()
    requires(!Window.is_of_sequence)
  {
    return upsample_layer<Window, between::linear>{};
  }
  /// The same of a sequence.
  static constexpr auto linear()
    requires(Window.is_of_sequence)
  {
    return upsample_layer<Window, between::linear>{};
  }

  template <class Position, class In> static constexpr auto fault_of() {
    return fault_of_window<upsample_layer, Position, In, single_window<Window.is_of_sequence>>();
  }
  static constexpr tensor::extents output_shape(tensor::extents in) {
    return tensor::with_image(in, rows * in.image_rows(), columns * in.image_columns());
  }
  static constexpr row emit(emitter& e, const row& x) {
    if constexpr (How == between::linear)
      return e.interpolated(x, rows, columns);
    else
      return e.transposed_window_sum(x, side_by_side(Window).sides, output_shape(x.shape));
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

/// An image whose positions are repeated, `Rows` times downwards and `Columns` times to the right (nearest neighbour);
/// `upsample2d<2>.bilinear()` has means of neighbours in between.
template <std::size_t Rows, std::size_t Columns = Rows>
inline constexpr auto upsample2d =
    layers::upsample_layer<layers::window_options::of_image(tensor::extent_of(Rows), tensor::extent_of(Columns)),
                           layers::between::nearest>{};
/// The same of a sequence: `upsample1d<2>`, `upsample1d<2>.linear()`.
template <std::size_t Times>
inline constexpr auto upsample1d =
    layers::upsample_layer<layers::window_options::of_sequence(tensor::extent_of(Times)), layers::between::nearest>{};

} // namespace fusegrad
