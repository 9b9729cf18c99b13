// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <type_traits>
#include <utility>

#include <fusegrad/math/intrinsics.hpp>
#include <fusegrad/math/isa.hpp>
#include <fusegrad/math/mask.hpp>

namespace fusegrad::math::inline FUSEGRAD_ABI {

/// Lanes numbers of type T in one register.
///
/// Arithmetic is that of T in every lane; a scalar operand stands for a vector of equal lanes.
/// Trivially copyable; default construction leaves the lanes uninitialised.
template <real_scalar T, int Lanes = native_lanes<T>> struct vector {
  static_assert(Lanes >= 2 && std::has_single_bit(static_cast<unsigned>(Lanes)),
                "the number of lanes is a power of two, at least 2");
  // Wider ones would change the ABI (-Wpsabi on both compilers) and GCC 12 takes their comparisons apart lane by lane.
  static_assert(Lanes <= native_lanes<T>, "a vector is at most one register wide: use several");

  using value_type = T;
  using mask_type = mask<T, Lanes>;
  using native_type = intrinsics::native_t<T, Lanes>;
  static constexpr int lanes = Lanes;

  native_type native; ///< The compiler's own vector.

  vector() = default;
  FUSEGRAD_INLINE explicit vector(native_type value) noexcept : native(value) {}
  /// Every lane the same value, converted to T first.
  ///
  /// Implicit, so that `2 * v + 0.5`, `select(m, v, 0)` and `max(v, 0)` need no overloads of their own.
  template <class Scalar>
    requires std::is_arithmetic_v<Scalar>
  FUSEGRAD_INLINE vector(Scalar value) noexcept : native(static_cast<T>(value) - native_type{}) {}

  /// A number in the first lane, 0 in the others.
  FUSEGRAD_INLINE static vector only_first(T value) noexcept { return vector(native_type{value}); }

  /// Reads Lanes values from any address.
  FUSEGRAD_INLINE static vector load(const T* from) noexcept {
    vector result;
    __builtin_memcpy(&result.native, from, sizeof(native_type));
    return result;
  }
  /// Reads Lanes values from an address that is a multiple of the vector's size.
  FUSEGRAD_INLINE static vector load_aligned(const T* from) noexcept {
    return load(static_cast<const T*>(__builtin_assume_aligned(from, sizeof(native_type))));
  }
  /// Reads the first `count` values (0 to Lanes) and nothing behind them; the other lanes are 0.
  FUSEGRAD_INLINE static vector load_first(const T* from, int count) noexcept {
    if (count >= Lanes) return load(from);
    return vector(intrinsics::load_first<T, Lanes>(from, count));
  }

  /// Writes all lanes to any address.
  FUSEGRAD_INLINE void store(T* to) const noexcept { __builtin_memcpy(to, &native, sizeof(native_type)); }
  /// Writes all lanes to an address that is a multiple of the vector's size.
  FUSEGRAD_INLINE void store_aligned(T* to) const noexcept {
    store(static_cast<T*>(__builtin_assume_aligned(to, sizeof(native_type))));
  }
  /// Writes the first `count` lanes (0 to Lanes) and touches nothing behind them.
  FUSEGRAD_INLINE void store_first(T* to, int count) const noexcept {
    if (count >= Lanes) return store(to);
    intrinsics::store_first<T, Lanes>(to, native, count);
  }

  /// A mask whose first `count` lanes are set.
  FUSEGRAD_INLINE static mask_type first_lanes_mask(int count) noexcept {
    return {intrinsics::lane_numbers<signed_of<T>, Lanes>() < static_cast<signed_of<T>>(count)};
  }
  /// A mask whose first Count lanes are set.
  template <int Count> FUSEGRAD_INLINE static mask_type first_lanes_mask() noexcept {
    static_assert(Count >= 0 && Count <= Lanes);
    return first_lanes_mask(Count);
  }

  FUSEGRAD_INLINE T operator[](int lane) const noexcept { return native[lane]; }

  FUSEGRAD_INLINE friend vector operator+(vector a, vector b) noexcept { return vector(a.native + b.native); }
  FUSEGRAD_INLINE friend vector operator-(vector a, vector b) noexcept { return vector(a.native - b.native); }
  FUSEGRAD_INLINE friend vector operator*(vector a, vector b) noexcept { return vector(a.native * b.native); }
  FUSEGRAD_INLINE friend vector operator/(vector a, vector b) noexcept { return vector(a.native / b.native); }
  FUSEGRAD_INLINE friend vector operator-(vector a) noexcept { return vector(-a.native); }
  FUSEGRAD_INLINE friend vector operator+(vector a) noexcept { return a; }
  FUSEGRAD_INLINE vector& operator+=(vector b) noexcept { return *this = *this + b; }
  FUSEGRAD_INLINE vector& operator-=(vector b) noexcept { return *this = *this - b; }
  FUSEGRAD_INLINE vector& operator*=(vector b) noexcept { return *this = *this * b; }
  FUSEGRAD_INLINE vector& operator/=(vector b) noexcept { return *this = *this / b; }

  FUSEGRAD_INLINE friend mask_type operator<(vector a, vector b) noexcept { return {a.native < b.native}; }
  FUSEGRAD_INLINE friend mask_type operator<=(vector a, vector b) noexcept { return {a.native <= b.native}; }
  FUSEGRAD_INLINE friend mask_type operator>(vector a, vector b) noexcept { return {a.native > b.native}; }
  FUSEGRAD_INLINE friend mask_type operator>=(vector a, vector b) noexcept { return {a.native >= b.native}; }
  FUSEGRAD_INLINE friend mask_type operator==(vector a, vector b) noexcept { return {a.native == b.native}; }
  FUSEGRAD_INLINE friend mask_type operator!=(vector a, vector b) noexcept { return {a.native != b.native}; }

  /// The lanes of `a` where the mask is set, of `b` elsewhere.
  FUSEGRAD_INLINE friend vector select(mask_type condition, vector a, vector b) noexcept {
    return vector(condition.native ? a.native : b.native);
  }

  /// a * b + c, rounded once where the target has the instruction (`has_fma`), else twice.
  FUSEGRAD_INLINE friend vector multiply_add(vector a, vector b, vector c) noexcept {
    if constexpr (has_fma) return vector(intrinsics::fused_multiply_add<T, Lanes>(a.native, b.native, c.native));
    // Two statements: within one, Clang may round constants once although the target rounds twice.
    const vector product = a * b;
    return product + c;
  }

  /// The value with the last multiplication that made it rounded, whatever -ffp-contract says.
  FUSEGRAD_INLINE friend vector rounded(vector a) noexcept { return vector(intrinsics::fence(a.native)); }

  /// The first lane in all.
  FUSEGRAD_INLINE friend vector first_everywhere(vector a) noexcept {
    return [&]<int... I>(std::integer_sequence<int, I...>) FUSEGRAD_INLINE {
      return vector(__builtin_shufflevector(a.native, a.native, (0 * I)...));
    }(std::make_integer_sequence<int, Lanes>{});
  }

  /// Sum of all lanes by halving (lane i with lane i + lanes / 2, and so on): a fixed tree, the same bits every time.
  FUSEGRAD_INLINE friend T sum(vector a) noexcept {
    return intrinsics::reduce<T, Lanes>(a.native, [](auto x, auto y) noexcept { return x + y; });
  }
  /// Largest lane; NaN if any lane is.
  FUSEGRAD_INLINE friend T max_lane(vector a) noexcept {
    if (any(a != a)) return __builtin_nanf("");
    return intrinsics::reduce<T, Lanes>(a.native, [](auto x, auto y) noexcept { return x > y ? x : y; });
  }
  /// Smallest lane; NaN if any lane is.
  FUSEGRAD_INLINE friend T min_lane(vector a) noexcept {
    if (any(a != a)) return __builtin_nanf("");
    return intrinsics::reduce<T, Lanes>(a.native, [](auto x, auto y) noexcept { return x < y ? x : y; });
  }
};

} // namespace fusegrad::math::inline FUSEGRAD_ABI
