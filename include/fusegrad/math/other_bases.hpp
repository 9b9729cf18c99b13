// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/math/power.hpp>

namespace fusegrad::math::inline FUSEGRAD_ABI {

namespace detail {

template <class T> struct base_constants;

template <> struct base_constants<float> {
  static constexpr float largest = 129.0F, smallest = -151.0F; // beyond them 2^x is Inf and 0
  static constexpr float log2_e[] = {0x1.715476p+0F, 0x1.4ae0cp-26F};
  static constexpr float log10_e[] = {0x1.bcb7b2p-2F, -0x1.5b235ep-27F};
  // (2^r - 1) / r for |r| <= 1/2; for 2^r to 2^-39.
  static constexpr float power[] = {0x1.62e43p-1F,   0x1.ebfbep-3F,   0x1.c6b08ep-5F,  0x1.3b2ab8p-7F,
                                    0x1.5d8776p-10F, 0x1.4308c8p-13F, 0x1.00c0e4p-16F, 0x1.63b2d8p-20F};
};

template <> struct base_constants<double> {
  static constexpr double largest = 1025, smallest = -1080;
  static constexpr double log2_e[] = {0x1.71547652b82fep+0, 0x1.777d0ffda0d24p-56};
  static constexpr double log10_e[] = {0x1.bcb7b1526e50ep-2, 0x1.95355baaafad3p-57};
  // To 2^-63.
  static constexpr double power[] = {0x1.62e42fefa39efp-1,  0x1.ebfbdff82c58fp-3,  0x1.c6b08d704a0c6p-5,
                                     0x1.3b2ab6fba4e79p-7,  0x1.5d87fe78a3f9cp-10, 0x1.430912f86b7dbp-13,
                                     0x1.ffcbfc6da6ed1p-17, 0x1.62c02242b879cp-20, 0x1.b524ebd13a55fp-24,
                                     0x1.e4cf10dec0f59p-28, 0x1.e9ec1fcb69a7fp-32, 0x1.c4a29324a1038p-36};
};

/// log(x) times a number given in two parts, so that powers of the base have integers.
template <number R> FUSEGRAD_INLINE constexpr R scaled_log(R x, const value_type_of<R> (&factor)[2]) noexcept {
  using T = value_type_of<R>;
  if (std::is_constant_evaluated()) {
    if constexpr (real_scalar<R>) {
      if (!(x > 0 && x < infinity<T>)) return with_log_limits(x, x);
    }
  }
  const auto log = extended_log(x);
  const auto product = exact_product(log.high, R{factor[0]});
  const R low = multiply_add(log.low, R{factor[0]}, multiply_add(log.high, R{factor[1]}, product.low));
  return with_log_limits(x, product.high + low);
}

} // namespace detail

/// 2^x, 1 ulp, exact for integers; overflow gives Inf, underflow is gradual, exp2(-Inf) = 0, NaN stays.
template <number R> FUSEGRAD_INLINE constexpr R exp2(R x) noexcept {
  using T = value_type_of<R>;
  using constants = detail::base_constants<T>;
  if (std::is_constant_evaluated()) {
    if constexpr (real_scalar<R>) {
      if (x != x) return x;
      if (x >= std::numeric_limits<T>::max_exponent) return detail::infinity<T>;
    }
  }
  const R limited = detail::at_least(detail::at_most(x, R{constants::largest}), R{constants::smallest});
  const R shifted = limited + R{detail::integer_shift<T>};
  const R r = limited - (shifted - R{detail::integer_shift<T>});
  return detail::scale(multiply_add(r, detail::polynomial(r, constants::power), R{1}), shifted);
}

/// Logarithm to the base 2, 1 ulp, exact for powers of 2; limits as for log.
template <number R> FUSEGRAD_INLINE constexpr R log2(R x) noexcept {
  return detail::scaled_log(x, detail::base_constants<value_type_of<R>>::log2_e);
}

/// Logarithm to the base 10, 1 ulp, exact for powers of 10 that are numbers; limits as for log.
template <number R> FUSEGRAD_INLINE constexpr R log10(R x) noexcept {
  return detail::scaled_log(x, detail::base_constants<value_type_of<R>>::log10_e);
}

} // namespace fusegrad::math::inline FUSEGRAD_ABI
