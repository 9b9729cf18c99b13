// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cstdint>
#include <fusegrad/base/config.hpp>

namespace fusegrad::math::inline FUSEGRAD_ABI::detail {

/// An angle as quadrant * pi / 2 + rest with |rest| <= pi / 4.
struct reduced_angle {
  std::uint32_t quadrant; ///< Modulo 4.
  double rest;            ///< 1 ulp.
};

/// 2 / pi in words of 32 bits behind the binary point.
inline constexpr std::uint32_t two_over_pi[] = {
    0xa2f9836eU, 0x4e441529U, 0xfc2757d1U, 0xf534ddc0U, 0xdb629599U, 0x3c439041U, 0xfe5163abU, 0xdebbc561U,
    0xb7246e3aU, 0x424dd2e0U, 0x06492eeaU, 0x09d1921cU, 0xfe1deb1cU, 0xb129a73eU, 0xe88235f5U, 0x2ebb4484U,
    0xe99c7026U, 0xb45f7e41U, 0x3991d639U, 0x835339f4U, 0x9c845f8bU, 0xbdf9283bU, 0x1ff897ffU, 0xde05980fU,
    0xef2f118bU, 0x5a0a6d1fU, 0x6d367ecfU, 0x27cb09b7U, 0x4f463f66U, 0x9e5fea2dU, 0x7527bac7U, 0xebe5f17bU,
    0x3d0739f7U, 0x8a5292eaU, 0x6bfb5fb1U, 0x1f8d5d08U, 0x56033046U, 0xfc7b6babU, 0xf0cfbc20U, 0x9af4361dU};

/// Reduces a finite |x| >= 1000 exactly, after Payne and Hanek, "Radian reduction for trigonometric functions" (1983).
///
/// Words of 2 / pi whose product with x is a multiple of 4 are left out; of the next eight the first 220 bits
/// behind the point are right, enough for the double closest to a multiple of pi / 2 (about 2^-61 off).
constexpr reduced_angle reduce_large_angle(double x) noexcept {
  constexpr int words = 8;
  const auto bits = std::bit_cast<std::uint64_t>(x);
  const std::uint64_t digits = (bits & 0xfffffffffffffU) | 0x10000000000000U;
  const int exponent = static_cast<int>((bits >> 52) & 0x7ffU) - 1075;
  const int first = exponent >= 2 ? (exponent - 2) / 32 : 0;

  std::uint32_t product[words + 2] = {};
  for (int half = 0; half < 2; ++half) {
    const std::uint64_t factor = half == 0 ? digits & 0xffffffffU : digits >> 32;
    std::uint64_t carry = 0;
    for (int i = 0; i < words; ++i) {
      carry += factor * two_over_pi[first + words - 1 - i] + product[i + half];
      product[i + half] = static_cast<std::uint32_t>(carry);
      carry >>= 32;
    }
    product[words + half] = static_cast<std::uint32_t>(carry);
  }

  const auto bits_from = [&product](int position) noexcept {
    std::uint64_t result = 0;
    for (int i = 3; i-- > 0;) {
      const int word = position / 32 + i;
      const std::uint64_t value = word < words + 2 ? product[word] : 0U;
      const int shift = 32 * i - position % 32;
      if (shift >= 0)
        result |= shift < 64 ? value << shift : 0U;
      else
        result |= value >> -shift;
    }
    return result;
  };
  const int point = 32 * (first + words) - exponent;
  auto quadrant = static_cast<std::uint32_t>(bits_from(point) & 3U);
  std::uint64_t high = bits_from(point - 64);
  std::uint64_t low = bits_from(point - 128);
  const bool above_half = (high >> 63) != 0;
  if (above_half) {
    ++quadrant;
    low = ~low + 1U;
    high = ~high + (low == 0 ? 1U : 0U);
  }

  const int zeros = std::countl_zero(high);
  const std::uint64_t leading = zeros == 0 ? high : zeros == 64 ? low : (high << zeros) | (low >> (64 - zeros));
  const auto unit = std::bit_cast<double>(static_cast<std::uint64_t>(1023 - 64 - zeros) << 52);
  const double rest = static_cast<double>(leading) * unit * 0x1.921fb54442d18p+0;
  const bool negative = (bits >> 63) != 0;
  if (negative) quadrant = 4U - (quadrant & 3U);
  return {quadrant & 3U, negative != above_half ? -rest : rest};
}

} // namespace fusegrad::math::inline FUSEGRAD_ABI::detail
