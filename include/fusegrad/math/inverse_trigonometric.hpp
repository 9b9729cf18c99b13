// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/math/square_root.hpp>

namespace fusegrad::math::inline FUSEGRAD_ABI {

namespace detail {

template <class T> struct arc_constants;

template <> struct arc_constants<float> {
  static constexpr float quarter_pi_coarse = 0x1.921fb4p-1F; // small multiples of it are exact
  static constexpr float quarter_pi_rest = 0x1.4442d2p-25F;
  // (atan(t) / t - 1) / t^2 in t^2 for |t| <= tan(pi / 8); for atan to 2^-33.
  static constexpr float tangent[] = {-0x1.555556p-2F, 0x1.99997cp-3F,  -0x1.248a18p-3F,
                                      0x1.c57baep-4F,  -0x1.614448p-4F, 0x1.9d8b24p-5F};
  // (asin(t) / t - 1) / t^2 in t^2 for |t| <= 1/2; for asin to 2^-33.
  static constexpr float sine[] = {0x1.555556p-3F, 0x1.33331ep-4F, 0x1.6dc0fp-5F, 0x1.efedf8p-6F,
                                   0x1.82db24p-6F, 0x1.5a80ap-7F,  0x1.fb7ca4p-6F};
};

template <> struct arc_constants<double> {
  static constexpr double quarter_pi_coarse = 0x1.921fb54442d18p-1;
  static constexpr double quarter_pi_rest = 0x1.1a62633145c07p-55;
  // To 2^-67 and 2^-61.
  static constexpr double tangent[] = {
      -0x1.5555555555555p-2, 0x1.9999999999997p-3,  -0x1.24924924920adp-3, 0x1.c71c71c6ddbfcp-4,  -0x1.745d173565149p-4,
      0x1.3b13aea9e84b6p-4,  -0x1.1110cee80b516p-4, 0x1.e1d8e9bffe59dp-5,  -0x1.aebd1fa559894p-5, 0x1.829ce3237ab26p-5,
      -0x1.503c4469943acp-5, 0x1.f5ef74d05428dp-6,  -0x1.c81291cfc455fp-7};
  static constexpr double sine[] = {
      0x1.5555555555555p-3, 0x1.3333333333388p-4, 0x1.6db6db6dac1ep-5,   0x1.f1c71c7a52ba3p-6, 0x1.6e8ba123e494cp-6,
      0x1.1c4efce23019fp-6, 0x1.c990ad3d8fdcap-7, 0x1.7b027ee1dd585p-7,  0x1.3b49de7121487p-7, 0x1.31622469ce5adp-7,
      0x1.8f193743418ffp-9, 0x1.406192d124629p-6, -0x1.3b416bb7d9257p-6, 0x1.e529c6fce9bb4p-6};
};

/// eighth_turns * pi / 4 + rest.
template <number R> FUSEGRAD_INLINE constexpr R plus_eighth_turns(R eighth_turns, R rest) noexcept {
  using constants = arc_constants<value_type_of<R>>;
  const R low = multiply_add(eighth_turns, R{constants::quarter_pi_rest}, rest);
  return multiply_add(eighth_turns, R{constants::quarter_pi_coarse}, low);
}

/// atan(t) for |t| <= tan(pi / 8).
template <number R> FUSEGRAD_INLINE constexpr R arc_of_small_tangent(R t) noexcept {
  const R square = rounded(t * t);
  return multiply_add(rounded(t * square), polynomial(square, arc_constants<value_type_of<R>>::tangent), t);
}

/// The angle of a point in the first half of the first quadrant, 0 <= y <= x, x > 0: eighths of a turn (0 or 1) and
/// what has to be added.
template <number R> struct arc {
  R eighth_turns;
  R rest;
};
template <number R> FUSEGRAD_INLINE constexpr arc<R> arc_below_diagonal(R y, R x) noexcept {
  const auto is_wide = y > rounded(x * R{value_type_of<R>(0.41421356237309504880)});
  const R t = select(is_wide, y - x, y) / select(is_wide, y + x, x);
  return {select(is_wide, R{1}, R{0}), arc_of_small_tangent(t)};
}

/// asin(t) for |t| <= 1/2, and t's square.
template <number R> FUSEGRAD_INLINE constexpr R arc_of_small_sine(R t, R square) noexcept {
  return multiply_add(rounded(t * square), polynomial(square, arc_constants<value_type_of<R>>::sine), t);
}

} // namespace detail

/// Arc tangent, 2 ulp; keeps the sign of zero; atan(+-Inf) = +-pi / 2, NaN stays.
template <number R> FUSEGRAD_INLINE constexpr R atan(R x) noexcept {
  using T = value_type_of<R>;
  if (std::is_constant_evaluated()) {
    if constexpr (real_scalar<R>) {
      if (x != x) return x;
    }
  }
  const R a = detail::at_most(abs(x), R{std::numeric_limits<T>::max() / 4});
  const auto is_steep = a > R{1};
  const auto found = detail::arc_below_diagonal(select(is_steep, R{1}, a), select(is_steep, a, R{1}));
  const R turns = select(is_steep, R{2} - found.eighth_turns, found.eighth_turns);
  const R rest = select(is_steep, -found.rest, found.rest);
  const R result = select(turns == R{0}, rest, detail::plus_eighth_turns(turns, rest));
  return detail::with_sign_of(result, x);
}

/// The angle of the point (x, y) from -pi to pi, 2.5 ulp, with the special values of IEEE 754 for zeros and infinities
/// of both signs.
template <number R> FUSEGRAD_INLINE constexpr R atan2(R y, std::type_identity_t<R> x) noexcept {
  using T = value_type_of<R>;
  if (std::is_constant_evaluated()) {
    if constexpr (real_scalar<R>) {
      if (x != x || y != y) return detail::not_a_number<T>;
    }
  }
  const R width = abs(x), height = abs(y);
  R small = min(width, height), large = max(width, height);
  // Of two infinities each is one; two zeros have the angle zero.
  const auto is_infinite = large == R{detail::infinity<T>};
  small = select(is_infinite, select(small == large, R{1}, R{0}), small);
  large = select(is_infinite | (large == R{0}), R{1}, large);
  // Their sum has to be finite, and parts of them have to have all digits.
  const auto is_huge = large > R{std::numeric_limits<T>::max() / 4};
  const auto is_tiny = large < R{std::numeric_limits<T>::min() * T(0x1p60)};
  const R factor = select(is_huge, R{T(0.25)}, select(is_tiny, R{T(0x1p60)}, R{1}));
  small = rounded(small * factor);
  large = rounded(large * factor);

  const auto found = detail::arc_below_diagonal(small, large);
  const auto is_steep = height > width;
  R turns = select(is_steep, R{2} - found.eighth_turns, found.eighth_turns);
  R rest = select(is_steep, -found.rest, found.rest);
  const auto is_left = detail::with_sign_of(R{1}, x) < R{0};
  turns = select(is_left, R{4} - turns, turns);
  rest = select(is_left, -rest, rest);
  const R result = select(turns == R{0}, rest, detail::plus_eighth_turns(turns, rest));
  return detail::with_sign_of(result, y);
}

/// Arc sine, 2.5 ulp; keeps the sign of zero; beyond +-1 and for NaN it is NaN.
template <number R> FUSEGRAD_INLINE constexpr R asin(R x) noexcept {
  using T = value_type_of<R>;
  const R a = abs(x);
  if (std::is_constant_evaluated()) {
    if constexpr (real_scalar<R>) {
      if (!(a <= 1)) return detail::not_a_number<T>;
    }
  }
  const auto is_wide = a > R{T(0.5)};
  const R square = select(is_wide, rounded((R{1} - a) * R{T(0.5)}), rounded(a * a));
  const R t = select(is_wide, sqrt(square), a);
  const R small = detail::arc_of_small_sine(t, square);
  const R result = select(is_wide, detail::plus_eighth_turns(R{2}, R{-2} * small), small);
  return select(a <= R{1}, detail::with_sign_of(result, x), R{detail::not_a_number<T>});
}

/// Arc cosine, 2.5 ulp, also near 1; beyond +-1 and for NaN it is NaN.
template <number R> FUSEGRAD_INLINE constexpr R acos(R x) noexcept {
  using T = value_type_of<R>;
  const R a = abs(x);
  if (std::is_constant_evaluated()) {
    if constexpr (real_scalar<R>) {
      if (!(a <= 1)) return detail::not_a_number<T>;
    }
  }
  const auto is_wide = a > R{T(0.5)};
  const R square = select(is_wide, rounded((R{1} - a) * R{T(0.5)}), rounded(a * a));
  const R t = select(is_wide, sqrt(square), x);
  const R small = detail::arc_of_small_sine(t, square);
  const R twice = small + small;
  const R wide = select(x < R{0}, detail::plus_eighth_turns(R{4}, -twice), twice);
  const R result = select(is_wide, wide, detail::plus_eighth_turns(R{2}, -small));
  return select(a <= R{1}, result, R{detail::not_a_number<T>});
}

} // namespace fusegrad::math::inline FUSEGRAD_ABI
