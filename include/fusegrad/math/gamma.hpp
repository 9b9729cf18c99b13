// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/math/logarithm.hpp>
#include <fusegrad/math/rounding.hpp>
#include <fusegrad/math/trigonometric.hpp>

namespace fusegrad::math::inline FUSEGRAD_ABI {

namespace detail {

template <class T> struct gamma_constants;

template <> struct gamma_constants<float> {
  static constexpr float log_pi = 0x1.250d04p+0F;
  static constexpr float stirling = 0x1.acfe3ap-2F; // log(2 pi) / 2 - 1 / 2
  static constexpr float largest = 4.08e36F;        // above it the result is Inf
  // log(gamma(2 + t)) / t for |t| <= 1/2, to 2^-31.
  static constexpr float near_two[] = {0x1.b0ee6p-2F,    0x1.4a34ccp-2F, -0x1.13dffcp-4F,  0x1.513222p-6F,
                                       -0x1.e40f7p-8F,   0x1.7ae6fep-9F, -0x1.36ddb8p-10F, 0x1.098f94p-11F,
                                       -0x1.0a2582p-12F, 0x1.dbf084p-14F};
  // What Stirling's formula lacks, times x, in 1 / x^2 for x >= 8; to 2^-34.
  static constexpr float tail[] = {0x1.555556p-4F, -0x1.6c1418p-9F, 0x1.98f66p-11F};
};

template <> struct gamma_constants<double> {
  static constexpr double log_pi = 0x1.250d048e7a1bdp+0;
  static constexpr double stirling = 0x1.acfe390c97d69p-2;
  static constexpr double largest = 2.55e305;
  // To 2^-61 and 2^-60.
  static constexpr double near_two[] = {
      0x1.b0ee6072093cep-2,   0x1.4a34cc4a60fa6p-2,  -0x1.13e001a55760ap-4,  0x1.51322ac7d848ap-6,
      -0x1.e404fc218dbaep-8,  0x1.7add6eadb5317p-9,  -0x1.38ac5c2d48207p-10, 0x1.0b36af8779cap-11,
      -0x1.d3fd4b679c1c4p-13, 0x1.a127afee53e7dp-14, -0x1.78de9ab752b81p-15, 0x1.580e0afa5585p-16,
      -0x1.3cb3be36ad88bp-17, 0x1.258f3057730fap-18, -0x1.1276ebd557fbp-19,  0x1.012012be3900ap-20,
      -0x1.ce17528bcf46p-22,  0x1.b40adb09a1e12p-23, -0x1.2009c1a550d0dp-23, 0x1.11fa5e7c86f7bp-24};
  static constexpr double tail[] = {0x1.5555555555555p-4,   -0x1.6c16c16c149e6p-9, 0x1.a01a017dc870dp-11,
                                    -0x1.38134d496690ap-11, 0x1.b92c316ca8adbp-11, -0x1.ef8d3368b8f5bp-10,
                                    0x1.4bfe89b51fcbep-8};
};

/// log(gamma(x)) for x > 0, Inf included. Below 8 the product of the steps to [1.5, 2.5) takes the place of x in the
/// logarithm; at 1 the two terms are of one sign and size as at 2, so all digits are kept.
template <number R> FUSEGRAD_INLINE constexpr R log_gamma_of_positive(R x) noexcept {
  using T = value_type_of<R>;
  using constants = gamma_constants<T>;
  const auto is_large = x >= R{8};
  const auto is_low = x < R{T(0.5)};
  const auto is_below = x < R{T(1.5)};
  R y = at_most(x, R{8});
  // Of y, which is x there: the product of a large x overflows, which no constant expression may.
  R product = select(is_low, y * (y + R{1}), select(is_below, y, R{1}));
  for (int i = 0; i < 6; ++i) {
    const auto is_above = y >= R{T(2.5)};
    y = select(is_above, y - R{1}, y);
    product = select(is_above, rounded(product * y), product);
  }
  const R t = select(is_low, x, select(is_below, x - R{1}, y - R{2}));
  const R logarithm = log(select(is_large, x, product));
  const R small = multiply_add(t, polynomial(t, constants::near_two), select(is_below, -logarithm, logarithm));
  const R inverse = R{1} / at_least(x, R{1});
  const R tail = multiply_add(inverse, polynomial(rounded(inverse * inverse), constants::tail), R{constants::stirling});
  const R large = multiply_add(at_least(x, R{1}) - R{T(0.5)}, logarithm - R{1}, tail);
  return select(is_large, large, small);
}

/// sin(pi x) for a number x from 0 to 1.
template <number R> FUSEGRAD_INLINE constexpr R sine_of_half_turns(R x) noexcept {
  using T = value_type_of<R>;
  const R shifted = x + x + R{integer_shift<T>};
  const R rest = x - R{T(0.5)} * (shifted - R{integer_shift<T>});
  return sine_of_parts(to_bits(shifted), rounded(rest * R{T(3.14159265358979323846)}));
}

/// log(pi / (a |sin(pi a)|)) for a > 0: what log(gamma(-a)) and log(gamma(a)) add up to. Inf for integers.
template <number R> FUSEGRAD_INLINE constexpr R log_gamma_reflected(R a) noexcept {
  using T = value_type_of<R>;
  const R fraction = a - trunc(a);
  const R sine = abs(sine_of_half_turns(fraction));
  const R logarithm = log(select(fraction == R{0}, R{1}, a * sine));
  return select(fraction == R{0}, R{infinity<T>}, R{gamma_constants<T>::log_pi} - logarithm);
}

} // namespace detail

/// The logarithm of |gamma(x)|, 5 ulp for x > 0, denormals included; for x < 0 as many of the larger of 1 and the terms
/// of the reflection formula, because there it has zeros of its own. Inf at 0, negative integers and +-Inf; NaN stays.
template <number R> FUSEGRAD_INLINE constexpr R lgamma(R x) noexcept {
  using T = value_type_of<R>;
  const R a = abs(x);
  if (std::is_constant_evaluated()) {
    if constexpr (real_scalar<R>) {
      if (x != x) return x;
      if (a > detail::gamma_constants<T>::largest || x == 0) return detail::infinity<T>;
    }
  }
  const R positive = detail::log_gamma_of_positive(a);
  // Next to 0 it is -log(|x|) on both sides, and the product in the reflection would underflow.
  const auto is_reflected = x < R{T(-0x1p-60)};
  using detail::any;
  if (!any(is_reflected)) return positive;
  const R finite = detail::log_gamma_reflected(detail::at_most(a, R{detail::gamma_constants<T>::largest}));
  const R reflected = select(finite < R{detail::infinity<T>}, finite - positive, finite);
  return select(is_reflected, reflected, positive);
}

} // namespace fusegrad::math::inline FUSEGRAD_ABI
