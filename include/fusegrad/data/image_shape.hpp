// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/config.hpp>

namespace fusegrad::data {

/// The size of images whose numbers stand [height][width][channels].
struct image_shape {
  std::size_t height = 0;
  std::size_t width = 0;
  std::size_t channels = 1;

  constexpr std::size_t size() const noexcept { return height * width * channels; }
  friend constexpr bool operator==(const image_shape&, const image_shape&) = default;
};

} // namespace fusegrad::data
