// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <fusegrad/base/config.hpp>

namespace fusegrad::train {

/// Primitive polynomials and first direction numbers of Sobol's sequence, for the columns behind the first. Source: Joe
/// and Kuo, "Constructing Sobol sequences with better two-dimensional projections", SIAM J. Sci. Comput. 30 (2008),
/// file new-joe-kuo-6.
struct sobol_start {
  std::uint32_t degree, polynomial;
  std::array<std::uint32_t, 7> numbers;
};
inline constexpr sobol_start sobol_starts[]{
    {1, 0, {1}},
    {2, 1, {1, 3}},
    {3, 1, {1, 3, 1}},
    {3, 2, {1, 1, 1}},
    {4, 1, {1, 1, 3, 3}},
    {4, 4, {1, 3, 5, 13}},
    {5, 2, {1, 1, 5, 5, 17}},
    {5, 4, {1, 1, 5, 5, 5}},
    {5, 7, {1, 1, 7, 11, 19}},
    {5, 11, {1, 1, 5, 1, 1}},
    {5, 13, {1, 1, 1, 3, 11}},
    {5, 14, {1, 3, 5, 5, 31}},
    {6, 1, {1, 3, 3, 9, 7, 49}},
    {6, 13, {1, 1, 1, 15, 21, 21}},
    {6, 16, {1, 3, 1, 13, 27, 49}},
    {6, 19, {1, 1, 1, 15, 7, 5}},
    {6, 22, {1, 3, 1, 15, 13, 25}},
    {6, 25, {1, 1, 5, 5, 19, 61}},
    {7, 1, {1, 3, 7, 11, 23, 15, 103}},
    {7, 4, {1, 3, 7, 13, 13, 15, 69}},
};

/// How many columns Sobol's sequence is known for here.
inline constexpr std::size_t sobol_columns = 1 + std::size(sobol_starts);

/// One column of Sobol's sequence: the binary digits of number i behind the point, as 32 bits.
class sobol_column {
public:
  constexpr explicit sobol_column(std::size_t column) noexcept {
    if (column == 0) {
      for (std::size_t bit = 0; bit < 32; ++bit) directions_[bit] = 1U << (31 - bit);
      return;
    }
    const sobol_start& start = sobol_starts[column - 1];
    const std::size_t degree = start.degree;
    for (std::size_t bit = 0; bit < 32; ++bit) {
      if (bit < degree) {
        directions_[bit] = start.numbers[bit] << (31 - bit);
        continue;
      }
      std::uint32_t next = directions_[bit - degree] ^ directions_[bit - degree] >> degree;
      for (std::size_t k = 1; k < degree; ++k)
        if ((start.polynomial >> (degree - 1 - k) & 1) != 0) next ^= directions_[bit - k];
      directions_[bit] = next;
    }
  }

  /// In the order of the Gray code, of which each whole power of two holds the same numbers.
  [[nodiscard]] constexpr std::uint32_t operator[](std::uint32_t i) const noexcept {
    std::uint32_t out = 0;
    for (std::uint32_t gray = i ^ i >> 1, bit = 0; gray != 0; gray >>= 1, ++bit)
      if ((gray & 1) != 0) out ^= directions_[bit];
    return out;
  }

private:
  std::array<std::uint32_t, 32> directions_{};
};

} // namespace fusegrad::train
