// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <type_traits>
#include <utility>

#include <fusegrad/math/isa.hpp>

/// The few operations for which generic vector code is poor, as a ladder from instruction to lane loop.
///
/// The compilers' own builtins are used instead of <immintrin.h>, which costs 0.3 s and 65 MB in every translation
/// unit.
namespace fusegrad::math::inline FUSEGRAD_ABI::intrinsics {

/// The compiler's vector of Lanes values of type T.
template <class T, int Lanes> struct native {
  using type [[gnu::vector_size(sizeof(T) * Lanes)]] = T;
};
template <class T, int Lanes> using native_t = typename native<T, Lanes>::type;

/// The vector 0, 1, 2, ...
template <class T, int Lanes> FUSEGRAD_INLINE inline native_t<T, Lanes> lane_numbers() noexcept {
  return []<int... Lane>(std::integer_sequence<int, Lane...>) noexcept {
    return native_t<T, Lanes>{static_cast<T>(Lane)...};
  }(std::make_integer_sequence<int, Lanes>{});
}

/// The Count lanes from First on.
template <class T, int Lanes, int First, int Count>
FUSEGRAD_INLINE inline native_t<T, Count> part(native_t<T, Lanes> value) noexcept {
  return [value]<int... Lane>(std::integer_sequence<int, Lane...>) noexcept {
    return __builtin_shufflevector(value, value, First + Lane...);
  }(std::make_integer_sequence<int, Count>{});
}

/// The lanes combined pairwise, lane i with lane i + Lanes / 2, until one is left: the same tree every time.
template <class T, int Lanes, class Combine>
FUSEGRAD_INLINE inline T reduce(native_t<T, Lanes> value, Combine combine) noexcept {
  if constexpr (Lanes == 2) {
    return combine(value[0], value[1]);
  } else {
    constexpr int half = Lanes / 2;
    return reduce<T, half>(combine(part<T, Lanes, 0, half>(value), part<T, Lanes, half, half>(value)), combine);
  }
}

/// True if a bit of any lane is set.
template <class T, int Lanes> FUSEGRAD_INLINE inline bool any_bit(native_t<T, Lanes> value) noexcept {
#if defined(__clang__)
  return __builtin_reduce_or(value) != 0;
#else
  [[maybe_unused]] constexpr int bytes = static_cast<int>(sizeof(T)) * Lanes;
#if defined(__AVX512F__)
  if constexpr (bytes == 64) {
    const auto words = reinterpret_cast<native_t<int, 16>>(value);
    return __builtin_ia32_ptestmd512(words, words, static_cast<unsigned short>(-1)) != 0;
  }
#endif
#if defined(__AVX__)
  if constexpr (bytes == 32) {
    const auto words = reinterpret_cast<native_t<long long, 4>>(value);
    return __builtin_ia32_ptestz256(words, words) == 0;
  }
#endif
#if defined(__SSE2__)
  if constexpr (bytes == 16) return __builtin_ia32_pmovmskb128(reinterpret_cast<native_t<char, 16>>(value)) != 0;
#endif
  return reduce<T, Lanes>(value, [](auto a, auto b) noexcept { return a | b; }) != 0;
#endif
}

/// a * b + c rounded once, for every lane; only meaningful where `has_fma`.
template <class T, int Lanes>
FUSEGRAD_INLINE inline native_t<T, Lanes> fused_multiply_add(native_t<T, Lanes> a, native_t<T, Lanes> b,
                                                             native_t<T, Lanes> c) noexcept {
#if defined(__clang__)
  return __builtin_elementwise_fma(a, b, c);
#else
  [[maybe_unused]] constexpr int bytes = static_cast<int>(sizeof(T)) * Lanes;
  constexpr bool is_float = std::is_same_v<T, float>;
#if defined(__AVX512F__)
  if constexpr (bytes == 64) {
    if constexpr (is_float)
      return __builtin_ia32_vfmaddps512_mask(a, b, c, -1, 4);
    else
      return __builtin_ia32_vfmaddpd512_mask(a, b, c, -1, 4);
  }
#endif
#if defined(__FMA__)
  if constexpr (bytes == 32) {
    if constexpr (is_float)
      return __builtin_ia32_vfmaddps256(a, b, c);
    else
      return __builtin_ia32_vfmaddpd256(a, b, c);
  }
  if constexpr (bytes == 16) {
    if constexpr (is_float)
      return __builtin_ia32_vfmaddps(a, b, c);
    else
      return __builtin_ia32_vfmaddpd(a, b, c);
  }
#endif
  native_t<T, Lanes> result{};
  for (int lane = 0; lane < Lanes; ++lane) {
    if constexpr (is_float)
      result[lane] = __builtin_fmaf(a[lane], b[lane], c[lane]);
    else
      result[lane] = __builtin_fma(a[lane], b[lane], c[lane]);
  }
  return result;
#endif
}

/// Square root of every lane, correctly rounded.
template <class T, int Lanes> FUSEGRAD_INLINE inline native_t<T, Lanes> square_root(native_t<T, Lanes> a) noexcept {
#if defined(__clang__)
  return __builtin_elementwise_sqrt(a);
#else
  [[maybe_unused]] constexpr int bytes = static_cast<int>(sizeof(T)) * Lanes;
  constexpr bool is_float = std::is_same_v<T, float>;
#if defined(__AVX512F__)
  if constexpr (bytes == 64) {
    if constexpr (is_float)
      return __builtin_ia32_sqrtps512_mask(a, a, -1, 4);
    else
      return __builtin_ia32_sqrtpd512_mask(a, a, -1, 4);
  }
#endif
#if defined(__AVX__)
  if constexpr (bytes == 32) {
    if constexpr (is_float)
      return __builtin_ia32_sqrtps256(a);
    else
      return __builtin_ia32_sqrtpd256(a);
  }
#endif
#if defined(__SSE2__)
  if constexpr (bytes == 16) {
    if constexpr (is_float)
      return __builtin_ia32_sqrtps(a);
    else
      return __builtin_ia32_sqrtpd(a);
  }
#endif
  native_t<T, Lanes> result{};
  for (int lane = 0; lane < Lanes; ++lane) {
    if constexpr (is_float)
      result[lane] = __builtin_sqrtf(a[lane]);
    else
      result[lane] = __builtin_sqrt(a[lane]);
  }
  return result;
#endif
}

#if defined(__AVX512F__)
/// True if `scale` exists for the type.
template <class T, int Lanes> inline constexpr bool has_scale = sizeof(T) * Lanes == 64;
#else
template <class T, int Lanes> inline constexpr bool has_scale = false;
#endif

/// a * 2^n for integers n, rounded once.
template <class T, int Lanes>
FUSEGRAD_INLINE inline native_t<T, Lanes> scale(native_t<T, Lanes> a, [[maybe_unused]] native_t<T, Lanes> n) noexcept {
  static_assert(has_scale<T, Lanes>);
#if defined(__AVX512F__)
  if constexpr (std::is_same_v<T, float>) {
#if defined(__clang__)
    return __builtin_ia32_scalefps512_mask(a, n, a, static_cast<unsigned short>(-1), 4);
#else
    return __builtin_ia32_scalefps512_mask(a, n, a, -1, 4);
#endif
  } else {
    return __builtin_ia32_scalefpd512_mask(a, n, a, static_cast<unsigned char>(-1), 4);
  }
#else
  return a;
#endif
}

/// `a < b ? a : b` for every lane: `b` where one is NaN.
template <class T, int Lanes>
FUSEGRAD_INLINE inline native_t<T, Lanes> minimum(native_t<T, Lanes> a, native_t<T, Lanes> b) noexcept {
#if !defined(__clang__)
  // GCC 12 turns the comparison with a constant round and then misses the instruction.
  [[maybe_unused]] constexpr int bytes = static_cast<int>(sizeof(T)) * Lanes;
  [[maybe_unused]] constexpr bool is_float = std::is_same_v<T, float>;
#if defined(__AVX512F__)
  if constexpr (bytes == 64) {
    if constexpr (is_float)
      return __builtin_ia32_minps512_mask(a, b, a, -1, 4);
    else
      return __builtin_ia32_minpd512_mask(a, b, a, -1, 4);
  }
#endif
#if defined(__AVX__)
  if constexpr (bytes == 32) {
    if constexpr (is_float)
      return __builtin_ia32_minps256(a, b);
    else
      return __builtin_ia32_minpd256(a, b);
  }
#endif
#if defined(__SSE2__)
  if constexpr (bytes == 16) {
    if constexpr (is_float)
      return __builtin_ia32_minps(a, b);
    else
      return __builtin_ia32_minpd(a, b);
  }
#endif
#endif
  return a < b ? a : b;
}

/// `a > b ? a : b` for every lane: `b` where one is NaN.
template <class T, int Lanes>
FUSEGRAD_INLINE inline native_t<T, Lanes> maximum(native_t<T, Lanes> a, native_t<T, Lanes> b) noexcept {
#if !defined(__clang__)
  // GCC 12 turns the comparison with a constant round and then misses the instruction.
  [[maybe_unused]] constexpr int bytes = static_cast<int>(sizeof(T)) * Lanes;
  [[maybe_unused]] constexpr bool is_float = std::is_same_v<T, float>;
#if defined(__AVX512F__)
  if constexpr (bytes == 64) {
    if constexpr (is_float)
      return __builtin_ia32_maxps512_mask(a, b, a, -1, 4);
    else
      return __builtin_ia32_maxpd512_mask(a, b, a, -1, 4);
  }
#endif
#if defined(__AVX__)
  if constexpr (bytes == 32) {
    if constexpr (is_float)
      return __builtin_ia32_maxps256(a, b);
    else
      return __builtin_ia32_maxpd256(a, b);
  }
#endif
#if defined(__SSE2__)
  if constexpr (bytes == 16) {
    if constexpr (is_float)
      return __builtin_ia32_maxps(a, b);
    else
      return __builtin_ia32_maxpd(a, b);
  }
#endif
#endif
  return a > b ? a : b;
}

/// The first `count` < Lanes values; the other lanes are 0 and their memory is not touched.
template <class T, int Lanes> FUSEGRAD_INLINE inline native_t<T, Lanes> load_first(const T* from, int count) noexcept {
  [[maybe_unused]] constexpr int bytes = static_cast<int>(sizeof(T)) * Lanes;
  [[maybe_unused]] constexpr bool is_float = std::is_same_v<T, float>;
#if defined(__AVX512F__)
  if constexpr (bytes == 64) {
    const unsigned lanes = (1U << count) - 1U;
    const native_t<T, Lanes> zero{};
    if constexpr (is_float)
      return __builtin_ia32_loadups512_mask(from, zero, static_cast<unsigned short>(lanes));
    else
      return __builtin_ia32_loadupd512_mask(from, zero, static_cast<unsigned char>(lanes));
  }
#endif
#if defined(__AVX__)
  if constexpr (bytes == 32 || bytes == 16) {
    using integer = std::conditional_t<is_float, int, long long>;
    const native_t<integer, Lanes> lanes = lane_numbers<integer, Lanes>() < static_cast<integer>(count);
    const auto* address = reinterpret_cast<const native_t<T, Lanes>*>(from);
    if constexpr (is_float && bytes == 32)
      return __builtin_ia32_maskloadps256(address, lanes);
    else if constexpr (is_float)
      return __builtin_ia32_maskloadps(address, lanes);
    else if constexpr (bytes == 32)
      return __builtin_ia32_maskloadpd256(address, lanes);
    else
      return __builtin_ia32_maskloadpd(address, lanes);
  }
#endif
  native_t<T, Lanes> result{};
  for (int lane = 0; lane < count; ++lane) result[lane] = from[lane];
  return result;
}

/// Writes the first `count` < Lanes lanes and touches nothing behind them.
template <class T, int Lanes>
FUSEGRAD_INLINE inline void store_first(T* to, native_t<T, Lanes> value, int count) noexcept {
  [[maybe_unused]] constexpr int bytes = static_cast<int>(sizeof(T)) * Lanes;
  [[maybe_unused]] constexpr bool is_float = std::is_same_v<T, float>;
#if defined(__AVX512F__)
  if constexpr (bytes == 64) {
    const unsigned lanes = (1U << count) - 1U;
    if constexpr (is_float)
      __builtin_ia32_storeups512_mask(to, value, static_cast<unsigned short>(lanes));
    else
      __builtin_ia32_storeupd512_mask(to, value, static_cast<unsigned char>(lanes));
    return;
  }
#endif
#if defined(__AVX__)
  if constexpr (bytes == 32 || bytes == 16) {
    using integer = std::conditional_t<is_float, int, long long>;
    const native_t<integer, Lanes> lanes = lane_numbers<integer, Lanes>() < static_cast<integer>(count);
    auto* address = reinterpret_cast<native_t<T, Lanes>*>(to);
    if constexpr (is_float && bytes == 32)
      __builtin_ia32_maskstoreps256(address, lanes, value);
    else if constexpr (is_float)
      __builtin_ia32_maskstoreps(address, lanes, value);
    else if constexpr (bytes == 32)
      __builtin_ia32_maskstorepd256(address, lanes, value);
    else
      __builtin_ia32_maskstorepd(address, lanes, value);
    return;
  }
#endif
  for (int lane = 0; lane < count; ++lane) to[lane] = value[lane];
}

/// The value itself, rounded: no multiplication that made it is contracted with an addition that uses it.
///
/// -ffp-contract=fast (GCC's default) would otherwise fuse some of them and not others, and scalar and vector code
/// or two places of inlining would differ in the last bit.
template <class V> FUSEGRAD_INLINE inline V fence(V value) noexcept {
#if !defined(__clang__)
  // For vectors GCC 12 takes the barrier apart lane by lane.
  if constexpr (std::is_floating_point_v<V>) return __builtin_assoc_barrier(value);
#endif
  // Two floats fit no constraint of Clang's for vector registers.
  constexpr bool in_register = std::is_floating_point_v<V> || sizeof(V) >= 16;
#if defined(__AVX512F__)
  if constexpr (in_register)
    asm("" : "+v"(value));
  else
    asm("" : "+m"(value));
#elif defined(__SSE2__)
  if constexpr (in_register)
    asm("" : "+x"(value));
  else
    asm("" : "+m"(value));
#elif defined(__ARM_NEON)
  if constexpr (in_register)
    asm("" : "+w"(value));
  else
    asm("" : "+m"(value));
#else
  asm("" : "+m"(value));
#endif
  return value;
}

/// The pointer itself, of which the compiler no longer knows how it was made: what is read through it is not taken for
/// something read before.
template <class T> FUSEGRAD_INLINE inline T* opaque(T* pointer) noexcept {
  asm("" : "+r"(pointer));
  return pointer;
}

} // namespace fusegrad::math::inline FUSEGRAD_ABI::intrinsics
