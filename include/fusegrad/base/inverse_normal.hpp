// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <fusegrad/base/config.hpp>

namespace fusegrad::base {

namespace detail {

/// Natural logarithm of a normal, positive double, within 2 ulp; a constant expression, and independent of
/// libm, whose variants differ from one processor to the next.
constexpr double portable_log(double x) noexcept {
  const auto bits = std::bit_cast<std::uint64_t>(x);
  int exponent = static_cast<int>(bits >> 52) - 1023;
  double mantissa = std::bit_cast<double>((bits & 0x000FFFFFFFFFFFFFu) | 0x3FF0000000000000u);
  if (mantissa > 1.4142135623730951) {
    mantissa /= 2;
    ++exponent;
  }
  const double s = (mantissa - 1) / (mantissa + 1);
  const double square = s * s;
  double series = 0;
  for (int odd = 23; odd >= 3; odd -= 2) series = (series + 1.0 / odd) * square;
  return exponent * 0.69314718055994530942 + 2 * (s + s * series);
}

/// Square root of a number between 1 and 100 by Newton's method, which comes down from above until it stands
/// still.
constexpr double portable_sqrt(double x) noexcept {
  double root = (x + 1) / 2;
  for (int step = 0; step < 16; ++step) {
    const double next = 0.5 * (root + x / root);
    if (next >= root) return root;
    root = next;
  }
  return root;
}

/// A polynomial by Horner's rule, the coefficient of the highest power first.
template <std::size_t Count> constexpr double polynomial(const double (&coefficients)[Count], double x) noexcept {
  double value = 0;
  for (const double coefficient : coefficients) value = value * x + coefficient;
  return value;
}

constexpr double quantile_tail(double r) noexcept {
  constexpr double above[] = {7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1,
                              1.27045825245236838258e+0, 3.64784832476320460504e+0, 5.76949722146069140550e+0,
                              4.63033784615654529590e+0, 1.42343711074968357734e+0};
  constexpr double below[] = {
      1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2, 1.48103976427480074590e-1,
      6.89767334985100004550e-1, 1.67638483018380384940e+0, 2.05319162663775882187e+0, 1.0};
  return polynomial(above, r) / polynomial(below, r);
}

constexpr double quantile_far_tail(double r) noexcept {
  constexpr double above[] = {2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3,
                              2.65321895265761230930e-2, 2.96560571828504891230e-1, 1.78482653991729133580e+0,
                              5.46378491116411436990e+0, 6.65790464350110377720e+0};
  constexpr double below[] = {
      2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5, 7.86869131145613259100e-4,
      1.48753612908506148525e-2,  1.36929880922735805310e-1, 5.99832206555887937690e-1, 1.0};
  return polynomial(above, r) / polynomial(below, r);
}

} // namespace detail

/// The quantile of the standard normal distribution for a probability in (0, 1), relative error about 1e-15.
/// Source: Wichura, algorithm AS 241 (PPND16), Applied Statistics 37 (1988) 477-484.
constexpr double inverse_normal(double probability) noexcept {
  const double q = probability - 0.5;
  if (q >= -0.425 && q <= 0.425) {
    constexpr double above[] = {2.5090809287301226727e+3, 3.3430575583588128105e+4, 6.7265770927008700853e+4,
                                4.5921953931549871457e+4, 1.3731693765509461125e+4, 1.9715909503065514427e+3,
                                1.3314166789178437745e+2, 3.3871328727963666080e+0};
    constexpr double below[] = {
        5.2264952788528545610e+3, 2.8729085735721942674e+4, 3.9307895800092710610e+4, 2.1213794301586595867e+4,
        5.3941960214247511077e+3, 6.8718700749205790830e+2, 4.2313330701600911252e+1, 1.0};
    const double r = 0.180625 - q * q;
    return q * detail::polynomial(above, r) / detail::polynomial(below, r);
  }
  const double tail = q < 0 ? probability : 1 - probability;
  const double root = detail::portable_sqrt(-detail::portable_log(tail));
  const double magnitude = root <= 5 ? detail::quantile_tail(root - 1.6) : detail::quantile_far_tail(root - 5);
  return q < 0 ? -magnitude : magnitude;
}

} // namespace fusegrad::base
