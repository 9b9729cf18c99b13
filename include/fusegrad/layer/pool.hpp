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

/// What pools make of a window.
enum class pooled : std::uint8_t { largest, mean };

/// One number for each channel of a window: its largest, or its mean, in which zeros around the image count, as in
/// PyTorch. Windows that do not fit at the end are left out. Backward keeps which number was the largest.
template <pooled What, moving_window Window> struct pool_layer : layer {
  static constexpr std::string_view name = What == pooled::largest
                                               ? (Window.is_of_sequence ? "max_pool1d" : "max_pool2d")
                                               : (Window.is_of_sequence ? "average_pool1d" : "average_pool2d");
  static_assert(Window.sides.taps() > 0, "fusegrad: a pool has at least one row and one column");

  /// The same pool whose windows are apart by another number than their size.
  template <std::size_t... Strides>
    requires window_options::fits_directions<Window, sizeof...(Strides)>
  static constexpr auto with_stride() {
    static_assert(((Strides > 0) && ...), "fusegrad: a stride is at least 1");
    return pool_layer<What, window_options::with<Strides...>(Window, &graph::window_side::stride)>{};
  }
  /// The same pool with so many numbers around the image, fewer than its size: zeros for the mean; the largest does not
  /// see them.
  template <std::size_t... Zeros>
    requires window_options::fits_edges<Window, sizeof...(Zeros)>
  static constexpr auto with_padding() {
    return pool_layer<What, window_options::with_padding<Zeros...>(Window)>{};
  }

  template <class Position, class In> static constexpr auto fault_of() {
    constexpr graph::window w = Window.sides;
    constexpr auto most = [](graph::window_side side) {
      return static_cast<std::size_t>(side.before > side.after ? side.before : side.after);
    };
    if constexpr (most(w.rows) >= w.rows.size || most(w.columns) >= w.columns.size)
      return fault<padding_is_as_large_as_the_kernel<
          in_words<pool_layer>, Position, diagnostics::got<most(w.rows), most(w.columns)>,
          diagnostics::needs<std::size_t{w.rows.size}, std::size_t{w.columns.size}>,
          diagnostics::fix<pad_by_less_or_make_the_pool_larger>>>{};
    else
      return fault_of_window<pool_layer, Position, In, Window>();
  }
  static constexpr tensor::extents output_shape(tensor::extents in) { return Window.over(in).over(in); }
  static constexpr row emit(emitter& e, const row& x) {
    if constexpr (What == pooled::largest)
      return e.max_pool(x, Window.over(x.shape));
    else
      return e.scaled(e.window_sum(x, Window.over(x.shape)), 1 / static_cast<double>(Window.sides.taps()));
  }
};

/// The mean of each channel over all positions: a vector.
struct global_average_pool_layer : layer {
  static constexpr std::string_view name = "global_average_pool";
  static constexpr tensor::extents output_shape(tensor::extents in) { return tensor::vector_of(in.columns()); }
  static constexpr row emit(emitter& e, const row& x) { return e.position_mean(x); }
};

/// The largest number of each channel over all positions: a vector.
struct global_max_pool_layer : layer {
  static constexpr std::string_view name = "global_max_pool";
  static constexpr tensor::extents output_shape(tensor::extents in) { return tensor::vector_of(in.columns()); }
  static constexpr row emit(emitter& e, const row& x) {
    const std::size_t rows = x.shape.image_rows(), columns = x.shape.image_columns();
    graph::window all;
    all.rows.size = tensor::extent_of(rows);
    all.columns.size = tensor::extent_of(columns);
    const row image = e.reshape(x, {3, {all.rows.size, all.columns.size, tensor::extent_of(x.shape.columns())}});
    return e.reshape(e.max_pool(image, all), tensor::vector_of(x.shape.columns()));
  }
};

} // namespace layers

/// The largest number of each channel in windows of `Rows` x `Columns` that stand side by side: `max_pool2d<2>`,
/// `max_pool2d<3>.with_stride<2>().with_padding<1>()`.
template <std::size_t Rows, std::size_t Columns = Rows>
inline constexpr auto max_pool2d =
    layers::pool_layer<layers::pooled::largest, layers::side_by_side(layers::window_options::of_image(
                                                    tensor::extent_of(Rows), tensor::extent_of(Columns)))>{};
/// The largest number of each channel in windows of `Size` positions of a sequence.
template <std::size_t Size>
inline constexpr auto max_pool1d =
    layers::pool_layer<layers::pooled::largest,
                       layers::side_by_side(layers::window_options::of_sequence(tensor::extent_of(Size)))>{};

/// The mean of each channel in windows of `Rows` x `Columns` that stand side by side.
template <std::size_t Rows, std::size_t Columns = Rows>
inline constexpr auto average_pool2d =
    layers::pool_layer<layers::pooled::mean, layers::side_by_side(layers::window_options::of_image(
                                                 tensor::extent_of(Rows), tensor::extent_of(Columns)))>{};
/// The mean of each channel in windows of `Size` positions of a sequence.
template <std::size_t Size>
inline constexpr auto average_pool1d =
    layers::pool_layer<layers::pooled::mean,
                       layers::side_by_side(layers::window_options::of_sequence(tensor::extent_of(Size)))>{};

/// The mean of each channel over all positions of an image or a sequence: a vector.
inline constexpr auto global_average_pool = layers::global_average_pool_layer{};
/// The largest of each channel over all positions of an image or a sequence: a vector.
inline constexpr auto global_max_pool = layers::global_max_pool_layer{};

} // namespace fusegrad
