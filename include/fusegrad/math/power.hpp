// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/math/exponential.hpp>
#include <fusegrad/math/logarithm.hpp>

namespace fusegrad::math::inline FUSEGRAD_ABI {

/// x^N by squaring, the factors in a fixed order; about log2(N) roundings; a negative N is 1 / x^-N, N = 0 gives 1.
template <int N, number R> FUSEGRAD_INLINE constexpr R pow(R x) noexcept {
  if constexpr (N < 0)
    return R{1} / pow<-N>(x);
  else if constexpr (N == 0)
    return R{1};
  else if constexpr (N == 1)
    return x;
  else if constexpr (N % 2 == 0)
    return square(pow<N / 2>(x));
  else
    return rounded(pow<N - 1>(x) * x);
}

namespace detail {

/// The unevaluated sum of two numbers, the second below the last bit of the first.
template <number R> struct extended {
  R high;
  R low;
};

/// a + b for |a| >= |b|, exactly.
template <number R> FUSEGRAD_INLINE constexpr extended<R> ordered_sum(R a, R b) noexcept {
  const R high = a + b;
  return {high, b - (high - a)};
}

/// a + b exactly, after Knuth.
template <number R> FUSEGRAD_INLINE constexpr extended<R> exact_sum(R a, R b) noexcept {
  const R high = a + b;
  const R part = high - a;
  return {high, (a - (high - part)) + (b - part)};
}

/// a * b exactly, after Dekker: both factors cut in halves.
template <number R> FUSEGRAD_INLINE constexpr extended<R> exact_product_by_halves(R a, R b) noexcept {
  using T = value_type_of<R>;
  constexpr T cut = static_cast<T>((unsigned_of<T>{1} << ((mantissa_bits<T> + 2) / 2)) + 1);
  const R wide_a = rounded(a * R{cut});
  const R wide_b = rounded(b * R{cut});
  const R high_a = wide_a - (wide_a - a);
  const R high_b = wide_b - (wide_b - b);
  const R low_a = a - high_a;
  const R low_b = b - high_b;
  const R high = rounded(a * b);
  return {high, ((high_a * high_b - high) + high_a * low_b + low_a * high_b) + low_a * low_b};
}

/// a * b exactly, unless it over- or underflows.
template <number R> FUSEGRAD_INLINE constexpr extended<R> exact_product(R a, R b) noexcept {
  if (std::is_constant_evaluated()) return exact_product_by_halves(a, b);
  if constexpr (!has_fma) return exact_product_by_halves(a, b);
  const R high = rounded(a * b);
  return {high, multiply_add(a, b, -high)};
}

template <class T> struct pow_constants;

template <> struct pow_constants<float> {
  static constexpr float two_thirds_high = 0x1.555556p-1F;
  static constexpr float two_thirds_low = -0x1.555556p-26F;
  // (log((1 + s) / (1 - s)) - 2 s - 2 s^3 / 3) / s^5 in z = s^2.
  static constexpr float tail[] = {0x1.999ap-2F, 0x1.24527ap-2F, 0x1.dfa30ap-3F};
};

template <> struct pow_constants<double> {
  static constexpr double two_thirds_high = 0x1.5555555555555p-1;
  static constexpr double two_thirds_low = 0x1.5555555555555p-55;
  static constexpr double tail[] = {0x1.9999999999b33p-2, 0x1.2492492457780p-2, 0x1.c71c722def691p-3,
                                    0x1.745ce9b27ed6bp-3, 0x1.3b1ef52d33002p-3, 0x1.0f7f0d7d8741ap-3,
                                    0x1.0e4ae7c7a0590p-3};
};

/// log(x) for finite x > 0 with some ten bits more than the type has.
template <number R> FUSEGRAD_INLINE constexpr extended<R> extended_log(R x) noexcept {
  using T = value_type_of<R>;
  constexpr T shift = log_constants<T>::denormal_shift;
  constexpr auto power = static_cast<T>(unsigned_of<T>{1} << static_cast<int>(shift));
  const auto denormal = x < R{std::numeric_limits<T>::min()};
  const auto bits = shifted_exponent(times_where(denormal, x, R{power}));
  const R k = exponent_number(bits, select(denormal, R{shift}, R{0}));
  const R m = reduced_mantissa<R>(bits);

  // s = (m - 1) / (m + 1)
  const R f = m - R{1};
  const auto divisor = ordered_sum(R{1}, m);
  const R s = f / divisor.high;
  const auto back = exact_product(s, divisor.high);
  const R s_low = multiply_add(-s, divisor.low, (f - back.high) - back.low) / divisor.high;

  // log(m) = 2 s + s z (2/3 + z tail)
  const auto z = exact_product(s, s);
  const R z_low = multiply_add(rounded(s * R{2}), s_low, z.low);
  const R rest = multiply_add(z.high, polynomial(z.high, pow_constants<T>::tail), R{pow_constants<T>::two_thirds_low});
  const auto factor = ordered_sum(R{pow_constants<T>::two_thirds_high}, rest);
  const auto y = exact_product(z.high, factor.high);
  const R y_low = multiply_add(z.high, factor.low, multiply_add(z_low, factor.high, y.low));
  const auto cubic = exact_product(s, y.high);
  const R cubic_low = multiply_add(s, y_low, multiply_add(s_low, y.high, cubic.low));
  const auto mantissa = ordered_sum(s + s, cubic.high);
  const R mantissa_low = mantissa.low + (cubic_low + (s_low + s_low));

  const auto total = exact_sum(rounded(k * R{log_constants<T>::ln2_high}), mantissa.high);
  const R low = multiply_add(k, R{log_constants<T>::ln2_low}, total.low + mantissa_low);
  return ordered_sum(total.high, low);
}

/// |x|^y for finite |x| > 0 and any y.
template <number R> FUSEGRAD_INLINE constexpr R power_of_magnitude(R magnitude, R y) noexcept {
  using T = value_type_of<R>;
  using constants = exp_constants<T>;
  // Beyond this every power other than that of 1 is 0 or Inf; it keeps Inf * 0 out.
  constexpr T enough = T(0x1p100);
  const R limited = at_most(at_least(y, R{-enough}), R{enough});
  const auto log = extended_log(magnitude);
  const auto exponent = exact_product(limited, log.high);
  const R low = multiply_add(limited, log.low, exponent.low);
  if (std::is_constant_evaluated()) {
    if constexpr (real_scalar<R>) {
      if (exponent.high > constants::largest_finite) return infinity<T>;
    }
  }
  const auto in_range = (exponent.high <= R{constants::largest}) & (exponent.high >= R{constants::smallest});
  const R bounded = at_most(exponent.high, R{constants::largest});
  return exp_below_overflow(bounded, select(in_range, low, R{0}));
}

/// True for integers; `magnitude` is not negative.
template <number R> FUSEGRAD_INLINE constexpr auto is_integer(R magnitude) noexcept {
  using T = value_type_of<R>;
  constexpr T unit = static_cast<T>(unsigned_of<T>{1} << mantissa_bits<T>);
  return (magnitude >= R{unit}) | (((magnitude + R{unit}) - R{unit}) == magnitude);
}

template <number R> FUSEGRAD_INLINE constexpr R power(R x, R y) noexcept {
  using T = value_type_of<R>;
  if (std::is_constant_evaluated()) {
    if constexpr (real_scalar<R>) {
      if (x != x || y != y) return x == 1 || y == 0 ? T{1} : not_a_number<T>;
    }
  }
  const R magnitude = abs(x);
  const R y_magnitude = abs(y);
  const auto has_limit = (magnitude == R{0}) | (magnitude == R{infinity<T>});
  const R limit = select((magnitude < R{1}) ^ (y < R{0}), R{0}, R{infinity<T>});
  const R size = select(has_limit, limit, power_of_magnitude(magnitude, y));

  const auto integer = is_integer(y_magnitude);
  const auto odd = integer & !is_integer(rounded(y_magnitude * R{T(0.5)}));
  const auto undefined = (x < R{0}) & !has_limit & !integer & (y_magnitude < R{infinity<T>});
  const R signed_size = with_sign_of(size, select(odd, x, R{1}));
  const R result = select((x != x) | (y != y) | undefined, R{not_a_number<T>}, signed_size);
  return select((x == R{1}) | (y == R{0}), R{1}, result);
}

/// The same of single numbers, as a call: hundreds of operations, which update rules ask for several times.
template <real_scalar T> [[gnu::noinline]] constexpr T power_of_number(T x, T y) noexcept { return power(x, y); }

} // namespace detail

/// x^y, 2 ulp, with the special values of IEEE 754 (pow(x, 0) = pow(1, y) = 1 even for NaN; a negative x needs an
/// integer y, else NaN).
///
/// Overflow gives Inf, underflow is gradual.
template <number R> FUSEGRAD_INLINE constexpr R pow(R x, std::type_identity_t<R> y) noexcept {
  if constexpr (real_scalar<R>)
    return detail::power_of_number(x, y);
  else
    return detail::power(x, y);
}

} // namespace fusegrad::math::inline FUSEGRAD_ABI
