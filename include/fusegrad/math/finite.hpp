// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/math/vector.hpp>

namespace fusegrad::math::inline FUSEGRAD_ABI {

/// Whether all of some numbers are, at the speed of memory: their differences with themselves add up to zero, or else
/// to NaN.
template <class T> bool all_finite(const T* numbers, std::size_t count) noexcept {
  using lanes_of = vector<T>;
  constexpr auto lanes = static_cast<std::size_t>(lanes_of::lanes);
  lanes_of first(T{0}), second(T{0});
  std::size_t done = 0;
  for (; done + 2 * lanes <= count; done += 2 * lanes) {
    const lanes_of a = lanes_of::load(numbers + done), b = lanes_of::load(numbers + done + lanes);
    first += a - a;
    second += b - b;
  }
  T rest = sum(first + second);
  for (; done < count; ++done) rest += numbers[done] - numbers[done];
  return rest == T{0};
}

} // namespace fusegrad::math::inline FUSEGRAD_ABI
