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
template <number R> [[gnu::always_inline]] constexpr R four_times(R x) noexcept { return (x + x) + (x + x); }

} // namespace detail

/// Hyperbolic sine, 2 ulp (double: 2.5), also near 0; keeps the sign of zero; overflow gives +-Inf, NaN stays.
template <number R> [[gnu::always_inline]] constexpr R sinh(R x) noexcept {
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
template <number R> [[gnu::always_inline]] constexpr R cosh(R x) noexcept {
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

/// Hyperbolic tangent, 2 ulp (double: 2.5), also near 0; keeps the sign of zero; tanh(+-Inf) = +-1, NaN stays.
template <number R> [[gnu::always_inline]] constexpr R tanh(R x) noexcept {
  using T = value_type_of<R>;
  if (std::is_constant_evaluated()) {
    if constexpr (real_scalar<R>) {
      if (x != x) return x;
    }
  }
  // tanh(a) = -t / (2 + t) with t = exp(-2 a) - 1; numerator and denominator are rounded once each, which takes 0.6 ulp
  // off. The rational function that others use saves the exponential and is 5 ulp off.
  constexpr T half_range = -detail::exp_constants<T>::smallest_m1 / 2;
  const R a = abs(x);
  const auto parts = detail::split_exp(detail::at_most(a, R{half_range}) * R{-2});
  const R power = detail::power_of_two<0>(parts.shifted);
  const R minus_t = multiply_add(-power, parts.m1, R{1} - power);
  const R two_plus_t = multiply_add(power, parts.m1, R{1} + power);
  return detail::with_sign_of(minus_t / two_plus_t, x);
}

/// The logistic function 1 / (1 + exp(-x)), 2.5 ulp for every x, gradual underflow to 0; NaN stays.
template <number R> [[gnu::always_inline]] constexpr R sigmoid(R x) noexcept {
  if (std::is_constant_evaluated()) {
    if constexpr (real_scalar<R>) {
      if (x != x) return x;
    }
  }
  // exp(-|x|) never overflows; through tanh all relative accuracy would be lost for large negative x.
  const R e = detail::exp_below_overflow(detail::negative_magnitude(x));
  return select(x < R{0}, e, R{1}) / (R{1} + e);
}

/// log(1 + exp(x)) = max(x, 0) + log1p(exp(-|x|)), 2 ulp; no overflow, gradual underflow to 0; NaN stays.
template <number R> [[gnu::always_inline]] constexpr R softplus(R x) noexcept {
  if (std::is_constant_evaluated()) {
    if constexpr (real_scalar<R>) {
      if (x != x) return x;
    }
  }
  return max(x, R{0}) + detail::log1p_of_finite(detail::exp_below_overflow(detail::negative_magnitude(x)));
}

} // namespace fusegrad::math::inline FUSEGRAD_ABI
