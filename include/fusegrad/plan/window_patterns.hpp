// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/base/config.hpp>
#include <fusegrad/graph/graph.hpp>
#include <fusegrad/graph/operations.hpp>
#include <fusegrad/kernel/window_pattern.hpp>
#include <fusegrad/plan/fused.hpp>
#include <fusegrad/plan/value_layout.hpp>
#include <fusegrad/plan/window_walk.hpp>

namespace fusegrad::plan::inline FUSEGRAD_ABI {

/// Two shapes of the same numbers, as images.
constexpr tensor::image_window reshaping_of(const tensor::extents& from, const tensor::extents& to) {
  return {{},
          tensor::extent_of(from.image_rows()),
          tensor::extent_of(from.image_columns()),
          tensor::extent_of(to.image_rows()),
          tensor::extent_of(to.image_columns())};
}

/// What the window of an operation moves over, and how many positions of it are needed: a pool behind a convolution may
/// leave some at the end unread.
constexpr tensor::image_window image_window_of(const graph::graph& g, const fused_operation& op) {
  if (graph::facts_of(op).only_reshapes) return reshaping_of(g.shape(op.inputs[0]), g.shape(op.outputs[0]));
  const graph::window& w = g.windows[op.window];
  const graph::value_id read = op.has_left() ? op.left : op.inputs[0].value();
  const tensor::extents& image =
      op.transposed || graph::facts_of(op).is_sparse ? g.shape(op.outputs[0]) : g.shape(read);
  tensor::image_window out;
  out.seen = w;
  out.image_rows = tensor::extent_of(image.image_rows());
  out.image_columns = tensor::extent_of(image.image_columns());
  out.made_rows = tensor::extent_of(w.rows.positions(image.image_rows()));
  out.made_columns = tensor::extent_of(w.columns.positions(image.image_columns()));
  if (op.is_pooled()) {
    out.made_rows -= out.made_rows % g.windows[op.pool].rows.size;
    out.made_columns -= out.made_columns % g.windows[op.pool].columns.size;
  }
  return out;
}

/// Two walks over an image that lies in memory in this way, as addresses.
constexpr kernel::window_pattern pattern_of(const side_walk& y, const side_walk& x, const tensor::image_window& w,
                                            const value_layout& seen) {
  const auto unsigned_of = [](std::int64_t n) { return static_cast<std::uint32_t>(n); };
  const auto row = static_cast<std::int64_t>(seen.row_step), column = static_cast<std::int64_t>(seen.column_step);
  kernel::window_pattern p;
  p.rows = unsigned_of(y.made);
  p.columns = unsigned_of(x.made);
  p.first = static_cast<std::int32_t>(y.first * row + x.first * column);
  p.row_step = unsigned_of(y.step * row);
  p.column_step = unsigned_of(x.step * column);
  p.tap_rows = unsigned_of(y.taps);
  p.tap_columns = unsigned_of(x.taps);
  p.channels = unsigned_of(static_cast<std::int64_t>(seen.columns));
  p.tap_row_step = static_cast<std::int32_t>(y.tap_step * row);
  p.tap_column_step = static_cast<std::int32_t>(x.tap_step * column);
  p.first_tap = unsigned_of(y.tap_first * w.seen.columns.size + x.tap_first);
  p.tap_row_distance = unsigned_of(y.tap_stride * w.seen.columns.size);
  p.tap_column_distance = unsigned_of(x.tap_stride);
  p.made_row = unsigned_of(y.made_first);
  p.made_column = unsigned_of(x.made_first);
  p.made_row_step = unsigned_of(y.made_step);
  p.made_column_step = unsigned_of(x.made_step);
  return p;
}

} // namespace fusegrad::plan::inline FUSEGRAD_ABI
