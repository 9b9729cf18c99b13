// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/math/exponential.hpp>

namespace fusegrad::math::inline FUSEGRAD_ABI {

namespace detail {

template <class T> struct erf_constants;

template <> struct erf_constants<float> {
  static constexpr float border = 0.93F;
  static constexpr float largest = 4.0F; // above it the result is 1
  // erf(x) / x - 1 in x^2 below the border, to 2^-30.
  static constexpr float small[] = {0x1.06eba8p-3F, -0x1.81274p-2F,   0x1.ce2d64p-4F, -0x1.b8011ap-6F,
                                    0x1.544a1ap-8F, -0x1.a60a2ep-11F, 0x1.4f676p-14F};
  // log(erfc(x)) / x + 1 above it, to 2^-31.
  static constexpr float large[] = {-0x1.0748a8p-3F, -0x1.456dc8p-1F, -0x1.af5498p-4F, 0x1.74395p-6F,
                                    -0x1.83a6ccp-9F, 0x1.f29eb4p-15F, 0x1.6e3d2ep-15F, -0x1.40dffp-18F};
};

template <> struct erf_constants<double> {
  static constexpr double border = 1.0;
  static constexpr double largest = 6.0;
  static constexpr double small[] = {0x1.06eba8214db69p-3,   -0x1.812746b037a25p-2,  0x1.ce2f21a0458e6p-4,
                                     -0x1.b82ce313555c4p-6,  0x1.565bcd2c83fdfp-8,   -0x1.c02db93b01e48p-11,
                                     0x1.f9a3ba7009702p-14,  -0x1.f4dd0a9491f92p-17, 0x1.ba6a86fd9155dp-20,
                                     -0x1.639e80623184ep-23, 0x1.1371f284531eep-26,  -0x1.c6dc0c26e5e49p-30,
                                     0x1.3ebafff40042cp-33};
  static constexpr double large[] = {
      -0x1.06ebacbef5160p-3,  -0x1.45f2f90c14e56p-1,  -0x1.a4f75016e0f40p-4,  0x1.3988a38ceb4cdp-6,
      0x1.8cb31d8e2fe9ep-13,  -0x1.b302f12527af1p-10, 0x1.1a0b75940592ap-11,  0x1.11e4ef254aafbp-15,
      -0x1.eb2a5d99c5134p-14, 0x1.1c5345325c0efp-14,  -0x1.aafbfd28e4507p-16, 0x1.dfa7e216f7cdbp-18,
      -0x1.a2a25cca31626p-20, 0x1.1d275816ba614p-22,  -0x1.2ad5140d5430ap-25, 0x1.d26b1fe8010bep-29,
      -0x1.ff091ee4b0e74p-33, 0x1.5ebe1b038414fp-37,  -0x1.c5b6453d01f0cp-43};
};

} // namespace detail

/// Error function 2 / sqrt(pi) times the integral of exp(-t^2) from 0 to x, 1.5 ulp; keeps the sign of zero; erf(+-Inf)
/// = +-1, NaN stays.
///
/// Source: the split into x P(x^2) and 1 - exp(Q(|x|)) is N. Juffa's; the coefficients are our own.
template <number R> FUSEGRAD_INLINE constexpr R erf(R x) noexcept {
  using constants = detail::erf_constants<value_type_of<R>>;
  if (std::is_constant_evaluated()) {
    if constexpr (real_scalar<R>) {
      if (x != x) return x;
    }
  }
  const R a = detail::at_most(abs(x), R{constants::largest});
  const R exponent = multiply_add(detail::polynomial(a, constants::large), a, -a);
  const R large = -detail::expm1_of_negative(select(a < R{constants::border}, R{-1}, exponent));
  const R small = multiply_add(detail::polynomial(rounded(a * a), constants::small), a, a);
  return detail::with_sign_of(select(a < R{constants::border}, small, large), x);
}

} // namespace fusegrad::math::inline FUSEGRAD_ABI
