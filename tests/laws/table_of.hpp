// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/tensor/shape.hpp>
#include <vector>

namespace fusegrad::test {

/// Numbers of some samples, one after the other: of each its positions, and of each of those its columns.
template <class R> struct table_of {
  std::size_t width = 0; ///< of all positions together
  std::vector<R> numbers;
  bool is_of_batch = false; ///< one row that all samples have in common
  tensor::extents shape{};
  R& at(std::size_t row, std::size_t column) { return numbers[(is_of_batch ? 0 : row) * width + column]; }
  const R& at(std::size_t row, std::size_t column) const { return numbers[(is_of_batch ? 0 : row) * width + column]; }
  [[nodiscard]] std::size_t columns() const { return shape.columns(); }
  [[nodiscard]] std::size_t positions() const { return width / columns(); }
  /// Where the number of a position and column stands; values of one position or column are repeated.
  [[nodiscard]] std::size_t place(std::size_t position, std::size_t column) const {
    return (positions() == 1 ? 0 : position) * columns() + (columns() == 1 ? 0 : column);
  }
};

} // namespace fusegrad::test
