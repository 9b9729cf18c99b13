// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/math/exponential.hpp>
#include <fusegrad/math/logarithm.hpp>

namespace fusegrad::math::inline FUSEGRAD_ABI {

namespace detail {

template <class T> struct hyperbolic_constants;
template <> struct hyperbolic_constants<float> {
  static constexpr float largest_finite = 0x1.65a9f8p+6F; // of sinh and cosh
  static constexpr float largest = 90.0F;                 // there they are Inf
};
template <> struct hyperbolic_constants<double> {
  static constexpr double largest_finite = 0x1.633ce8fb9f87dp+9;
  static constexpr double largest = 711.0;
};

/// An eighth is taken of powers, because e^710 is no number although sinh(710) is.
template <number R> FUSEGRAD_INLINE constexpr R four_times(R x) noexcept { return (x + x) + (x + x); }

} // namespace detail

/// Hyperbolic sine, 2 ulp (double: 2.5), also near 0; keeps the sign of zero; overflow gives +-Inf, NaN stays.
template <number R> FUSEGRAD_INLINE constexpr R sinh(R x) noexcept {
  using T = value_type_of<R>;
  using constants = detail::hyperbolic_constants<T>;
  if (std::is_constant_evaluated()) {
    if constexpr (real_scalar<R>) {
      if (x != x) return x;
      if (abs(x) > constants::largest_finite) return detail::with_sign_of(detail::infinity<T>, x);
    }
  }
  const auto parts = detail::split_exp(detail::at_most(abs(x), R{constants::largest}));
  const R eighth_power = detail::power_of_two<-3>(parts.shifted);
  // (E + E / (1 + E)) / 2 for E = exp(|x|) - 1.
  const R half = detail::four_times(multiply_add(eighth_power, parts.m1, eighth_power - R{T(0.125)}));
  const R limited = detail::at_most(half, R{T(0x1p60)});
  const R result = half + limited / (R{1} + (limited + limited));
  return select(abs(x) < R{T(0x1p-100)}, x, detail::with_sign_of(result, x));
}

/// Hyperbolic cosine, 2 ulp (double: 2.5); overflow gives Inf, NaN stays.
template <number R> FUSEGRAD_INLINE constexpr R cosh(R x) noexcept {
  using T = value_type_of<R>;
  using constants = detail::hyperbolic_constants<T>;
  if (std::is_constant_evaluated()) {
    if constexpr (real_scalar<R>) {
      if (x != x) return x;
      if (abs(x) > constants::largest_finite) return detail::infinity<T>;
    }
  }
  const auto parts = detail::split_exp(detail::at_most(abs(x), R{constants::largest}));
  const R eighth_power = detail::power_of_two<-3>(parts.shifted);
  const R half = detail::four_times(multiply_add(eighth_power, parts.m1, eighth_power));
  return half + R{T(0.25)} / detail::at_most(half, R{T(0x1p60)});
}

namespace detail {

/// (1 - exp(-2 h)) / 2 = h + h^2 (tail[0] + tail[1] h + ...) for |h| <= ln(2) / 4.
template <class T> struct tanh_tail;
template <> struct tanh_tail<float> {
  // Minimax to 2^-26, one number less than that of exp: the rest is rounded more coarsely.
  static constexpr float value[] = {-1.0F, 0x1.5554b6p-1F, -0x1.5555acp-2F, 0x1.122408p-3F, -0x1.6c642ep-5F};
};
template <> struct tanh_tail<double> {
  // r = -2 h: every number is multiplied with a power of two.
  static constexpr const auto& of_r = exp_constants<double>::tail;
  static constexpr double value[] = {of_r[0] * -0x1p1, of_r[1] * 0x1p2,  of_r[2] * -0x1p3,  of_r[3] * 0x1p4,
                                     of_r[4] * -0x1p5, of_r[5] * 0x1p6,  of_r[6] * -0x1p7,  of_r[7] * 0x1p8,
                                     of_r[8] * -0x1p9, of_r[9] * 0x1p10, of_r[10] * -0x1p11};
};

} // namespace detail

/// Hyperbolic tangent, 2 ulp (double: 2.5), also near 0; keeps the sign of zero; tanh(+-Inf) = +-1, NaN stays.
template <number R> FUSEGRAD_INLINE constexpr R tanh(R x) noexcept {
  using T = value_type_of<R>;
  if (std::is_constant_evaluated()) {
    if constexpr (real_scalar<R>) {
      if (x != x) return x;
    }
  }
  // tanh(a) = -t / (2 + t) with t = exp(-2 a) - 1; numerator and denominator are rounded once each, which takes 0.6 ulp
  // off. The rational function that others use saves the exponential and is 5 ulp off. -2 a = n ln(2) - 2 h: what is
  // not a power of two is computed of h, so that nothing is doubled, and n stands before numbers that 2^n makes small,
  // so that one multiplication of it is enough where that rounds once.
  using constants = detail::exp_constants<T>;
  constexpr T half_range = -constants::smallest_m1 / 2;
  const R a = detail::at_most(abs(x), R{half_range});
  // The exponent of 2^(n + 1) stands in the low bits already.
  constexpr T shift = detail::integer_shift<T> + static_cast<T>(detail::exponent_bias<T>) + 1;
  const R shifted = multiply_add(a, R{-2 * constants::log2_e}, R{shift});
  const R n = shifted - R{shift};
  R h{};
  if constexpr (has_fma)
    h = multiply_add(n, R{(constants::ln2_high + constants::ln2_low) / 2}, a);
  else
    h = multiply_add(n, R{constants::ln2_low / 2}, multiply_add(n, R{constants::ln2_high / 2}, a));
  const R square = rounded(h * h);
  const auto& tail = detail::tanh_tail<T>::value;
  R sum{};
  if constexpr (has_fma && std::is_same_v<T, float>) // a net that waits for one number waits four cycles less
    sum = multiply_add(multiply_add(R{tail[4]}, square, multiply_add(R{tail[3]}, h, R{tail[2]})), square,
                       multiply_add(R{tail[1]}, h, R{tail[0]}));
  else
    sum = detail::polynomial(h, tail);
  const R minus_half_m1 = multiply_add(square, sum, h);
  const R two_powers = detail::from_bits<R>(detail::to_bits(shifted) << detail::mantissa_bits<T>);
  const R minus_t = multiply_add(two_powers, minus_half_m1, multiply_add(two_powers, R{T(-0.5)}, R{1}));
  const R two_plus_t = multiply_add(-two_powers, minus_half_m1, multiply_add(two_powers, R{T(0.5)}, R{1}));
  // The quotient has no sign of its own.
  return detail::from_bits<R>(detail::to_bits(minus_t / two_plus_t) | (detail::to_bits(x) & detail::sign_bit<T>));
}

namespace detail {

/// As in `exp_constants`, with the same error as that of `tanh_tail`, of whose argument r is -2 times.
template <class T> struct short_exp_tail;
template <> struct short_exp_tail<float> {
  static constexpr float value[] = {0x1p-1F, 0x1.5554b6p-3F, 0x1.5555acp-5F, 0x1.122408p-7F, 0x1.6c642ep-10F};
};
template <> struct short_exp_tail<double> {
  static constexpr const auto& value = exp_constants<double>::tail;
};

} // namespace detail

/// The logistic function 1 / (1 + exp(-x)), 2.5 ulp for every x, gradual underflow to 0; NaN stays.
template <number R> FUSEGRAD_INLINE constexpr R sigmoid(R x) noexcept {
  using T = value_type_of<R>;
  using constants = detail::exp_constants<T>;
  if (std::is_constant_evaluated()) {
    if constexpr (real_scalar<R>) {
      if (x != x) return x;
    }
  }
  // exp(-x) = 2^n (1 + m1) would overflow: numerator and denominator are multiplied with 2^-(n/2). Through tanh all
  // relative accuracy would be lost for large negative x.
  const R limited = detail::at_most(detail::at_least(x, R{constants::smallest}), R{-constants::smallest});
  // Twice the bias of an exponent stands in the low bits already; nothing above them reaches the exponent of a half.
  constexpr auto bias = detail::exponent_bias<T>;
  constexpr T shift = detail::integer_shift<T> + static_cast<T>(2 * bias);
  const R shifted = multiply_add(limited, R{-constants::log2_e}, R{shift});
  const R n = shifted - R{shift};
  const R r = multiply_add(n, R{-constants::ln2_low}, multiply_add(n, R{-constants::ln2_high}, -limited));
  const R square = rounded(r * r);
  const auto& tail = detail::short_exp_tail<T>::value;
  R sum{};
  if constexpr (has_fma && std::is_same_v<T, float>) // shorter than one step after the other
    sum = multiply_add(multiply_add(R{tail[4]}, square, multiply_add(R{tail[3]}, r, R{tail[2]})), square,
                       multiply_add(R{tail[1]}, r, R{tail[0]}));
  else
    sum = detail::polynomial(r, tail);
  const R m1 = multiply_add(square, sum, r);
  const auto both = detail::to_bits(shifted), half = both >> 1;
  const R one = detail::from_bits<R>((2 * bias - half) << detail::mantissa_bits<T>);
  const R power = detail::from_bits<R>((both - half) << detail::mantissa_bits<T>);
  return one / multiply_add(power, m1, one + power);
}

/// log(1 + exp(x)) = max(x, 0) + log1p(exp(-|x|)), 2 ulp; no overflow, gradual underflow to 0; NaN stays.
template <number R> FUSEGRAD_INLINE constexpr R softplus(R x) noexcept {
  if (std::is_constant_evaluated()) {
    if constexpr (real_scalar<R>) {
      if (x != x) return x;
    }
  }
  return max(x, R{0}) + detail::log1p_of_finite(detail::exp_below_overflow(detail::negative_magnitude(x)));
}

} // namespace fusegrad::math::inline FUSEGRAD_ABI
