// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/refuse.hpp>

namespace fusegrad::base {

/// How many samples of `width` numbers so many numbers are. Throws std::invalid_argument for a part of a sample.
constexpr std::size_t whole_samples(std::size_t numbers, std::size_t width) {
  if (numbers % width != 0) refuse("fusegrad: %zu numbers are not whole samples of %zu.", numbers, width);
  return numbers / width;
}

} // namespace fusegrad::base
