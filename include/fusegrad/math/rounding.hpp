// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/math/basic.hpp>

namespace fusegrad::math::inline FUSEGRAD_ABI {

namespace detail {

/// From this on every number is an integer.
template <class T> inline constexpr T first_without_fraction = static_cast<T>(unsigned_of<T>{1} << mantissa_bits<T>);

/// The integer closest to a magnitude that may have a fraction, halves to even.
template <number R> FUSEGRAD_INLINE constexpr R nearest_integer(R magnitude) noexcept {
  constexpr auto shift = first_without_fraction<value_type_of<R>>;
  return (magnitude + R{shift}) - R{shift};
}

/// The largest integer not above a magnitude that may have a fraction.
template <number R> FUSEGRAD_INLINE constexpr R integer_part(R magnitude) noexcept {
  const R nearest = nearest_integer(magnitude);
  return select(nearest > magnitude, nearest - R{1}, nearest);
}

/// `integer` with the sign of x where x may have a fraction, else x.
template <number R> FUSEGRAD_INLINE constexpr R where_fractional(R x, R integer) noexcept {
  return select(abs(x) < R{first_without_fraction<value_type_of<R>>}, with_sign_of(integer, x), x);
}

/// Whether x is Inf or NaN in a constant expression, which may not compute with NaN nor take Inf from itself.
template <number R> constexpr bool is_constant_without_fraction(R x) noexcept {
  if constexpr (real_scalar<R>) return std::is_constant_evaluated() && !(abs(x) < infinity<value_type_of<R>>);
  return false;
}

} // namespace detail

/// Towards zero, exact; keeps the sign of zero, Inf and NaN stay.
template <number R> FUSEGRAD_INLINE constexpr R trunc(R x) noexcept {
  if (detail::is_constant_without_fraction(x)) return x;
  return detail::where_fractional(x, detail::integer_part(abs(x)));
}

/// The largest integer that is not above x, exact; keeps the sign of zero, Inf and NaN stay.
template <number R> FUSEGRAD_INLINE constexpr R floor(R x) noexcept {
  if (detail::is_constant_without_fraction(x)) return x;
  const R nearest = detail::with_sign_of(detail::nearest_integer(abs(x)), x);
  return detail::where_fractional(x, select(nearest > x, nearest - R{1}, nearest));
}

/// The smallest integer that is not below x, exact; keeps the sign of zero, Inf and NaN stay.
template <number R> FUSEGRAD_INLINE constexpr R ceil(R x) noexcept {
  if (detail::is_constant_without_fraction(x)) return x;
  const R nearest = detail::with_sign_of(detail::nearest_integer(abs(x)), x);
  return detail::where_fractional(x, select(nearest < x, nearest + R{1}, nearest));
}

/// The closest integer, halves away from zero, exact; keeps the sign of zero, Inf and NaN stay.
template <number R> FUSEGRAD_INLINE constexpr R round(R x) noexcept {
  if (detail::is_constant_without_fraction(x)) return x;
  const R magnitude = abs(x);
  const R part = detail::integer_part(magnitude);
  return detail::where_fractional(x, select(magnitude - part >= R{value_type_of<R>(0.5)}, part + R{1}, part));
}

/// The magnitude of x with the sign of `sign`, exact.
template <number R> FUSEGRAD_INLINE constexpr R copysign(R x, std::type_identity_t<R> sign) noexcept {
  return detail::with_sign_of(x, sign);
}

} // namespace fusegrad::math::inline FUSEGRAD_ABI
