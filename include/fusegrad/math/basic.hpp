// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/math/number.hpp>

namespace fusegrad::math::inline FUSEGRAD_ABI {

/// Magnitude, exact; NaN stays NaN.
template <number R> FUSEGRAD_INLINE constexpr R abs(R x) noexcept {
  constexpr auto bit = detail::sign_bit<value_type_of<R>>;
  return detail::from_bits<R>(detail::to_bits(x) & static_cast<decltype(bit)>(~bit));
}

namespace detail {
/// -|x|, exact.
template <number R> FUSEGRAD_INLINE constexpr R negative_magnitude(R x) noexcept {
  return from_bits<R>(to_bits(x) | sign_bit<value_type_of<R>>);
}
} // namespace detail

/// -1, 0 or 1; a zero and NaN stay what they are.
template <number R> FUSEGRAD_INLINE constexpr R sign(R x) noexcept {
  const auto zero_or_nan = !((x > R{0}) | (x < R{0}));
  return select(zero_or_nan, x, detail::with_sign_of(R{1}, x));
}

/// x * x, 0.5 ulp.
template <number R> FUSEGRAD_INLINE constexpr R square(R x) noexcept { return rounded(x * x); }

/// 1 / x, 0.5 ulp; signed zeros give signed infinities (not in a constant expression, where 0 does not compile).
template <number R> FUSEGRAD_INLINE constexpr R reciprocal(R x) noexcept { return R{1} / x; }

namespace detail {

/// `bound > x ? bound : x`, one instruction; a NaN in `x` stays, `bound` is not NaN.
template <number R> FUSEGRAD_INLINE constexpr R at_least(R x, R bound) noexcept {
  if constexpr (real_scalar<R>)
    return bound > x ? bound : x;
  else
    return R(intrinsics::maximum<typename R::value_type, R::lanes>(bound.native, x.native));
}
/// `bound < x ? bound : x`, one instruction; a NaN in `x` stays, `bound` is not NaN.
template <number R> FUSEGRAD_INLINE constexpr R at_most(R x, R bound) noexcept {
  if constexpr (real_scalar<R>)
    return bound < x ? bound : x;
  else
    return R(intrinsics::minimum<typename R::value_type, R::lanes>(bound.native, x.native));
}

/// The number type of an operation on A and B of which at least one is a number and the other may be any literal.
template <class A, class B> struct common {};
template <number R> struct common<R, R> {
  using type = R;
};
template <number R, class Scalar>
  requires(!std::is_same_v<R, Scalar> && std::is_arithmetic_v<Scalar>)
struct common<R, Scalar> {
  using type = R;
};
template <class Scalar, number R>
  requires(!std::is_same_v<R, Scalar> && std::is_arithmetic_v<Scalar> && !real_scalar<Scalar>)
struct common<Scalar, R> {
  using type = R;
};
template <real_scalar Scalar, real_scalar T, int Lanes> struct common<Scalar, vector<T, Lanes>> {
  using type = vector<T, Lanes>;
};
template <> struct common<float, double> {
  using type = double;
};
template <class A, class B> using common_t = typename common<A, B>::type;

} // namespace detail

/// The larger of two numbers, exact; NaN if either is; the first of two equal ones (so max(-0, 0) is -0).
template <class A, class B, number R = detail::common_t<A, B>> FUSEGRAD_INLINE constexpr R max(A a, B b) noexcept {
  const R bound = static_cast<R>(b);
  return select(bound != bound, bound, detail::at_least(static_cast<R>(a), bound));
}

/// The smaller of two numbers, exact; NaN if either is; the first of two equal ones.
template <class A, class B, number R = detail::common_t<A, B>> FUSEGRAD_INLINE constexpr R min(A a, B b) noexcept {
  const R bound = static_cast<R>(b);
  return select(bound != bound, bound, detail::at_most(static_cast<R>(a), bound));
}

/// x limited to [low, high], exact; NaN in any operand gives NaN; for low > high the result is `high`.
template <number R, class Low, class High> FUSEGRAD_INLINE constexpr R clamp(R x, Low low, High high) noexcept {
  return min(max(x, static_cast<R>(low)), static_cast<R>(high));
}

} // namespace fusegrad::math::inline FUSEGRAD_ABI
