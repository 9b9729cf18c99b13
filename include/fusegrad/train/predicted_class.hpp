// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/base/config.hpp>

namespace fusegrad::train {

/// The class that a row of outputs names: the largest, the first of equals; of a single output, 1 above the threshold, else 0.
template <class T> constexpr std::int32_t predicted_class(const T* outputs, std::size_t width, double threshold) noexcept {
  if (width == 1) return static_cast<double>(outputs[0]) > threshold ? 1 : 0;
  std::size_t best = 0;
  for (std::size_t k = 1; k < width; ++k)
    if (outputs[k] > outputs[best]) best = k;
  return static_cast<std::int32_t>(best);
}

} // namespace fusegrad::train
