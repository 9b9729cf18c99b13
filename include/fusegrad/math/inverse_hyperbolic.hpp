// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/math/logarithm.hpp>
#include <fusegrad/math/square_root.hpp>

namespace fusegrad::math::inline FUSEGRAD_ABI {

namespace detail {

/// Above it sqrt(x^2 + 1) is x, and the square is far from overflow.
template <class T> inline constexpr T far_from_one = std::is_same_v<T, float> ? T(0x1p30) : T(0x1p60);

/// log(1 + x) where `is_far`, doubled: log(2 x).
template <number R, class Condition> FUSEGRAD_INLINE constexpr R log1p_of_twice(Condition is_far, R x) noexcept {
  return log1p(x) + select(is_far, R{value_type_of<R>(0.69314718055994530942)}, R{0});
}

} // namespace detail

/// The inverse of sinh, 3 ulp, also near 0; keeps the sign of zero; Inf and NaN stay.
template <number R> FUSEGRAD_INLINE constexpr R asinh(R x) noexcept {
  using T = value_type_of<R>;
  if (std::is_constant_evaluated()) {
    if constexpr (real_scalar<R>) {
      if (x != x) return x;
    }
  }
  const R a = abs(x), limited = detail::at_most(a, R{detail::far_from_one<T>});
  const auto is_far = a > R{detail::far_from_one<T>};
  const R square = rounded(limited * limited);
  const R near = limited + square / (R{1} + sqrt(R{1} + square));
  return detail::with_sign_of(detail::log1p_of_twice(is_far, select(is_far, a, near)), x);
}

/// The inverse of cosh, 3 ulp, also near 1; below 1 it is NaN, Inf and NaN stay.
template <number R> FUSEGRAD_INLINE constexpr R acosh(R x) noexcept {
  using T = value_type_of<R>;
  if (std::is_constant_evaluated()) {
    if constexpr (real_scalar<R>) {
      if (!(x >= 1)) return detail::not_a_number<T>;
    }
  }
  const R above = x - R{1}, limited = detail::at_most(above, R{detail::far_from_one<T>});
  const auto is_far = above > R{detail::far_from_one<T>};
  const R near = limited + sqrt(multiply_add(limited, limited, limited + limited));
  const R result = detail::log1p_of_twice(is_far, select(is_far, above, near));
  return select(x >= R{1}, result, R{detail::not_a_number<T>});
}

/// The inverse of tanh, 3 ulp, also near 0; keeps the sign of zero; +-Inf at +-1, beyond it NaN.
template <number R> FUSEGRAD_INLINE constexpr R atanh(R x) noexcept {
  using T = value_type_of<R>;
  const R a = abs(x);
  if (std::is_constant_evaluated()) {
    if constexpr (real_scalar<R>) {
      if (!(a < 1)) return a == 1 ? detail::with_sign_of(detail::infinity<T>, x) : detail::not_a_number<T>;
    }
  }
  // log((1 + a) / (1 - a)) = log1p(2 a + 2 a^2 / (1 - a)): the first term alone has all digits where a is small.
  const auto is_small = a < R{T(0.5)};
  const R twice = a + a;
  const R ratio = select(is_small, rounded(twice * a), twice) / (R{1} - a);
  const R result = R{T(0.5)} * log1p(select(is_small, twice + ratio, ratio));
  return detail::with_sign_of(result, x);
}

} // namespace fusegrad::math::inline FUSEGRAD_ABI
