// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/base/config.hpp>
#include <fusegrad/kernel/call.hpp>
#include <fusegrad/tensor/shape.hpp>

namespace fusegrad::plan::inline FUSEGRAD_ABI {

/// Zeros around an image that its readers rely on.
struct border {
  std::size_t above = 0, below = 0, left = 0, right = 0;
  [[nodiscard]] constexpr bool is_none() const noexcept { return *this == border{}; }
  friend constexpr bool operator==(const border&, const border&) = default;
};
constexpr border both(const border& a, const border& b) noexcept {
  const auto larger = [](std::size_t x, std::size_t y) { return x > y ? x : y; };
  return {larger(a.above, b.above), larger(a.below, b.below), larger(a.left, b.left), larger(a.right, b.right)};
}

/// How a value lies in memory: the distances, in numbers, from one position, image row and sample to the next. Rows of
/// a value are whole vectors, unless it is tight: its channels then lie close together, for readers that take numbers
/// one by one.
struct value_layout {
  std::size_t image_rows = 1, image_columns = 1, columns = 1;
  std::size_t column_step = 0, row_step = 0, sample_step = 0;
  border edges;
  bool is_tight = false;
  bool is_part = false;           ///< it lies among the columns of another value
  std::size_t columns_before = 0; ///< of that
  bool is_given = false;          ///< it is read where the samples lie, and has no memory of its own

  [[nodiscard]] constexpr bool is_image() const noexcept { return image_rows * image_columns > 1; }
  [[nodiscard]] constexpr std::size_t first() const noexcept {
    return edges.above * row_step + edges.left * column_step + columns_before;
  }
  /// Whether all positions follow each other at one distance.
  [[nodiscard]] constexpr bool is_even() const noexcept { return row_step == image_columns * column_step; }
  /// Whether all numbers of a sample follow each other.
  [[nodiscard]] constexpr bool is_flat() const noexcept {
    return edges.is_none() && !is_part && (!is_image() || column_step == columns);
  }
};

template <class T> constexpr value_layout lay_out(const tensor::extents& shape, const border& edges, bool is_tight) {
  value_layout out;
  out.image_rows = shape.image_rows();
  out.image_columns = shape.image_columns();
  out.columns = shape.columns();
  out.edges = edges;
  out.is_tight = is_tight;
  if (!out.is_image()) {
    out.column_step = out.sample_step = kernel::row_stride<T>(out.columns);
    if (edges.is_none()) return out;
  }
  out.column_step = is_tight ? out.columns : kernel::padded<T>(out.columns);
  out.row_step = (edges.left + out.image_columns + edges.right) * out.column_step;
  // A flat image lies as the vector of its numbers does.
  out.sample_step = out.is_flat() ? kernel::row_stride<T>(shape.size())
                                  : kernel::padded<T>((edges.above + out.image_rows + edges.below) * out.row_step);
  return out;
}

} // namespace fusegrad::plan::inline FUSEGRAD_ABI
