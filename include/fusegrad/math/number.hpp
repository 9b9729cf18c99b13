// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <limits>
#include <type_traits>

#include <fusegrad/math/vector.hpp>

/// What lets one algorithm serve scalars, vectors and constant expressions: the same operations under the same names.
namespace fusegrad::math::inline FUSEGRAD_ABI {

namespace detail {
template <class R> struct number_facts {};
template <real_scalar T> struct number_facts<T> {
  using value_type = T;
  using bits_type = unsigned_of<T>;
};
template <real_scalar T, int Lanes> struct number_facts<vector<T, Lanes>> {
  using value_type = T;
  using bits_type = intrinsics::native_t<unsigned_of<T>, Lanes>;
};
} // namespace detail

/// float, double, or a vector of them.
template <class R>
concept number = requires { typename detail::number_facts<R>::value_type; };

/// float or double: the type of R, or of its lanes.
template <number R> using value_type_of = typename detail::number_facts<R>::value_type;

/// a * b + c, rounded once where the target has the instruction; a constant expression rounds twice in double.
template <real_scalar T> FUSEGRAD_INLINE constexpr T multiply_add(T a, T b, T c) noexcept {
  if (std::is_constant_evaluated()) {
    return static_cast<T>(static_cast<double>(a) * static_cast<double>(b) + static_cast<double>(c));
  }
  if constexpr (has_fma && std::is_same_v<T, float>)
    return __builtin_fmaf(a, b, c);
  else if constexpr (has_fma)
    return __builtin_fma(a, b, c);
  // Two statements: within one, Clang may round constants once although the target rounds twice.
  const T product = a * b;
  return product + c;
}

/// The value with the last multiplication that made it rounded, whatever -ffp-contract says.
template <real_scalar T> FUSEGRAD_INLINE constexpr T rounded(T a) noexcept {
  if (std::is_constant_evaluated()) return a;
  return intrinsics::fence(a);
}

/// `a` if the condition holds, else `b`; both are evaluated, as for vectors.
template <real_scalar T> FUSEGRAD_INLINE constexpr T select(bool condition, T a, std::type_identity_t<T> b) noexcept {
  return condition ? a : b;
}
/// The same with an integer or other literal as first choice.
template <class Scalar, real_scalar T>
  requires(std::is_arithmetic_v<Scalar> && !std::is_same_v<Scalar, T>)
FUSEGRAD_INLINE constexpr T select(bool condition, Scalar a, T b) noexcept {
  return condition ? static_cast<T>(a) : b;
}

namespace detail {

template <number R> using bits_of = typename number_facts<R>::bits_type;

template <class T> inline constexpr int mantissa_bits = std::numeric_limits<T>::digits - 1;
template <class T>
inline constexpr unsigned_of<T> exponent_bias = static_cast<unsigned_of<T>>(std::numeric_limits<T>::max_exponent - 1);
template <class T> inline constexpr unsigned_of<T> sign_bit = unsigned_of<T>{1} << (8 * sizeof(T) - 1);
template <class T> inline constexpr T infinity = std::numeric_limits<T>::infinity();
template <class T> inline constexpr T not_a_number = std::numeric_limits<T>::quiet_NaN();

/// Adding this rounds a number of moderate size to an integer, which then stands in the low bits.
template <class T> inline constexpr T integer_shift = static_cast<T>(unsigned_of<T>{3} << (mantissa_bits<T> - 1));

/// The bits of every lane as an unsigned integer.
template <real_scalar T> FUSEGRAD_INLINE constexpr unsigned_of<T> to_bits(T x) noexcept {
  return std::bit_cast<unsigned_of<T>>(x);
}
template <real_scalar T, int Lanes>
FUSEGRAD_INLINE inline bits_of<vector<T, Lanes>> to_bits(vector<T, Lanes> x) noexcept {
  return reinterpret_cast<bits_of<vector<T, Lanes>>>(x.native);
}

/// The number with these bits.
template <number R> FUSEGRAD_INLINE constexpr R from_bits(bits_of<R> bits) noexcept {
  if constexpr (real_scalar<R>)
    return std::bit_cast<R>(bits);
  else
    return R(reinterpret_cast<typename R::native_type>(bits));
}

/// Where one of the bits of `pattern` is set.
template <number R>
FUSEGRAD_INLINE constexpr auto test_bits(bits_of<R> bits, unsigned_of<value_type_of<R>> pattern) noexcept {
  if constexpr (real_scalar<R>)
    return (bits & pattern) != 0;
  else
    return typename R::mask_type{(bits & pattern) != 0};
}

FUSEGRAD_INLINE constexpr bool any(bool condition) noexcept { return condition; }

/// The magnitude of `x` with the sign of `sign`.
template <number R> FUSEGRAD_INLINE constexpr R with_sign_of(R x, R sign) noexcept {
  constexpr auto bit = sign_bit<value_type_of<R>>;
  constexpr auto rest = static_cast<decltype(bit)>(~bit);
  return from_bits<R>((to_bits(x) & rest) | (to_bits(sign) & bit));
}

/// c0 + c1 x + c2 x^2 + ... by Horner's rule.
template <number R, std::size_t Count>
FUSEGRAD_INLINE constexpr R polynomial(R x, const value_type_of<R> (&coefficient)[Count]) noexcept {
  R result = R{coefficient[Count - 1]};
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC unroll 32
#endif
  for (std::size_t i = 1; i < Count; ++i) result = multiply_add(result, x, R{coefficient[Count - 1 - i]});
  return result;
}

} // namespace detail
} // namespace fusegrad::math::inline FUSEGRAD_ABI
