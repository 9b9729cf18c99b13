// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/base/config.hpp>
#include <fusegrad/base/refuse.hpp>
#include <stdexcept>

namespace fusegrad::base {

/// More numbers than any memory holds, whatever their type.
inline constexpr std::size_t too_many_numbers = PTRDIFF_MAX / 16;

[[noreturn]] inline void refuse_size(const char* what) {
  refuse<std::length_error>("fusegrad: %s would be more numbers than memory can hold.", what);
}

/// The sum of two counts, and of those with anything the largest count there is.
constexpr std::size_t size_sum(std::size_t a, std::size_t b) noexcept { return a > SIZE_MAX - b ? SIZE_MAX : a + b; }

/// The product of counts: how many numbers `what` is. Throws std::length_error in those words where it is more than
/// memory can hold, instead of a product that wraps around and memory that is too small.
template <class... Counts> constexpr std::size_t size_product(const char* what, Counts... counts) {
  std::size_t product = 1;
  const bool is_nothing = ((counts == 0) || ...);
  if (is_nothing) return 0;
  const auto times = [&](std::size_t count) {
    if (product > too_many_numbers / count) refuse_size(what);
    product *= count;
  };
  (times(counts), ...);
  return product;
}

} // namespace fusegrad::base
