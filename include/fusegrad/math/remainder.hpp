// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/math/power.hpp>
#include <fusegrad/math/rounding.hpp>

namespace fusegrad::math::inline FUSEGRAD_ABI {

namespace detail {

/// What division of a >= 0 by b > 0, both finite, leaves: digit by digit, every step exact.
template <real_scalar T> constexpr T remainder_by_digits(T a, T b) noexcept {
  T part = b;
  while (part <= a - part) part += part;
  for (;; part *= T(0.5)) {
    if (a >= part) a -= part;
    if (part == b) return a;
  }
}

template <real_scalar T> constexpr T remainder_of_scalars(T x, T y) noexcept {
  const T a = abs(x), b = abs(y);
  if (x != x || y != y || a == infinity<T> || b == 0) return not_a_number<T>;
  return b == infinity<T> ? x : with_sign_of(remainder_by_digits(a, b), x);
}

template <real_scalar T, int Lanes>
[[gnu::noinline, gnu::cold]] void redo_large_quotients(const vector<T, Lanes>& x, const vector<T, Lanes>& y,
                                                       mask<T, Lanes> is_simple, vector<T, Lanes>& result) noexcept {
  for (int lane = 0; lane < Lanes; ++lane)
    if (!is_simple[lane]) result.native[lane] = remainder_of_scalars(x[lane], y[lane]);
}

} // namespace detail

/// What x / y leaves with the quotient taken towards zero, exact, with the sign of x; fmod(x, +-Inf) = x, an infinite x
/// and y = 0 give NaN.
///
/// Quotients below 2^52 (float: 2^23) without a branch, others digit by digit.
template <number R> FUSEGRAD_INLINE constexpr R fmod(R x, std::type_identity_t<R> y) noexcept {
  using T = value_type_of<R>;
  if (std::is_constant_evaluated()) {
    if constexpr (real_scalar<R>) return detail::remainder_of_scalars(x, y);
  }
  // Beyond it the products of halves that stand in for a fused multiply-add overflow.
  constexpr T largest =
      std::numeric_limits<T>::max() / static_cast<T>(unsigned_of<T>{1} << (detail::mantissa_bits<T> / 2 + 3));
  const R a = abs(x), b = abs(y);
  const R ratio = a / b;
  const auto is_simple = (ratio < R{detail::first_without_fraction<T>}) & (a < R{largest}) & (b < R{largest});
  const R quotient = detail::integer_part(ratio);
  const auto product = detail::exact_product(quotient, b);
  R rest = (a - product.high) - product.low;
  rest = select(rest < R{0}, rest + b, rest); // the quotient was rounded up to an integer
  R result = detail::with_sign_of(rest, x);
  if constexpr (real_scalar<R>) {
    return is_simple ? result : detail::remainder_of_scalars(x, y);
  } else {
    if (any(!is_simple)) [[unlikely]]
      detail::redo_large_quotients(x, y, is_simple, result);
    return result;
  }
}

} // namespace fusegrad::math::inline FUSEGRAD_ABI
