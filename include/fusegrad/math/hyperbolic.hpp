// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/math/exponential.hpp>
#include <fusegrad/math/logarithm.hpp>

namespace fusegrad::math {

/// Hyperbolic tangent, 2 ulp, also near 0; keeps the sign of zero; tanh(+-Inf) = +-1, NaN stays.
template <number R>
[[gnu::always_inline]] constexpr R tanh(R x) noexcept {
  using T = value_type_of<R>;
  if (std::is_constant_evaluated()) {
    if constexpr (real_scalar<R>) {
      if (x != x) return x;
    }
  }
  // tanh(a) = -t / (2 + t) with t = exp(-2 a) - 1. The rational function Eigen uses is as fast and 5 ulp off.
  constexpr T half_range = -detail::exp_constants<T>::smallest_m1 / 2;
  const R a = abs(x);
  const R t = detail::expm1_of_negative(detail::at_most(a, R{half_range}) * R{-2});
  return detail::with_sign_of(t / (R{2} + t), x);
}

/// The logistic function 1 / (1 + exp(-x)), 2 ulp for every x, gradual underflow to 0; NaN stays.
template <number R>
[[gnu::always_inline]] constexpr R sigmoid(R x) noexcept {
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
template <number R>
[[gnu::always_inline]] constexpr R softplus(R x) noexcept {
  if (std::is_constant_evaluated()) {
    if constexpr (real_scalar<R>) {
      if (x != x) return x;
    }
  }
  return max(x, R{0}) + detail::log1p_of_finite(detail::exp_below_overflow(detail::negative_magnitude(x)));
}

}  // namespace fusegrad::math
