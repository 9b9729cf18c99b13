// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/base/config.hpp>

namespace fusegrad {

namespace tensor {

/// The extents of one sample, rank 0 to 4, row-major; the batch is never part of it. The last extent counts columns
/// (channels), those before it positions: [height][width][channels] of an image, [time][channels] of a sequence. A
/// vector is one position.
struct extents {
  std::uint32_t rank = 0;
  std::uint32_t extent[4]{};

  static constexpr std::uint32_t largest_rank = 4;

  [[nodiscard]] constexpr std::size_t size() const noexcept {
    std::size_t product = 1;
    for (std::uint32_t i = 0; i < rank; ++i) product *= extent[i];
    return product;
  }
  [[nodiscard]] constexpr std::size_t columns() const noexcept { return rank == 0 ? 1 : extent[rank - 1]; }
  [[nodiscard]] constexpr std::size_t positions() const noexcept {
    std::size_t product = 1;
    for (std::uint32_t i = 0; i + 1 < rank; ++i) product *= extent[i];
    return product;
  }
  /// How the positions lie as an image: a sequence has one row of them.
  [[nodiscard]] constexpr std::size_t image_columns() const noexcept { return rank < 2 ? 1 : extent[rank - 2]; }
  [[nodiscard]] constexpr std::size_t image_rows() const noexcept {
    std::size_t product = 1;
    for (std::uint32_t i = 0; i + 2 < rank; ++i) product *= extent[i];
    return product;
  }
  constexpr std::uint32_t operator[](std::size_t i) const noexcept { return extent[i]; }
  // Written out: by default it is a loop over an array, for which a compiler takes three times as long.
  friend constexpr bool operator==(const extents& x, const extents& y) noexcept {
    return x.rank == y.rank && x.extent[0] == y.extent[0] && x.extent[1] == y.extent[1] && x.extent[2] == y.extent[2] &&
           x.extent[3] == y.extent[3];
  }
};

/// A number that does not fit becomes the largest that does, which is refused wherever a model is made of it.
constexpr std::uint32_t extent_of(std::size_t number) noexcept {
  constexpr std::uint32_t largest = 0xFFFFFFFFu;
  return number < largest ? static_cast<std::uint32_t>(number) : largest;
}
constexpr extents vector_of(std::size_t width) noexcept { return {1, {extent_of(width)}}; }
constexpr extents matrix_of(std::size_t rows, std::size_t columns) noexcept {
  return {2, {extent_of(rows), extent_of(columns)}};
}
/// The same positions with another number of columns.
constexpr extents with_columns(extents shape, std::size_t columns) noexcept {
  if (shape.rank == 0) return vector_of(columns);
  shape.extent[shape.rank - 1] = extent_of(columns);
  return shape;
}
/// An image of another size, or a sequence of another length, which has a single row.
constexpr extents with_image(extents shape, std::size_t rows, std::size_t columns) noexcept {
  if (shape.rank >= 2) shape.extent[shape.rank - 2] = extent_of(columns);
  if (shape.rank == 3) shape.extent[0] = extent_of(rows);
  return shape;
}

} // namespace tensor

/// The shape with these extents: `shape<28, 28>`; `shape<>` is a single number.
template <std::size_t... Extents>
  requires(sizeof...(Extents) <= tensor::extents::largest_rank)
inline constexpr tensor::extents shape{sizeof...(Extents), {tensor::extent_of(Extents)...}};

} // namespace fusegrad
