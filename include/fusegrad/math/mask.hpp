// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstdint>
#include <type_traits>

#include <fusegrad/math/intrinsics.hpp>
#include <fusegrad/math/isa.hpp>

namespace fusegrad::math::inline FUSEGRAD_ABI {

/// A scalar number type that vectors are made of.
template <class T>
concept real_scalar = std::same_as<T, float> || std::same_as<T, double>;

/// Lanes of one hardware register.
template <real_scalar T> inline constexpr int native_lanes = vector_bytes / static_cast<int>(sizeof(T));

/// The signed integer as wide as T.
template <real_scalar T> using signed_of = std::conditional_t<sizeof(T) == 4, std::int32_t, std::int64_t>;

/// The unsigned integer as wide as T.
template <real_scalar T> using unsigned_of = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;

/// One truth value a lane, the result of comparing two vectors.
template <real_scalar T, int Lanes = native_lanes<T>> struct mask {
  using native_type = intrinsics::native_t<signed_of<T>, Lanes>;
  static constexpr int lanes = Lanes;

  native_type native; ///< All bits of a lane set, or none.

  FUSEGRAD_INLINE bool operator[](int lane) const noexcept { return native[lane] != 0; }
  FUSEGRAD_INLINE friend mask operator&(mask a, mask b) noexcept { return {a.native & b.native}; }
  FUSEGRAD_INLINE friend mask operator|(mask a, mask b) noexcept { return {a.native | b.native}; }
  FUSEGRAD_INLINE friend mask operator^(mask a, mask b) noexcept { return {a.native ^ b.native}; }
  FUSEGRAD_INLINE friend mask operator!(mask a) noexcept { return {~a.native}; }

  /// True if the lane of at least one is set.
  FUSEGRAD_INLINE friend bool any(mask a) noexcept { return intrinsics::any_bit<signed_of<T>, Lanes>(a.native); }
  /// True if no lane is set.
  FUSEGRAD_INLINE friend bool none(mask a) noexcept { return !any(a); }
  /// True if every lane is set.
  FUSEGRAD_INLINE friend bool all(mask a) noexcept { return !any(!a); }
};

} // namespace fusegrad::math::inline FUSEGRAD_ABI
