// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/math/gamma.hpp>
#include <fusegrad/math/power.hpp>

namespace fusegrad::math::inline FUSEGRAD_ABI {

/// The highest order of `polygamma`: its factorial is a float.
inline constexpr int largest_polygamma = 30;

namespace detail {

template <class T> struct digamma_constants;

template <> struct digamma_constants<float> {
  static constexpr float root[] = {0x1.762d86p+0F, 0x1.ab5f2p-27F}; // the positive zero in two parts
  // digamma(1.625 + t) / (1.625 + t - root) for 1 <= 1.625 + t <= 2.25, to 2^-30.
  static constexpr float near_root[] = {0x1.cd9d88p-1F, -0x1.7aa648p-2F, 0x1.8ab0d8p-3F, -0x1.bf466ap-4F,
                                        0x1.0738ccp-4F, -0x1.3bb23ep-5F, 0x1.7edb4ap-6F, -0x1.d928a6p-7F,
                                        0x1.21aa12p-7F, -0x1.2faaa8p-8F, 0x1.74eaa2p-9F, -0x1.b906dap-9F,
                                        0x1.0f41e6p-9F};
  // x^2 (log(x) - 1 / (2 x) - digamma(x)) in 1 / x^2 for x >= 8; to 2^-37.
  static constexpr float tail[] = {0x1.555556p-4F, -0x1.110c74p-7F, 0x1.fbb7dap-9F};
};

template <> struct digamma_constants<double> {
  static constexpr double root[] = {0x1.762d86356be3fp+0, 0x1.b86a722197829p-54};
  // To 2^-58 and 2^-63.
  static constexpr double near_root[] = {
      0x1.cd9d88c399e19p-1,  -0x1.7aa649cce5856p-2,  0x1.8ab0d9438dfacp-3,  -0x1.bf4556b33bd2fp-4,
      0x1.0738222bc672bp-4,  -0x1.3bdd9fa2ad6c5p-5,  0x1.7f10ac38cfc9ep-6,  -0x1.d35ab38a09027p-7,
      0x1.1e17d3b9cb0abp-7,  -0x1.5efe395101419p-8,  0x1.af26ee9a83cefp-9,  -0x1.0902f1f417704p-9,
      0x1.45edf49cf5f4ep-10, -0x1.90ddab48eca7ep-11, 0x1.ed3c881030509p-12, -0x1.30900d0c808c5p-12,
      0x1.76ce8ec2c5bfbp-13, -0x1.bcf02b4f97d91p-14, 0x1.11cbf20be6476p-14, -0x1.a3209529c4628p-15,
      0x1.01ebcfc85d32cp-15, -0x1.a85002c1c4615p-19, 0x1.051bb7e7e0c6fp-19, -0x1.0a3792b4873d9p-16,
      0x1.47a6c1aeafa7bp-17};
  static constexpr double tail[] = {0x1.5555555555555p-4,  -0x1.11111111095b2p-7, 0x1.041040c61c368p-8,
                                    -0x1.1110b334b6919p-8, 0x1.f037dab4b14fbp-8,  -0x1.531d6c1b49177p-6,
                                    0x1.0496dbeefc383p-4};
};

/// digamma(x) for x > 0, Inf included.
template <number R> FUSEGRAD_INLINE constexpr R digamma_of_positive(R x) noexcept {
  using T = value_type_of<R>;
  using constants = digamma_constants<T>;
  const auto is_below = x < R{1};
  R y = select(is_below, x + R{1}, at_most(x, R{8}));
  // The steps from x as one fraction.
  R above = select(is_below, R{-1}, R{0}), below = select(is_below, x, R{1});
  for (int i = 0; i < 6; ++i) {
    const auto is_far = y >= R{T(2.25)};
    y = select(is_far, y - R{1}, y);
    above = select(is_far, multiply_add(above, y, below), above);
    below = select(is_far, rounded(below * y), below);
  }
  const R from_root = (y - R{constants::root[0]}) - R{constants::root[1]};
  const R small = multiply_add(from_root, polynomial(y - R{T(1.625)}, constants::near_root), above / below);
  const R limited = at_least(x, R{1}), inverse = R{1} / limited, square = rounded(inverse * inverse);
  const R rest = multiply_add(square, polynomial(square, constants::tail), R{T(0.5)} * inverse);
  return select(x >= R{8}, log(limited) - rest, small);
}

/// cot(pi a) for a number a of any size that is no integer, else NaN.
template <number R> FUSEGRAD_INLINE constexpr R cotangent_of_half_turns(R a) noexcept {
  using T = value_type_of<R>;
  const R fraction = a - trunc(a);
  const auto is_integer = fraction == R{0};
  const R safe = select(is_integer, R{T(0.25)}, fraction);
  const R shifted = safe + R{T(0.5)}; // cos(pi f) is sin(pi (f + 1/2)), or -sin(pi (f - 1/2))
  const auto wraps = shifted > R{1};
  const R cosine = sine_of_half_turns(select(wraps, safe - R{T(0.5)}, R{T(0.5)} - safe));
  const R result = select(wraps, -cosine, cosine) / sine_of_half_turns(safe);
  return select(is_integer, R{not_a_number<T>}, result);
}

/// The coefficients of the polynomial in cot(pi x) that the `order`-th derivative of cot(pi x) is, over pi^order.
template <int Order> struct cotangent_derivative {
  double coefficient[static_cast<std::size_t>(Order) + 2]{};
  constexpr cotangent_derivative() {
    coefficient[1] = 1;
    for (int k = 0; k < Order; ++k) {
      double next[static_cast<std::size_t>(Order) + 2]{};
      for (int i = 1; i <= k + 1; ++i) { // c^i becomes -i (c^(i - 1) + c^(i + 1))
        next[i - 1] -= i * coefficient[i];
        next[i + 1] -= i * coefficient[i];
      }
      for (int i = 0; i < Order + 2; ++i) coefficient[i] = next[i];
    }
  }
};

/// B(2k) (2k + N - 1)! / ((2k)! (N - 1)!): the asymptotic series of polygamma<N>, in 1 / x^2.
template <int N, class T> struct polygamma_series {
  T term[8]{};
  T factorial = 1; ///< (N - 1)!
  constexpr polygamma_series() {
    constexpr double bernoulli[] = {1.0 / 6,  -1.0 / 30,     1.0 / 42, -1.0 / 30,
                                    5.0 / 66, -691.0 / 2730, 7.0 / 6,  -3617.0 / 510};
    for (int k = 1; k <= 8; ++k) {
      double binomial = 1;
      for (int i = 1; i <= 2 * k; ++i) binomial = binomial * (N - 1 + i) / i;
      term[k - 1] = static_cast<T>(bernoulli[k - 1] * binomial);
    }
    for (int i = 2; i < N; ++i) factorial = factorial * static_cast<T>(i);
  }
};

/// |polygamma<N>(x)| for x > 0: every term has one sign, so no digit is lost.
template <int N, number R> constexpr R polygamma_of_positive(R x) noexcept {
  using T = value_type_of<R>;
  constexpr polygamma_series<N, T> series;
  constexpr int far = 10 + 2 * N; // from there on the series is exact
  R y = x, steps = R{0};
  for (int i = 0; i < far; ++i) {
    const auto is_near = y < R{far};
    if (!any(is_near)) break;
    steps = select(is_near, steps + R{1} / pow<N + 1>(y), steps);
    y = select(is_near, y + R{1}, y);
  }
  const R inverse = R{1} / y, square = rounded(inverse * inverse);
  const R sum = multiply_add(square, polynomial(square, series.term), multiply_add(inverse, R{T(N) / 2}, R{1}));
  return R{series.factorial} * multiply_add(pow<N>(inverse), sum, rounded(R{T(N)} * steps));
}

template <int N, number R> constexpr R polygamma_of_any(R x) noexcept {
  using T = value_type_of<R>;
  constexpr T sign = N % 2 == 0 ? -1 : 1;
  const R a = abs(x);
  const auto is_negative = x < R{0};
  const R positive = R{sign} * polygamma_of_positive<N>(select(is_negative, R{1} + a, a));
  // Zero to an even power has lost its sign.
  const R direct = N % 2 == 0 ? select(x == R{0}, with_sign_of(positive, -x), positive) : positive;
  if (!any(is_negative)) return direct;
  constexpr cotangent_derivative<N> derivative;
  const R cotangent = -cotangent_of_half_turns(a);
  R sum = R{T(derivative.coefficient[N + 1])};
  for (int i = N; i >= 0; --i) sum = multiply_add(sum, cotangent, R{T(derivative.coefficient[i])});
  const R reflected = multiply_add(-pow<N + 1>(R{T(3.14159265358979323846)}), sum, R{-sign} * positive);
  const R at_pole = R{N % 2 == 0 ? not_a_number<T> : infinity<T>};
  return select(is_negative, select(cotangent == cotangent, reflected, at_pole), direct);
}

} // namespace detail

/// The derivative of lgamma, 4 ulp for x > 0; for x < 0 as many of the larger term of the reflection formula. -+Inf at
/// +-0, NaN at negative integers, Inf and NaN stay.
template <number R> FUSEGRAD_INLINE constexpr R digamma(R x) noexcept {
  using T = value_type_of<R>;
  const R a = abs(x);
  if (std::is_constant_evaluated()) {
    if constexpr (real_scalar<R>) {
      if (x != x || (x < 0 && trunc(x) == x)) return detail::not_a_number<T>;
      if (x == 0) return detail::with_sign_of(detail::infinity<T>, -x);
      if (a == detail::infinity<T>) return x;
    }
  }
  using detail::any;
  const auto is_negative = x < R{0};
  const R positive = detail::digamma_of_positive(select(is_negative, a, x));
  if (!any(is_negative)) return positive;
  constexpr T pi = T(3.14159265358979323846);
  const R reflected = positive + multiply_add(R{pi}, detail::cotangent_of_half_turns(a), R{1} / a);
  return select(is_negative, reflected, positive);
}

/// The N-th derivative of digamma, N from 0 to 30, within 4 + N ulp for x > 0; for x < 0 as many of the larger term of
/// the reflection formula. At 0 and the negative integers Inf for odd N, NaN or the one-sided limit for even N.
template <int N, number R> FUSEGRAD_INLINE constexpr R polygamma(R x) noexcept {
  static_assert(0 <= N && N <= largest_polygamma, "fusegrad: polygamma<N> has an order from 0 to 30.");
  using T = value_type_of<R>;
  if constexpr (N == 0) {
    return digamma(x);
  } else {
    if (std::is_constant_evaluated()) {
      if constexpr (real_scalar<R>) {
        if (x != x) return x;
        if (x == 0) return N % 2 == 0 ? detail::with_sign_of(detail::infinity<T>, -x) : detail::infinity<T>;
        if (x < 0 && trunc(x) == x) return N % 2 == 0 ? detail::not_a_number<T> : detail::infinity<T>;
        if (x == detail::infinity<T>) return N % 2 == 0 ? T(-0.0) : T{0};
      }
    }
    return detail::polygamma_of_any<N>(x);
  }
}

} // namespace fusegrad::math::inline FUSEGRAD_ABI
