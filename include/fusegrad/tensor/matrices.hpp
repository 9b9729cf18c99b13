// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/tensor/shape.hpp>

namespace fusegrad::tensor {

/// Which factor of a product is read transposed.
enum class transposed_factor : std::uint8_t { none, left_one, right_one };

/// A value as some matrices of one size: side by side in its columns, [rows][count * columns], or one after the other,
/// [count][rows][columns].
struct matrices {
  std::size_t count = 0, rows = 0, columns = 0;
  bool are_stacked = false;

  /// Whether the value can be seen so.
  [[nodiscard]] constexpr bool exist() const noexcept { return count != 0; }
};

/// `count` matrices of a value; none where its columns cannot be cut so, or it has as many extents as an image but
/// another first one.
constexpr matrices as_matrices(const extents& shape, std::size_t count) noexcept {
  if (count == 0 || shape.rank == 0 || shape.rank > 3) return {};
  if (shape.rank == 3) return shape[0] == count ? matrices{count, shape[1], shape[2], true} : matrices{};
  if (shape.columns() % count != 0) return {};
  return {count, shape.positions(), shape.columns() / count, false};
}

} // namespace fusegrad::tensor
