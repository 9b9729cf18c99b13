// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/math/number.hpp>
#include <fusegrad/math/vector.hpp>

namespace fusegrad::kernel::inline FUSEGRAD_ABI {

/// Whether a later number takes the place of the largest so far: of equal ones the first stays, and NaN counts as
/// largest.
template <class T> FUSEGRAD_INLINE constexpr auto is_larger(T later, T largest) noexcept {
  return (later > largest) | (later != later);
}

/// The largest of the numbers so far, lane by lane, and the number of each in its window.
template <class T, bool KeepsPlace> struct largest_so_far {
  using vector = math::vector<T>;
  vector value;
  vector place{T{0}};

  FUSEGRAD_INLINE explicit largest_so_far(vector first = vector(-math::detail::infinity<T>)) : value{first} {}
  FUSEGRAD_INLINE void take(vector next, vector number) {
    const auto larger = is_larger(next, value);
    value = select(larger, next, value);
    if constexpr (KeepsPlace) place = select(larger, number, place);
  }
};

} // namespace fusegrad::kernel::inline FUSEGRAD_ABI
