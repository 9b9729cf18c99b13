// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/math/basic.hpp>

namespace fusegrad::math::inline FUSEGRAD_ABI {

namespace detail {

template <class T> struct exp_constants;

template <> struct exp_constants<float> {
  static constexpr float largest = 88.75F; // above it the result is Inf
  static constexpr float largest_finite = 0x1.62e42ep+6F;
  static constexpr float smallest = -104.0F;   // below it the result is 0
  static constexpr float smallest_m1 = -18.0F; // below it exp(x) - 1 is -1
  static constexpr float log2_e = 0x1.715476p+0F;
  static constexpr float ln2_high = 0x1.62e4p-1F; // 15 bits: n * ln2_high is exact without FMA, too
  static constexpr float ln2_low = 0x1.7f7d1cp-20F;
  // (exp(r) - 1 - r) / r^2 on |r| <= ln(2) / 2; minimax for exp(r) - 1 to 2^-31.
  static constexpr float tail[] = {0x1p-1F,        0x1.555554p-3F,  0x1.5554f8p-5F,
                                   0x1.1112d6p-7F, 0x1.6d3a5cp-10F, 0x1.9e77ep-13F};
};

template <> struct exp_constants<double> {
  static constexpr double largest = 709.8;
  static constexpr double largest_finite = 0x1.62e42fefa39efp+9;
  static constexpr double smallest = -746.0;
  static constexpr double smallest_m1 = -38.0;
  static constexpr double log2_e = 0x1.71547652b82fep+0;
  static constexpr double ln2_high = 0x1.62e42feep-1;
  static constexpr double ln2_low = 0x1.a39ef35793c76p-33;
  // The same to 2^-61.
  static constexpr double tail[] = {0x1p-1,
                                    0x1.5555555555559p-3,
                                    0x1.5555555555551p-5,
                                    0x1.111111110f64bp-7,
                                    0x1.6c16c16c18e4ap-10,
                                    0x1.a01a01b00a512p-13,
                                    0x1.a01a019707603p-16,
                                    0x1.71ddf7f824b06p-19,
                                    0x1.27e5005eb6caap-22,
                                    0x1.af5f5e19acc49p-26,
                                    0x1.1f36ac079963cp-29};
};

/// exp(x) = 2^n (1 + m1).
template <number R> struct exp_parts {
  R shifted; ///< n + integer_shift: n stands in the low bits.
  R m1;      ///< exp(r) - 1 for the remainder |r| <= ln(2) / 2.
};

/// Splits exp(x + corrections...) for |x| below about 750 and corrections below its last bit.
template <number R, class... Correction>
FUSEGRAD_INLINE constexpr exp_parts<R> split_exp(R x, Correction... correction) noexcept {
  using T = value_type_of<R>;
  using constants = exp_constants<T>;
  const R shifted = multiply_add(x, R{constants::log2_e}, R{integer_shift<T>});
  const R n = shifted - R{integer_shift<T>};
  const R high = multiply_add(n, R{-constants::ln2_high}, x);
  const R r = (multiply_add(n, R{-constants::ln2_low}, high) + ... + correction);
  return {shifted, multiply_add(rounded(r * r), polynomial(r, constants::tail), r)};
}

/// 2^(n + Offset) for n in the low bits of `shifted`; the result must be a normal number.
template <int Offset, number R> FUSEGRAD_INLINE constexpr R power_of_two(R shifted) noexcept {
  using T = value_type_of<R>;
  constexpr auto bias = static_cast<unsigned_of<T>>(static_cast<int>(exponent_bias<T>) + Offset);
  return from_bits<R>((to_bits(shifted) + bias) << mantissa_bits<T>);
}

/// y * 2^n, rounded once whatever n: overflow to Inf, gradual underflow to 0.
template <number R> FUSEGRAD_INLINE constexpr R scale(R y, R shifted) noexcept {
  using T = value_type_of<R>;
  if constexpr (!real_scalar<R>) {
    if constexpr (intrinsics::has_scale<T, R::lanes>) {
      return R(intrinsics::scale<T, R::lanes>(y.native, (shifted - R{integer_shift<T>}).native));
    }
  }
  // Two factors, because 2^n alone leaves the range before the product does.
  constexpr unsigned_of<T> start = to_bits(integer_shift<T>) - 2 * exponent_bias<T>;
  const auto both = to_bits(shifted) - start;
  const auto first = both >> 1;
  const auto second = both - first;
  if (std::is_constant_evaluated()) {
    if constexpr (real_scalar<R>) {
      const R last = from_bits<R>(second << mantissa_bits<T>);
      if (last > 1 && y * from_bits<R>(first << mantissa_bits<T>) > std::numeric_limits<T>::max() / last)
        return infinity<T>;
    }
  }
  return rounded(y * from_bits<R>(first << mantissa_bits<T>) * from_bits<R>(second << mantissa_bits<T>));
}

/// exp(x + corrections...) for x up to `largest`, or NaN.
template <number R, class... Correction>
FUSEGRAD_INLINE constexpr R exp_below_overflow(R x, Correction... correction) noexcept {
  constexpr auto low = exp_constants<value_type_of<R>>::smallest;
  const exp_parts<R> parts = split_exp(at_least(x, R{low}), correction...);
  return scale(R{1} + parts.m1, parts.shifted);
}

/// exp(x) - 1 for `smallest_m1` <= x <= 0 or NaN, keeping the relative accuracy of small results.
template <number R> FUSEGRAD_INLINE constexpr R expm1_of_negative(R x) noexcept {
  const exp_parts<R> parts = split_exp(x);
  const R power = power_of_two<0>(parts.shifted);
  return multiply_add(power, parts.m1, power - R{1});
}

} // namespace detail

/// e^x, 1 ulp; overflow gives Inf, underflow is gradual, exp(-Inf) = 0, NaN stays.
template <number R> FUSEGRAD_INLINE constexpr R exp(R x) noexcept {
  using T = value_type_of<R>;
  constexpr T high = detail::exp_constants<T>::largest;
  if (std::is_constant_evaluated()) {
    if constexpr (real_scalar<R>) {
      if (x != x) return x;
      if (x > detail::exp_constants<T>::largest_finite) return detail::infinity<T>;
    }
  }
  return detail::exp_below_overflow(detail::at_most(x, R{high}));
}

/// e^x - 1, 2 ulp, also near 0; keeps the sign of zero; overflow gives Inf, expm1(-Inf) = -1, NaN stays.
template <number R> FUSEGRAD_INLINE constexpr R expm1(R x) noexcept {
  using T = value_type_of<R>;
  using constants = detail::exp_constants<T>;
  if (std::is_constant_evaluated()) {
    if constexpr (real_scalar<R>) {
      if (x != x) return x;
      if (x > detail::exp_constants<T>::largest_finite) return detail::infinity<T>;
    }
  }
  const R above = detail::at_least(x, R{constants::smallest_m1});
  const auto parts = detail::split_exp(detail::at_most(above, R{constants::largest}));
  // Half the power, because 2^128 is no float although exp(88.7) is.
  const R half_power = detail::power_of_two<-1>(parts.shifted);
  const R half = multiply_add(half_power, parts.m1, half_power - R{T(0.5)});
  return select(abs(x) < R{T(0x1p-100)}, x, half + half);
}

} // namespace fusegrad::math::inline FUSEGRAD_ABI
