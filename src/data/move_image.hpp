// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <fusegrad/data/image_shape.hpp>

namespace fusegrad::data::detail {

/// Where in an image a window lies that is looked through, and how the image behind it is held.
struct placement {
  std::ptrdiff_t row = 0; ///< of the window's first pixel
  std::ptrdiff_t column = 0;
  bool is_flipped = false; ///< left and right are swapped, before it is turned
  double cosine = 1;       ///< of the angle by which it is turned, counter-clockwise
  double sine = 0;
};

/// Puts a number where it belongs, or mixes it with what is there.
struct put {
  template <class T> void operator()(T& to, T value) const noexcept { to = value; }
};
template <class T> struct mix {
  T share; ///< of what is there
  void operator()(T& to, T value) const noexcept { to = share * to + (1 - share) * value; }
};

/// Pixels of the image as they are: a row of them is at most three stretches, without image, with, and without.
template <class T, class Use>
void move_straight(const T* image, const image_shape& shape, const placement& where, std::size_t rows,
                   std::size_t columns, T fill, T* to, const Use& use) noexcept {
  const std::size_t channels = shape.channels;
  const auto bounded = [&](std::ptrdiff_t x) { // a column of the window
    return static_cast<std::size_t>(std::clamp(x, std::ptrdiff_t{0}, static_cast<std::ptrdiff_t>(columns)));
  };
  const std::size_t first = bounded(-where.column),
                    last = std::max(first, bounded(static_cast<std::ptrdiff_t>(shape.width) - where.column));
  for (std::size_t y = 0; y < rows; ++y, to += columns * channels) {
    const auto row = static_cast<std::size_t>(static_cast<std::ptrdiff_t>(y) + where.row); // wraps below 0
    const bool is_inside = row < shape.height;
    const std::size_t begin = is_inside ? first * channels : 0, end = is_inside ? last * channels : 0;
    for (std::size_t i = 0; i < begin; ++i) use(to[i], fill);
    if (begin < end) {
      const auto column = static_cast<std::size_t>(static_cast<std::ptrdiff_t>(first) + where.column);
      const T* const from = image + row * shape.width * channels;
      if (!where.is_flipped) {
        for (std::size_t i = begin; i < end; ++i) use(to[i], from[column * channels + (i - begin)]);
      } else if (channels == 1) {
        const T* const back = from + (shape.width - 1 - column);
        for (std::size_t i = begin; i < end; ++i) use(to[i], *(back - (i - begin)));
      } else {
        const T* back = from + (shape.width - 1 - column) * channels;
        for (std::size_t i = begin; i < end; i += channels, back -= channels)
          for (std::size_t c = 0; c < channels; ++c) use(to[i + c], back[c]);
      }
    }
    for (std::size_t i = end; i < columns * channels; ++i) use(to[i], fill);
  }
}

/// A place between pixels in one direction: which is the first of its two neighbours, and how near the second is.
struct between {
  std::ptrdiff_t first;
  float share_of_second;

  /// From a number of 2^-32 pixels.
  explicit between(std::int64_t place) noexcept
      : first{static_cast<std::ptrdiff_t>(place >> 32)},
        share_of_second{static_cast<float>(static_cast<std::int32_t>(static_cast<std::uint32_t>(place) >> 8)) *
                        0x1p-24f} {}
};

/// One number between four: exactly one of them where the place is that of a pixel.
template <class T> T bilinear(T a, T b, T c, T d, T x, T y) noexcept {
  const T above = (1 - x) * a + x * b, below = (1 - x) * c + x * d;
  return (1 - y) * above + y * below;
}

/// The pixel of a turned image at a place near or beyond its edge.
template <class T, class Use>
void look_at_edge(const T* image, const image_shape& shape, const between& row, const between& column, T fill, T* to,
                  const Use& use) noexcept {
  const auto height = static_cast<std::ptrdiff_t>(shape.height), width = static_cast<std::ptrdiff_t>(shape.width);
  const auto at = [&](std::ptrdiff_t y, std::ptrdiff_t x, std::size_t c) {
    if (y < 0 || y >= height || x < 0 || x >= width) return fill;
    return image[static_cast<std::size_t>(y * width + x) * shape.channels + c];
  };
  const T x = column.share_of_second, y = row.share_of_second;
  for (std::size_t c = 0; c < shape.channels; ++c)
    use(to[c], bilinear(at(row.first, column.first, c), at(row.first, column.first + 1, c),
                        at(row.first + 1, column.first, c), at(row.first + 1, column.first + 1, c), x, y));
}

/// A turned image: places are counted in 2^-32 pixels, so that a quarter turn meets pixels exactly.
template <class T, class Use>
void move_turned(const T* image, const image_shape& shape, const placement& where, std::size_t rows,
                 std::size_t columns, T fill, T* to, const Use& use) noexcept {
  const std::size_t channels = shape.channels, next_row = shape.width * channels;
  const double middle_row = static_cast<double>(shape.height - 1) / 2,
               middle_column = static_cast<double>(shape.width - 1) / 2, side = where.is_flipped ? -1 : 1;
  const auto fixed = [](double place) { return static_cast<std::int64_t>(std::floor(place * 0x1p32 + 0.5)); };
  const std::int64_t column_step = fixed(side * where.cosine), row_step = fixed(where.sine);
  const double x = static_cast<double>(where.column) - middle_column;
  for (std::size_t i = 0; i < rows; ++i) {
    const double y = static_cast<double>(where.row) + static_cast<double>(i) - middle_row;
    std::int64_t column_place = fixed(middle_column + side * (where.cosine * x - where.sine * y)),
                 row_place = fixed(middle_row + where.sine * x + where.cosine * y);
    for (std::size_t k = 0; k < columns; ++k, to += channels, column_place += column_step, row_place += row_step) {
      const between column(column_place), row(row_place);
      const auto first_column = static_cast<std::size_t>(column.first), first_row = static_cast<std::size_t>(row.first);
      if (first_column >= shape.width - 1 || first_row >= shape.height - 1) {
        look_at_edge(image, shape, row, column, fill, to, use);
        continue;
      }
      const T* const a = image + first_row * next_row + first_column * channels;
      const T* const b = a + next_row;
      for (std::size_t c = 0; c < channels; ++c)
        use(to[c],
            bilinear<T>(a[c], a[c + channels], b[c], b[c + channels], column.share_of_second, row.share_of_second));
    }
  }
}

/// Writes what is seen through a window of `rows` x `columns` pixels; `fill` where there is no image.
template <class T, class Use>
void move_image(const T* image, const image_shape& shape, const placement& where, std::size_t rows, std::size_t columns,
                T fill, T* to, const Use& use) noexcept {
  if (where.cosine == 1 && where.sine == 0)
    move_straight(image, shape, where, rows, columns, fill, to, use);
  else
    move_turned(image, shape, where, rows, columns, fill, to, use);
}

} // namespace fusegrad::data::detail
