// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/tensor/shape.hpp>

namespace fusegrad::tensor {

/// A window that moves along one direction of an image.
struct window_side {
  std::uint32_t size = 1, stride = 1, dilation = 1;
  std::int32_t before = 0, after = 0; ///< zeros around the image; negative: so much of it is left out

  /// From the first number that the window sees to behind the last.
  [[nodiscard]] constexpr std::int64_t reach() const noexcept {
    return std::int64_t{dilation} * (std::int64_t{size} - 1) + 1;
  }
  /// How many times it fits into so many; none where it does not, or where one of its numbers is 0.
  [[nodiscard]] constexpr std::size_t positions(std::size_t length) const noexcept {
    if (size == 0 || stride == 0 || dilation == 0) return 0;
    const std::int64_t room = static_cast<std::int64_t>(length) + before + after - reach();
    return room < 0 ? 0 : static_cast<std::size_t>(room) / stride + 1;
  }
  /// How many numbers at the end no window sees.
  [[nodiscard]] constexpr std::size_t left_over(std::size_t length) const noexcept {
    const std::int64_t room = static_cast<std::int64_t>(length) + before + after - reach();
    return room < 0 ? 0 : static_cast<std::size_t>(room) % stride;
  }
  /// Whether there is some of so many under each window.
  [[nodiscard]] constexpr bool sees_everywhere(std::size_t length) const noexcept {
    if (before <= 0 && after <= 0) return true;
    for (std::size_t p = 0; p < positions(length); ++p)
      if (!sees(static_cast<std::int64_t>(p) * stride - before, static_cast<std::int64_t>(length))) return false;
    return true;
  }
  friend constexpr bool operator==(const window_side&, const window_side&) = default;

private:
  /// Whether a tap of the window that begins here stands on the line.
  [[nodiscard]] constexpr bool sees(std::int64_t start, std::int64_t length) const noexcept {
    const std::int64_t tap = start < 0 ? (-start + dilation - 1) / dilation : 0;
    return tap < size && start + tap * dilation < length;
  }
};

/// What an operation sees of an image at each position: `rows.size` times `columns.size` taps.
struct window {
  window_side rows, columns;

  [[nodiscard]] constexpr std::size_t taps() const noexcept { return std::size_t{rows.size} * columns.size; }
  /// The shape of what it makes, with the same number of channels; an extent of zero where it does not fit.
  [[nodiscard]] constexpr extents over(const extents& image) const noexcept {
    return with_image(image, rows.positions(image.image_rows()), columns.positions(image.image_columns()));
  }
  /// Whether it sees just the position that it stands at.
  [[nodiscard]] constexpr bool is_single() const noexcept { return *this == window{}; }
  friend constexpr bool operator==(const window&, const window&) = default;
};

/// A window and what it moves over.
struct image_window {
  window seen;
  std::uint32_t image_rows = 1, image_columns = 1;
  std::uint32_t made_rows = 1, made_columns = 1; ///< its positions
  friend constexpr bool operator==(const image_window&, const image_window&) = default;
};

} // namespace fusegrad::tensor
