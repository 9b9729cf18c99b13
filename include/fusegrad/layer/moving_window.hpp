// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/layer/errors.hpp>

#include <cstddef>
#include <cstdint>
#include <fusegrad/layer/layer.hpp>
#include <fusegrad/tensor/shape.hpp>
#include <fusegrad/tensor/window.hpp>
#include <type_traits>

namespace fusegrad::layers {

/// How zeros are put around an image.
enum class padding : std::uint8_t {
  given,  ///< as many as the window says
  same,   ///< so many that there is a position for each stride of the image; where the number is odd, one more behind
  causal, ///< all of them before: no position sees what comes after it
};

/// A window before it is known what it moves over.
struct moving_window {
  graph::window sides;
  padding pads = padding::given;
  bool is_of_sequence = false;
  std::uint32_t groups = 1;                          ///< of channels that a convolution keeps apart
  std::uint32_t multiplier = 1;                      ///< how many channels a depthwise convolution makes of each
  std::uint32_t rows_behind = 0, columns_behind = 0; ///< positions that a transposed convolution makes at the end

  /// The window over an image of this shape, with its padding in numbers.
  [[nodiscard]] constexpr graph::window over(const tensor::extents& image) const noexcept {
    graph::window out = sides;
    out.rows = padded(sides.rows, image.image_rows(), pads == padding::causal ? padding::given : pads);
    out.columns = padded(sides.columns, image.image_columns(), pads);
    return out;
  }
  /// The window of which a transposed convolution is the way back, with its padding in numbers: what is behind the
  /// last position it sees is image, too.
  [[nodiscard]] constexpr graph::window back() const noexcept {
    graph::window out = sides;
    for (graph::window_side* side : {&out.rows, &out.columns}) {
      if (pads == padding::same) {
        const auto zeros = static_cast<std::int32_t>(side->reach() - side->stride);
        side->before = zeros > 0 ? zeros / 2 : 0;
        side->after = zeros - side->before;
      }
      side->after -= static_cast<std::int32_t>(side == &out.rows ? rows_behind : columns_behind);
    }
    return out;
  }
  /// The image that it leads back to; an extent of zero where its padding leaves nothing.
  [[nodiscard]] constexpr tensor::extents image_of(const tensor::extents& positions) const noexcept {
    const graph::window w = back();
    return tensor::with_image(positions, length(w.rows, positions.image_rows()),
                              length(w.columns, positions.image_columns()));
  }
  /// How few positions lead back to an image of one.
  static constexpr std::size_t least_positions(const graph::window_side& side) noexcept {
    const std::int64_t missing = 1 + std::int64_t{side.before} + side.after - side.reach();
    return missing <= 0 ? 1 : static_cast<std::size_t>((missing + side.stride - 1) / side.stride + 1);
  }
  friend constexpr bool operator==(const moving_window&, const moving_window&) = default;

private:
  static constexpr std::size_t length(const graph::window_side& side, std::size_t positions) noexcept {
    const std::int64_t room =
        (static_cast<std::int64_t>(positions) - 1) * side.stride + side.reach() - side.before - side.after;
    return room < 0 ? 0 : static_cast<std::size_t>(room);
  }
  static constexpr graph::window_side padded(graph::window_side side, std::size_t length, padding how) noexcept {
    if (how == padding::given) return side;
    const std::int64_t reach = side.reach(), n = static_cast<std::int64_t>(length), stride = side.stride;
    const std::int64_t positions = (n + stride - 1) / stride;
    const std::int64_t wanted = how == padding::causal ? reach - 1 : (positions - 1) * stride + reach - n;
    const std::int64_t zeros = wanted > 0 ? wanted : 0;
    side.before = static_cast<std::int32_t>(how == padding::causal ? zeros : zeros / 2);
    side.after = static_cast<std::int32_t>(zeros - side.before);
    return side;
  }
};

/// A window that stands side by side with the next.
constexpr moving_window side_by_side(moving_window w) noexcept {
  w.sides.rows.stride = w.sides.rows.size;
  w.sides.columns.stride = w.sides.columns.size;
  return w;
}

namespace window_options {

constexpr moving_window of_image(std::uint32_t rows, std::uint32_t columns) noexcept {
  moving_window w;
  w.sides.rows.size = rows;
  w.sides.columns.size = columns;
  return w;
}
constexpr moving_window of_sequence(std::uint32_t size) noexcept {
  moving_window w = of_image(1, size);
  w.is_of_sequence = true;
  return w;
}

/// Positions at the end: at both, or <rows, columns>; of a sequence at its only one.
template <std::size_t... Numbers> constexpr moving_window with_positions_behind(moving_window w) noexcept {
  constexpr std::uint32_t numbers[]{static_cast<std::uint32_t>(Numbers)...};
  if (!w.is_of_sequence) w.rows_behind = numbers[0];
  w.columns_behind = numbers[sizeof...(Numbers) - 1];
  return w;
}
/// One number for both directions, or one for rows and one for columns; of a sequence for its only direction.
template <std::size_t... Numbers>
constexpr moving_window with(moving_window w, std::uint32_t graph::window_side::* what) noexcept {
  constexpr std::uint32_t numbers[]{static_cast<std::uint32_t>(Numbers)...};
  if (!w.is_of_sequence) w.sides.rows.*what = numbers[0];
  w.sides.columns.*what = numbers[sizeof...(Numbers) - 1];
  return w;
}
/// All around; at rows and columns; or above, below, left and right. Of a sequence: before and after.
template <std::size_t... Numbers> constexpr moving_window with_padding(moving_window w) noexcept {
  constexpr std::int32_t n[]{static_cast<std::int32_t>(Numbers)...};
  constexpr std::size_t last = sizeof...(Numbers) - 1;
  w.pads = padding::given;
  if (w.is_of_sequence) {
    w.sides.columns.before = n[0];
    w.sides.columns.after = n[last];
  } else {
    w.sides.rows.before = n[0];
    w.sides.rows.after = n[last == 3 ? 1 : 0];
    w.sides.columns.before = n[last == 3 ? 2 : last];
    w.sides.columns.after = n[last];
  }
  return w;
}
template <std::size_t Groups> constexpr moving_window with_groups(moving_window w) noexcept {
  w.groups = tensor::extent_of(Groups);
  return w;
}
template <std::size_t Times> constexpr moving_window with_multiplier(moving_window w) noexcept {
  w.multiplier = tensor::extent_of(Times);
  return w;
}
constexpr moving_window with_pads(moving_window w, padding how) noexcept {
  w.pads = how;
  return w;
}

/// How many numbers an option may be given.
template <moving_window Window, std::size_t Count>
concept fits_directions = Count == 1 || (Count == 2 && !Window.is_of_sequence);
template <moving_window Window, std::size_t Count>
concept fits_edges = Count == 1 || Count == 2 || (Count == 4 && !Window.is_of_sequence);

} // namespace window_options

/// The room that a kernel has with its padding, and what it needs: rows and columns, of a sequence its length.
template <bool IsOfSequence, std::size_t Rows, std::size_t Columns, std::size_t NeededRows, std::size_t NeededColumns>
struct kernel_in_words {
  using got = diagnostics::got<Rows, Columns>;
  using needs = diagnostics::needs<NeededRows, NeededColumns>;
};
template <std::size_t Rows, std::size_t Columns, std::size_t NeededRows, std::size_t NeededColumns>
struct kernel_in_words<true, Rows, Columns, NeededRows, NeededColumns> {
  using got = diagnostics::got<Columns>;
  using needs = diagnostics::needs<NeededColumns>;
};
constexpr std::size_t room(graph::window_side side, std::size_t length) noexcept {
  return static_cast<std::size_t>(static_cast<std::int64_t>(length) + side.before + side.after);
}

/// What is wrong with a window over the shape that comes in, or no_fault.
template <class Layer, class Position, class In, moving_window Window> constexpr auto fault_of_window() {
  constexpr tensor::extents in = In::first;
  if constexpr (Window.is_of_sequence && in.rank != 2) {
    return fault<layer_needs_a_sequence<in_words<Layer>, Position, detail::got<In>,
                                        diagnostics::fix<begin_with_an_input_of_time_channels_or_insert_reshape>>>{};
  } else if constexpr (!Window.is_of_sequence && in.rank != 3) {
    return fault<
        layer_needs_an_image<in_words<Layer>, Position, detail::got<In>,
                             diagnostics::fix<begin_with_an_input_of_height_width_channels_or_insert_reshape>>>{};
  } else {
    constexpr graph::window w = Window.over(in);
    if constexpr (w.over(in).size() == 0) {
      using words =
          kernel_in_words<Window.is_of_sequence, room(w.rows, in.image_rows()), room(w.columns, in.image_columns()),
                          static_cast<std::size_t>(w.rows.reach()), static_cast<std::size_t>(w.columns.reach())>;
      return fault<kernel_does_not_fit<in_words<Layer>, Position, typename words::got, typename words::needs,
                                       diagnostics::fix<make_the_kernel_smaller_or_add_padding_before_it>>>{};
    } else {
      return no_fault{};
    }
  }
}

/// The same, and whether its groups take equal shares of the channels.
template <class Layer, class Position, class In, moving_window Window, class Fault>
constexpr auto or_fault_of_groups(Fault wrong) {
  constexpr std::size_t channels = In::first.columns(), groups = Window.groups;
  if constexpr (std::is_same_v<Fault, no_fault> && channels % groups != 0)
    return fault<groups_do_not_divide_the_channels<in_words<Layer>, Position, diagnostics::got<channels>,
                                                   diagnostics::needs<(channels / groups + 1) * groups>,
                                                   diagnostics::fix<choose_groups_that_divide_the_channels>>>{};
  else
    return wrong;
}

/// One position, of which only the number of directions can be wrong.
template <bool IsOfSequence>
inline constexpr moving_window single_window =
    IsOfSequence ? window_options::of_sequence(1) : window_options::of_image(1, 1);

/// What is wrong with the image that a window leads back to, or no_fault.
template <class Layer, class Position, class In, moving_window Window> constexpr auto fault_of_way_back() {
  constexpr auto wrong = fault_of_window<Layer, Position, In, single_window<Window.is_of_sequence>>();
  if constexpr (!std::is_same_v<std::remove_const_t<decltype(wrong)>, no_fault>) {
    return wrong;
  } else if constexpr (Window.image_of(In::first).size() == 0) {
    constexpr graph::window w = Window.back();
    using words = kernel_in_words<Window.is_of_sequence, In::first.image_rows(), In::first.image_columns(),
                                  moving_window::least_positions(w.rows), moving_window::least_positions(w.columns)>;
    return fault<nothing_is_left_of_the_image<in_words<Layer>, Position, typename words::got, typename words::needs,
                                              diagnostics::fix<cut_off_less>>>{};
  } else {
    return no_fault{};
  }
}

/// The shape of the weight of a window, as in PyTorch.
template <moving_window Window> constexpr tensor::extents weight_of_window(std::size_t out, std::size_t in) noexcept {
  const std::uint32_t units = tensor::extent_of(out), channels = tensor::extent_of(in);
  if (Window.is_of_sequence) return {3, {units, channels, Window.sides.columns.size}};
  return {4, {units, channels, Window.sides.rows.size, Window.sides.columns.size}};
}

/// What layers whose window has taps have in common: `Layer` has `with_window<New>`, itself with another window.
template <class Layer, moving_window Window> struct windowed_layer : layer {
  /// The same layer with zeros around the image, so that stride 1 keeps its size: `padded_same()`.
  static constexpr auto padded_same() { return with<window_options::with_pads(Window, padding::same)>(); }
  /// The same layer, of which no position sees what comes after it: all zeros stand before a sequence.
  static constexpr auto causal()
    requires(Window.is_of_sequence)
  {
    return with<window_options::with_pads(Window, padding::causal)>();
  }
  /// The same layer with so many zeros around the image: all around, <rows, columns>, or <above, below, left, right>;
  /// of a sequence <all> or <before, after>.
  template <std::size_t... Zeros>
    requires window_options::fits_edges<Window, sizeof...(Zeros)>
  static constexpr auto with_padding() {
    return with<window_options::with_padding<Zeros...>(Window)>();
  }
  /// The same layer whose window moves on by more than one: <both>, or <rows, columns>.
  template <std::size_t... Strides>
    requires window_options::fits_directions<Window, sizeof...(Strides)>
  static constexpr auto with_stride() {
    static_assert(((Strides > 0) && ...), "fusegrad: a stride is at least 1");
    return with<window_options::with<Strides...>(Window, &graph::window_side::stride)>();
  }
  /// The same layer whose taps are apart by more than one.
  template <std::size_t... Dilations>
    requires window_options::fits_directions<Window, sizeof...(Dilations)>
  static constexpr auto with_dilation() {
    static_assert(((Dilations > 0) && ...), "fusegrad: a dilation is at least 1");
    return with<window_options::with<Dilations...>(Window, &graph::window_side::dilation)>();
  }
  template <class Position, class In> static constexpr auto fault_of() {
    // By its whole name: a compiler that looks for it where its argument is from would meet the error here, four levels
    // deeper than who appends the layer.
    return layers::or_fault_of_groups<Layer, Position, In, Window>(fault_of_window<Layer, Position, In, Window>());
  }

private:
  template <moving_window New> static constexpr auto with() { return typename Layer::template with_window<New>{}; }
};

} // namespace fusegrad::layers
