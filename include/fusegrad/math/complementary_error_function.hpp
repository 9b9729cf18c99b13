// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/math/error_function.hpp>
#include <fusegrad/math/power.hpp>

namespace fusegrad::math::inline FUSEGRAD_ABI {

namespace detail {

template <class T> struct erfc_constants;

template <> struct erfc_constants<float> {
  static constexpr float middle = 2.0F;
  static constexpr float largest = 10.1F; // above it erfc is 0
  // (1 + 2 a) exp(a^2) erfc(a) in (a - middle) / (a + middle), to 2^-26.
  static constexpr float scaled[] = {0x1.46e80ep+0F,   -0x1.7bf604p-4F,  -0x1.540838p-3F, 0x1.4ffb5cp-3F,
                                     -0x1.bc0da4p-5F,  -0x1.07b73cp-7F,  0x1.1b194ep-7F,  0x1.502f42p-10F,
                                     -0x1.480a58p-10F, -0x1.872e48p-12F, 0x1.6b8672p-16F};
};

template <> struct erfc_constants<double> {
  static constexpr double middle = 4.0;
  static constexpr double largest = 28.0;
  // To 2^-56.
  static constexpr double scaled[] = {
      0x1.3ba5916e9fd7fp+0,   -0x1.1df1ad154a29cp-3,  0x1.f7f5df66fd951p-7,   0x1.16ecefcfa6077p-4,
      -0x1.9ddb23c3e98a6p-4,  0x1.7fee004df6263p-4,   -0x1.0fb06dfe46987p-4,  0x1.3079edfa1033fp-5,
      -0x1.0962388367b2fp-6,  0x1.49c671893963fp-8,   -0x1.8d4a9dc0d22f3p-11, -0x1.a1de7c6e9ac9cp-13,
      0x1.3be0b393ee921p-13,  -0x1.996ad056e530bp-16, -0x1.78a43458cca4bp-17, 0x1.7fb88e391a9fep-18,
      0x1.4392983419eddp-22,  -0x1.c05fc977974eap-21, 0x1.0d535fce28f99p-24,  0x1.ef6c0c38d1a2bp-24,
      -0x1.09198a32cd9a9p-27, -0x1.d5bb4c6d5b92dp-27, -0x1.f47207b168acdp-30};
};

/// exp(a^2) erfc(a) for 0 <= a <= `largest`.
template <number R> FUSEGRAD_INLINE constexpr R scaled_erfc(R a) noexcept {
  using constants = erfc_constants<value_type_of<R>>;
  const R place = (a - R{constants::middle}) / (a + R{constants::middle});
  return polynomial(place, constants::scaled) / (R{1} + (a + a));
}

/// erf(x) for |x| <= 1/2, where it is shorter than what follows.
template <number R> FUSEGRAD_INLINE constexpr R erf_near_zero(R x) noexcept {
  return multiply_add(polynomial(rounded(x * x), erf_constants<value_type_of<R>>::small), x, x);
}

} // namespace detail

/// 1 - erf(x), 4 ulp, also where it is small; gradual underflow to 0; erfc(-Inf) = 2, NaN stays.
///
/// Source: the scaled function in (a - k) / (a + k) is M. Shepherd's and J. Laframboise's ("Chebyshev approximation of
/// (1 + 2x) exp(x^2) erfc x", 1981); the coefficients are our own.
template <number R> FUSEGRAD_INLINE constexpr R erfc(R x) noexcept {
  using T = value_type_of<R>;
  if (std::is_constant_evaluated()) {
    if constexpr (real_scalar<R>) {
      if (x != x) return x;
    }
  }
  const R a = detail::at_most(abs(x), R{detail::erfc_constants<T>::largest});
  const R limited = detail::at_least(detail::at_most(x, R{1}), R{-1});
  const auto square = detail::exact_product(a, a);
  const R tail = rounded(detail::exp_below_overflow(-square.high, -square.low) * detail::scaled_erfc(a));
  const R far = select(x < R{0}, R{2} - tail, tail);
  return select(abs(x) < R{T(0.5)}, R{1} - detail::erf_near_zero(limited), far);
}

/// The normal distribution's share below x, 4 ulp, also where it is small; gradual underflow to 0; 0 and 1 at -+Inf,
/// NaN stays.
template <number R> FUSEGRAD_INLINE constexpr R normal_cdf(R x) noexcept {
  using T = value_type_of<R>;
  if (std::is_constant_evaluated()) {
    if constexpr (real_scalar<R>) {
      if (x != x) return x;
    }
  }
  constexpr T root_half = T(0.70710678118654752440);
  const R a = detail::at_most(abs(x), R{detail::erfc_constants<T>::largest / root_half});
  const R limited = detail::at_least(detail::at_most(rounded(x * R{root_half}), R{1}), R{-1});
  const auto square = detail::exact_product(a, a);
  const R scaled = R{T(0.5)} * detail::scaled_erfc(rounded(a * R{root_half}));
  const R tail = rounded(detail::exp_below_overflow(R{T(-0.5)} * square.high, R{T(-0.5)} * square.low) * scaled);
  const R near = R{T(0.5)} + R{T(0.5)} * detail::erf_near_zero(limited);
  return select(abs(x) < R{T(0.7)}, near, select(x > R{0}, R{1} - tail, tail));
}

} // namespace fusegrad::math::inline FUSEGRAD_ABI
