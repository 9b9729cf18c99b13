// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/data/image_shape.hpp>
#include <string_view>
#include <vector>

namespace fusegrad::data::detail {

/// The pixels of an image as its file holds them: shape.size() unsigned numbers of one or two bytes, the more
/// significant one first.
struct raster {
  image_shape shape;
  std::size_t largest = 255; ///< what stands for 1; numbers have two bytes from 256 on
  std::string_view bytes;    ///< of the file, or of `memory`
  std::vector<char> memory{};

  std::size_t bytes_of_number() const noexcept { return largest > 255 ? 2 : 1; }
};

} // namespace fusegrad::data::detail
