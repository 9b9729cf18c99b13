// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/math/basic.hpp>

namespace fusegrad::math::inline FUSEGRAD_ABI {

namespace detail {

/// Square root of a positive finite number by long division of the bits: correctly rounded, for constant expressions.
///
/// Newton's iteration in the type itself ends one bit off for some arguments; this cannot.
template <real_scalar T> constexpr T square_root_by_digits(T x) noexcept {
  using unsigned_type = unsigned_of<T>;
  constexpr int mantissa = mantissa_bits<T>;
  constexpr auto hidden = unsigned_type{1} << mantissa;
  unsigned_type digits = to_bits(x) & (hidden - 1);
  int exponent = static_cast<int>(to_bits(x) >> mantissa) - static_cast<int>(exponent_bias<T>);
  if (x >= std::numeric_limits<T>::min()) {
    digits |= hidden;
  } else {
    ++exponent;
    for (; digits < hidden; digits <<= 1) --exponent;
  }
  if (exponent % 2 != 0) {
    digits <<= 1;
    --exponent;
  }
  // One digit more than the result holds decides the rounding; a root is never exactly half way.
  unsigned_type root = 0;
  unsigned_type twice_root = 0;
  digits <<= 1;
  for (unsigned_type digit = hidden << 1; digit != 0; digit >>= 1) {
    const unsigned_type trial = twice_root + digit;
    if (trial <= digits) {
      twice_root = trial + digit;
      digits -= trial;
      root += digit;
    }
    digits <<= 1;
  }
  root = (root + (root & 1)) >> 1;
  const auto biased = static_cast<unsigned_type>(exponent / 2 + static_cast<int>(exponent_bias<T>) - 1);
  return from_bits<T>((biased << mantissa) + root);
}

template <real_scalar T> constexpr T constant_sqrt(T x) noexcept {
  if (x != x || x == 0 || x == infinity<T>) return x;
  if (x < 0) return not_a_number<T>;
  return square_root_by_digits(x);
}

} // namespace detail

/// Square root, 0.5 ulp (the hardware's); -0 stays -0, negative numbers give NaN.
template <number R> FUSEGRAD_INLINE constexpr R sqrt(R x) noexcept {
  if (std::is_constant_evaluated()) {
    if constexpr (real_scalar<R>) return detail::constant_sqrt(x);
  }
  if constexpr (real_scalar<R>) {
    // Through a vector, because the scalar builtin calls the library for negative numbers to set errno.
    constexpr int lanes = 16 / static_cast<int>(sizeof(R));
    return intrinsics::square_root<R, lanes>(intrinsics::native_t<R, lanes>{x})[0];
  } else {
    return R(intrinsics::square_root<typename R::value_type, R::lanes>(x.native));
  }
}

/// 1 / sqrt(x), 1.5 ulp; +-0 gives +-Inf, negative numbers NaN.
template <number R> FUSEGRAD_INLINE constexpr R rsqrt(R x) noexcept {
  using T = value_type_of<R>;
  if (std::is_constant_evaluated()) {
    if constexpr (real_scalar<R>) {
      if (x == 0) return detail::with_sign_of(detail::infinity<T>, x);
      if (!(x > 0)) return detail::not_a_number<T>;
    }
  }
  return R{1} / sqrt(x);
}

} // namespace fusegrad::math::inline FUSEGRAD_ABI
