// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/image_places.hpp>
#include <fusegrad/kernel/tile.hpp>
#include <fusegrad/kernel/unroll.hpp>
#include <fusegrad/kernel/window_pattern.hpp>
#include <fusegrad/math/vector.hpp>

namespace fusegrad::kernel::inline FUSEGRAD_ABI {

/// How many lanes are columns in the last of some vectors; only the last vector of all can be filled in part.
template <class T, int Vectors>
FUSEGRAD_INLINE inline int filled_lanes(std::size_t columns, std::size_t first) noexcept {
  constexpr auto lanes = static_cast<std::size_t>(math::native_lanes<T>);
  const std::size_t before = first + static_cast<std::size_t>(Vectors - 1) * lanes;
  const std::size_t left_over = columns > before ? columns - before : 0;
  return left_over < lanes ? static_cast<int>(left_over) : math::native_lanes<T>;
}

/// Where the numbers of places go, for some image rows; nowhere unless they are kept.
template <class T, int Count, bool IsKept> struct place_rows {
  using vector = math::vector<T>;
  line<place<T>, Count> items;

  FUSEGRAD_INLINE place_rows(const place<T>& whole, const window_pattern& p, std::size_t sample, std::size_t row) {
    if constexpr (IsKept)
      for (std::size_t i = 0; i < Count; ++i) items[i] = at_made_row(whole, p, sample, row + i);
  }
  FUSEGRAD_INLINE void store(int row, std::size_t position, std::size_t column, int filled, vector number) const {
    if (filled < vector::lanes) number = select(vector::first_lanes_mask(filled), number, vector(T{0}));
    number.store_aligned(items[row].data + position * items[row].stride + column);
  }
};

namespace detail {
// A long expression has many constants. In one function with the sums, GCC keeps them in registers and the sums in
// memory.
template <class Fused, int High, int Across, int Vectors, class Rows>
[[gnu::noinline]] inline void finish_apart(const Rows& at, std::size_t first, std::size_t column, int filled,
                                           const tile<typename Fused::vector, High * Across, Vectors>& sum) {
  constexpr auto lanes = static_cast<std::size_t>(Fused::vector::lanes);
  for (int v = 0; v < Vectors; ++v) {
    const std::size_t here = column + static_cast<std::size_t>(v) * lanes;
    const auto same = Fused::shared_at(at.items[0], here, v == Vectors - 1 ? filled : Fused::vector::lanes);
    for (int r = 0; r < High * Across; ++r)
      Fused::row_at(at.items[r / Across], same, first + static_cast<std::size_t>(r % Across), here,
                    v == Vectors - 1 ? filled : Fused::vector::lanes, sum[r][v]);
  }
}
} // namespace detail

/// Applies an expression to the sums of High x Across positions of an image; `at` are its places for the image rows.
template <class Fused, int High, int Across, int Vectors, class Rows>
FUSEGRAD_INLINE inline void finish_tile(const Rows& at, std::size_t first, std::size_t column, int filled,
                                        const tile<typename Fused::vector, High * Across, Vectors>& sum) {
  using vector = typename Fused::vector;
  if constexpr (Fused::is_cheap) {
    unroll<Vectors>([&](auto v) FUSEGRAD_INLINE {
      const std::size_t here = column + static_cast<std::size_t>(v * vector::lanes);
      const auto same = Fused::shared_at(at.items[0], here, v == Vectors - 1 ? filled : vector::lanes);
      unroll<High * Across>([&](auto r) FUSEGRAD_INLINE {
        Fused::row_at(at.items[r / Across], same, first + static_cast<std::size_t>(r % Across), here,
                      v == Vectors - 1 ? filled : vector::lanes, sum[r][v]);
      });
    });
  } else {
    // A copy: Clang would keep sums up to date in memory whose address is given away.
    tile<vector, High * Across, Vectors> made;
    unroll<High * Across * Vectors>(
        [&](auto i) FUSEGRAD_INLINE { made[i / Vectors][i % Vectors] = sum[i / Vectors][i % Vectors]; });
    detail::finish_apart<Fused, High, Across, Vectors>(at, first, column, filled, made);
  }
}

} // namespace fusegrad::kernel::inline FUSEGRAD_ABI
