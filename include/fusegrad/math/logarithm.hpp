// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/math/basic.hpp>

namespace fusegrad::math::inline FUSEGRAD_ABI {

namespace detail {

template <class T> struct log_constants;

template <> struct log_constants<float> {
  static constexpr std::uint32_t sqrt_half = 0x3f3504f3U;
  static constexpr float denormal_shift = 24;
  static constexpr float ln2_high = 0x1.62e4p-1F;
  static constexpr float ln2_low = 0x1.7f7d1cp-20F;
  // (log(1 + f) - f + f^2 / 2) / f^3 for sqrt(1/2) <= 1 + f <= sqrt(2); minimax for the logarithm to 2^-30.
  static constexpr float tail[] = {0x1.555548p-2F,  -0x1.000008p-2F, 0x1.99a48p-3F,   -0x1.555b94p-3F, 0x1.2339f4p-3F,
                                   -0x1.fc3b2ap-4F, 0x1.e6ecep-4F,   -0x1.ddb75ep-4F, 0x1.13bcccp-4F};
};

template <> struct log_constants<double> {
  static constexpr std::uint64_t sqrt_half = 0x3fe6a09e667f3bcdU;
  static constexpr double denormal_shift = 54;
  static constexpr double ln2_high = 0x1.62e42feep-1;
  static constexpr double ln2_low = 0x1.a39ef35793c76p-33;
  // (log((1 + s) / (1 - s)) - 2 s) / s^3 in z = s^2, the form of FreeBSD's e_log.c; to 2^-58.
  static constexpr double tail[] = {0x1.5555555555593p-1, 0x1.999999997f9fdp-2, 0x1.2492494229db1p-2,
                                    0x1.c71c51d83a61dp-3, 0x1.746649960b1fcp-3, 0x1.39a0986ceb712p-3,
                                    0x1.2f115f8f83a35p-3};
};

/// Added to an exponent k it makes an unsigned number: k >= -128 (float), -1024 (double).
template <class T> inline constexpr unsigned_of<T> exponent_shift = exponent_bias<T> + 1;

/// Bits that hold k + exponent_shift above the mantissa, where x = 2^k m with sqrt(1/2) <= m < sqrt(2).
template <number R> FUSEGRAD_INLINE constexpr bits_of<R> shifted_exponent(R x) noexcept {
  using T = value_type_of<R>;
  return to_bits(x) + ((exponent_shift<T> << mantissa_bits<T>)-log_constants<T>::sqrt_half);
}

/// k of shifted_exponent as a number, less `offset`.
template <number R> FUSEGRAD_INLINE constexpr R exponent_number(bits_of<R> shifted, R offset = R{0}) noexcept {
  using T = value_type_of<R>;
  // The integer put into the low bits of 2^mantissa_bits: no conversion, which AVX2 lacks for 64 bits.
  constexpr T base = static_cast<T>(unsigned_of<T>{1} << mantissa_bits<T>);
  const R number = from_bits<R>((shifted >> mantissa_bits<T>) | to_bits(base));
  return number - (R{base + static_cast<T>(exponent_shift<T>)} + offset);
}

/// m of shifted_exponent.
template <number R> FUSEGRAD_INLINE constexpr R reduced_mantissa(bits_of<R> shifted) noexcept {
  using T = value_type_of<R>;
  constexpr auto mantissa = static_cast<unsigned_of<T>>((unsigned_of<T>{1} << mantissa_bits<T>)-1);
  return from_bits<R>((shifted & mantissa) + log_constants<T>::sqrt_half);
}

/// x * factor where the condition holds, else x. A constant expression may not compute the product of a large x.
template <number R, class Condition>
FUSEGRAD_INLINE constexpr R times_where(Condition condition, R x, R factor) noexcept {
  if (std::is_constant_evaluated()) {
    if constexpr (real_scalar<R>) return condition ? x * factor : x;
  }
  return select(condition, rounded(x * factor), x);
}

/// log(1 + f) + k log(2) for sqrt(1/2) <= 1 + f <= sqrt(2).
template <number R> FUSEGRAD_INLINE constexpr R log_of_parts(R f, R k) noexcept {
  using T = value_type_of<R>;
  using constants = log_constants<T>;
  const R low = rounded(k * R{constants::ln2_low});
  if constexpr (std::is_same_v<T, float>) {
    const R square = rounded(f * f);
    const R cubic = multiply_add(rounded(f * square), polynomial(f, constants::tail), low);
    return multiply_add(k, R{constants::ln2_high}, f + multiply_add(square, R{T(-0.5)}, cubic));
  } else {
    const R s = f / (R{2} + f);
    const R z = rounded(s * s);
    const R half_square = rounded(rounded(f * R{T(0.5)}) * f);
    const R tail = multiply_add(s, multiply_add(z, polynomial(z, constants::tail), half_square), low);
    return multiply_add(k, R{constants::ln2_high}, f - (half_square - tail));
  }
}

/// log(1 + x) for x > -1, finite.
template <number R> FUSEGRAD_INLINE constexpr R log1p_of_finite(R x) noexcept {
  using T = value_type_of<R>;
  const auto shifted = shifted_exponent(R{1} + x);
  // f = (1 + x) 2^-k - 1 without the rounding of 1 + x; 2^(2 - k) stays a normal number where 2^-k does not.
  constexpr unsigned_of<T> field = exponent_bias<T> + 2 + exponent_shift<T>;
  const R power = from_bits<R>((field - (shifted >> mantissa_bits<T>)) << mantissa_bits<T>);
  const R f = multiply_add(rounded(x * power), R{T(0.25)}, multiply_add(power, R{T(0.25)}, R{-1}));
  return log_of_parts(f, exponent_number<R>(shifted));
}

/// `result` for 0 < y < Inf, else the limit of log(y), or NaN below 0; `y` itself if it is Inf or NaN.
template <number R> FUSEGRAD_INLINE constexpr R with_log_limits(R y, R result) noexcept {
  using T = value_type_of<R>;
  const R special = select(y == R{0}, R{-infinity<T>}, select(y < R{0}, R{not_a_number<T>}, y));
  return select((y > R{0}) & (y < R{infinity<T>}), result, special);
}

} // namespace detail

/// Natural logarithm, 1 ulp, denormals included; log(+-0) = -Inf, negative numbers give NaN, Inf and NaN stay.
template <number R> FUSEGRAD_INLINE constexpr R log(R x) noexcept {
  using T = value_type_of<R>;
  if (std::is_constant_evaluated()) {
    if constexpr (real_scalar<R>) {
      if (!(x > 0 && x < detail::infinity<T>)) return detail::with_log_limits(x, x);
    }
  }
  constexpr T shift = detail::log_constants<T>::denormal_shift;
  constexpr auto power = static_cast<T>(unsigned_of<T>{1} << static_cast<int>(shift));
  const auto denormal = x < R{std::numeric_limits<T>::min()};
  const auto bits = detail::shifted_exponent(detail::times_where(denormal, x, R{power}));
  const R k = detail::exponent_number(bits, select(denormal, R{shift}, R{0}));
  return detail::with_log_limits(x, detail::log_of_parts(detail::reduced_mantissa<R>(bits) - R{1}, k));
}

/// log(1 + x), 1.5 ulp, also near 0; keeps the sign of zero; log1p(-1) = -Inf, below it NaN, Inf and NaN stay.
template <number R> FUSEGRAD_INLINE constexpr R log1p(R x) noexcept {
  using T = value_type_of<R>;
  if (std::is_constant_evaluated()) {
    if constexpr (real_scalar<R>) {
      if (!(x > -1 && x < detail::infinity<T>)) return detail::with_log_limits(1 + x, x);
    }
  }
  const R result = detail::with_sign_of(detail::log1p_of_finite(x), x);
  const R y = R{1} + x;
  return select(x > R{-1}, select(x < R{detail::infinity<T>}, result, x), detail::with_log_limits(y, y));
}

} // namespace fusegrad::math::inline FUSEGRAD_ABI
