// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/graph/writer.hpp>

namespace fusegrad::graph {

/// Writes the operations that move a window over an image or a sequence, each forward or from the window's positions
/// back to the image.
class window_writer : public writer {
public:
  using writer::writer;

  /// A product at each position of a window, with a weight of shape [out][in][rows][columns]; of a sequence
  /// [out][in][columns] is the same. In groups each makes as many channels, of as many: `in` counts those of one.
  constexpr row convolution(const row& x, parameter_id weight, const window& seen, std::size_t groups = 1) {
    note_groups(weight, groups);
    const row made = unary(windowed(kind_for(groups), seen, weight), x);
    note_weight_of_images(weight);
    return made;
  }
  /// The way back of a convolution from `image` to the positions of x, with its weight: of shape [in][out][rows]
  /// [columns] here, where `out` counts channels of a group.
  constexpr row transposed_convolution(const row& x, parameter_id weight, const window& seen, tensor::extents image,
                                       std::size_t groups = 1) {
    note_groups(weight, groups);
    note_weight_of_images(weight);
    if (result.parameters.has(weight)) result.parameters[weight].needs_transpose = true;
    return back(windowed(kind_for(groups), seen, weight), x, image);
  }
  /// A convolution of each channel by itself, with a weight of shape [channels][1][rows][columns].
  constexpr row depthwise(const row& x, parameter_id weight, const window& seen) {
    const row made = unary(windowed(kind::depthwise, seen, weight), x);
    note_weight_of_images(weight);
    return made;
  }

  /// The sum of each channel over a window.
  constexpr row window_sum(const row& x, const window& seen) { return unary(windowed(kind::window_sum, seen), x); }
  /// The way back: an image of which each position has the sum of all windows that see it.
  constexpr row transposed_window_sum(const row& x, const window& seen, tensor::extents image) {
    return back(windowed(kind::window_sum, seen), x, image);
  }

  /// An image so many times as high and as wide, linear between its positions.
  constexpr row interpolated(const row& x, std::size_t rows, std::size_t columns) {
    window w;
    w.rows.size = w.rows.stride = tensor::extent_of(rows);
    w.columns.size = w.columns.stride = tensor::extent_of(columns);
    return back(windowed(kind::interpolation, w), x,
                tensor::with_image(x.shape, rows * x.shape.image_rows(), columns * x.shape.image_columns()));
  }

private:
  static constexpr kind kind_for(std::size_t groups) {
    return groups == 1 ? kind::convolution : kind::grouped_convolution;
  }
  /// A weight that is in use keeps its groups.
  constexpr void note_groups(parameter_id weight, std::size_t groups) {
    if (result.parameters.has(weight) && !result.parameters[weight].is_matrix)
      result.parameters[weight].groups = tensor::extent_of(groups);
  }
  constexpr row back(operation op, const row& x, tensor::extents image) {
    if (!is_known(x)) return stand_in(image);
    op.inputs.push_back(x.value);
    op.transposed = true;
    return write(static_cast<operation&&>(op), image)[0];
  }
  constexpr void note_weight_of_images(parameter_id weight) {
    if (!result.parameters.has(weight)) return;
    result.parameters[weight].is_matrix = true;
    result.parameters[weight].meets_images = true;
  }
};

} // namespace fusegrad::graph
