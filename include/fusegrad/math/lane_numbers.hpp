// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/math/intrinsics.hpp>

namespace fusegrad::math::inline FUSEGRAD_ABI::intrinsics {

/// Which bits of a byte are set, in order, for each byte.
struct set_bits_table {
  unsigned char of[256][8]{};
  constexpr set_bits_table() {
    for (int byte = 0; byte < 256; ++byte)
      for (int bit = 0, found = 0; bit < 8; ++bit)
        if ((byte >> bit & 1) != 0) of[byte][found++] = static_cast<unsigned char>(bit);
  }
};
inline constexpr set_bits_table set_bits_of_bytes{};

/// A bit for each lane that `set` marks with all bits.
template <class T, int Lanes> FUSEGRAD_INLINE inline unsigned lane_bits(native_t<T, Lanes> set) noexcept {
#if defined(__AVX512F__) && defined(__AVX512DQ__)
  if constexpr (sizeof(T) * Lanes == 64) {
    if constexpr (sizeof(T) == 4)
      return __builtin_ia32_cvtd2mask512(set);
    else
      return __builtin_ia32_cvtq2mask512(reinterpret_cast<native_t<long long, Lanes>>(set));
  }
#endif
#if defined(__AVX2__)
  if constexpr (sizeof(T) * Lanes == 32) {
    if constexpr (sizeof(T) == 4)
      return static_cast<unsigned>(__builtin_ia32_movmskps256(reinterpret_cast<native_t<float, 8>>(set)));
    else
      return static_cast<unsigned>(__builtin_ia32_movmskpd256(reinterpret_cast<native_t<double, 4>>(set)));
  }
#endif
#if defined(__SSE2__)
  if constexpr (sizeof(T) * Lanes == 16) {
    if constexpr (sizeof(T) == 4)
      return static_cast<unsigned>(__builtin_ia32_movmskps(reinterpret_cast<native_t<float, 4>>(set)));
    else
      return static_cast<unsigned>(__builtin_ia32_movmskpd(reinterpret_cast<native_t<double, 2>>(set)));
  }
#endif
  unsigned bits = 0;
  for (int lane = 0; lane < Lanes; ++lane) bits |= static_cast<unsigned>(set[lane] != 0 ? 1 : 0) << lane;
  return bits;
}

/// Writes the numbers of the lanes that `set` marks with all bits, plus `first`, one after the other, and gives back
/// how many they are. Lanes values may be overwritten. Without a branch.
template <class T, int Lanes>
FUSEGRAD_INLINE inline int store_lane_numbers(T* to, native_t<T, Lanes> set, T first) noexcept {
#if defined(__AVX512F__) && defined(__AVX512DQ__)
  if constexpr (sizeof(T) * Lanes == 64) {
    const native_t<T, Lanes> numbers = lane_numbers<T, Lanes>() + first;
    native_t<T, Lanes> packed;
    const unsigned bits = lane_bits<T, Lanes>(set);
    // Packed in a register: on Zen 4 the instruction that packs into memory takes a hundred cycles.
    if constexpr (sizeof(T) == 4) {
      packed = __builtin_ia32_compresssi512_mask(numbers, numbers, static_cast<unsigned short>(bits));
    } else {
      using words = native_t<long long, Lanes>;
      packed = reinterpret_cast<native_t<T, Lanes>>(__builtin_ia32_compressdi512_mask(
          reinterpret_cast<words>(numbers), reinterpret_cast<words>(numbers), static_cast<unsigned char>(bits)));
    }
    __builtin_memcpy(to, &packed, sizeof(packed));
    return __builtin_popcount(bits);
  }
#endif
#if defined(__AVX2__)
  if constexpr (sizeof(T) * Lanes == 32) {
    const unsigned bits = lane_bits<T, Lanes>(set);
    native_t<unsigned char, Lanes> bytes;
    __builtin_memcpy(&bytes, &set_bits_of_bytes.of[bits], sizeof(bytes));
    const native_t<T, Lanes> packed = __builtin_convertvector(bytes, native_t<T, Lanes>) + first;
    __builtin_memcpy(to, &packed, sizeof(packed));
    return __builtin_popcount(bits);
  }
#endif
  int found = 0;
  for (int lane = 0; lane < Lanes; ++lane) {
    to[found] = static_cast<T>(first + lane);
    found += set[lane] != 0 ? 1 : 0;
  }
  return found;
}

} // namespace fusegrad::math::inline FUSEGRAD_ABI::intrinsics
