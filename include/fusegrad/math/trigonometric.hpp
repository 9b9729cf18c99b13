// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/math/basic.hpp>
#include <fusegrad/math/large_angle.hpp>

namespace fusegrad::math::inline FUSEGRAD_ABI {

namespace detail {

template <class T> struct angle_constants;

template <> struct angle_constants<float> {
  static constexpr float largest = 1e4F; // above it the reduction is done lane by lane
  static constexpr float two_over_pi = 0x1.45f306p-1F;
  // pi / 2 in parts of 11 bits: n times one of them is exact without FMA, too.
  static constexpr float half_pi[] = {0x1.92p+0F, 0x1.fb4p-12F, 0x1.444p-24F, 0x1.68cp-39F, 0x1.1a6264p-54F};
  // (sin(r) - r) / r^3 and (cos(r) - 1 + r^2 / 2) / r^4 in r^2 for |r| <= pi / 4; both to 2^-32.
  static constexpr float sine[] = {-0x1.555556p-3F, 0x1.111172p-7F, -0x1.a056a2p-13F, 0x1.7b5852p-19F};
  static constexpr float cosine[] = {0x1.55554ap-5F, -0x1.6c0c14p-10F, 0x1.99de6ap-16F};
};

template <> struct angle_constants<double> {
  static constexpr double largest = 1e6;
  static constexpr double two_over_pi = 0x1.45f306dc9c883p-1;
  static constexpr double half_pi[] = {0x1.921fb544p+0, 0x1.0b4611a6p-34, 0x1.3198a2ep-69, 0x1.b839a252p-104,
                                       0x1.27044533e63a0p-142};
  // To 2^-63.
  static constexpr double sine[] = {-0x1.5555555555555p-3, 0x1.111111111106cp-7,   -0x1.a01a019fff4a7p-13,
                                    0x1.71de3a35604f5p-19, -0x1.ae642f17c10d3p-26, 0x1.610bcaa71c00ep-33,
                                    -0x1.a12122da63bc4p-41};
  static constexpr double cosine[] = {0x1.5555555555549p-5,   -0x1.6c16c16c14bcfp-10, 0x1.a01a019c24ec4p-16,
                                      -0x1.27e4f7a4eb38cp-22, 0x1.1ee9a7a61957dp-29,  -0x1.8f8b726a7d9dcp-37};
};

/// sin(quadrant pi / 2 + r) for |r| <= pi / 4.
template <number R> FUSEGRAD_INLINE constexpr R sine_of_parts(bits_of<R> quadrant, R r) noexcept {
  using T = value_type_of<R>;
  using constants = angle_constants<T>;
  const R square = rounded(r * r);
  const R sine = multiply_add(rounded(square * r), polynomial(square, constants::sine), r);
  const R half = multiply_add(square, R{T(-0.5)}, R{1});
  const R cosine = multiply_add(rounded(square * square), polynomial(square, constants::cosine), half);
  const R result = select(test_bits<R>(quadrant, 1), cosine, sine);
  const auto sign = (quadrant & unsigned_of<T>{2}) << (8 * sizeof(T) - 2);
  return from_bits<R>(to_bits(result) ^ sign);
}

/// An angle as a quadrant (in the low bits, modulo 4) and a rest with |rest| <= pi / 4.
template <number R> struct angle_parts {
  bits_of<R> quadrant;
  R rest;
};

/// The parts of x for |x| <= `largest`: three exact parts of pi / 2 and a fourth for arguments close to a zero.
template <number R> FUSEGRAD_INLINE constexpr angle_parts<R> parts_of_moderate(R x) noexcept {
  using T = value_type_of<R>;
  using constants = angle_constants<T>;
  constexpr auto& part = constants::half_pi;
  const R shifted = multiply_add(x, R{constants::two_over_pi}, R{integer_shift<T>});
  const R n = shifted - R{integer_shift<T>};
  R r = multiply_add(n, R{-part[0]}, x);
  r = multiply_add(n, R{-part[1]}, r);
  r = multiply_add(n, R{-part[2]}, r);
  r = r - multiply_add(n, R{part[4]}, rounded(n * R{part[3]}));
  return {to_bits(shifted), r};
}

/// sin(x + turn pi / 2) for |x| <= `largest`.
template <number R> FUSEGRAD_INLINE constexpr R sine_of_moderate(R x, unsigned_of<value_type_of<R>> turn) noexcept {
  const angle_parts<R> angle = parts_of_moderate(x);
  return sine_of_parts(angle.quadrant + turn, angle.rest);
}

/// sin(x + turn pi / 2) for any x.
template <real_scalar T> constexpr T sine_of_large(T x, unsigned_of<T> turn) noexcept {
  if (!(abs(x) < infinity<T>)) return not_a_number<T>;
  const reduced_angle angle = reduce_large_angle(static_cast<double>(x));
  return sine_of_parts<T>(angle.quadrant + turn, static_cast<T>(angle.rest));
}

/// `result` with the lanes redone whose argument is large.
template <real_scalar T, int Lanes>
[[gnu::noinline, gnu::cold]] void redo_large_angles(const vector<T, Lanes>& x, vector<T, Lanes>& result,
                                                    unsigned_of<T> turn) noexcept {
  for (int lane = 0; lane < Lanes; ++lane) {
    if (abs(x[lane]) > angle_constants<T>::largest) result.native[lane] = sine_of_large(x[lane], turn);
  }
}

template <number R> FUSEGRAD_INLINE constexpr R sine_of_turned(R x, unsigned_of<value_type_of<R>> turn) noexcept {
  constexpr auto largest = angle_constants<value_type_of<R>>::largest;
  if constexpr (real_scalar<R>) {
    if (std::is_constant_evaluated() && x != x) return x;
    return abs(x) > largest ? sine_of_large(x, turn) : sine_of_moderate(x, turn);
  } else {
    R result = sine_of_moderate(x, turn);
    if (any(abs(x) > R{largest})) [[unlikely]]
      redo_large_angles(x, result, turn);
    return result;
  }
}

} // namespace detail

/// Sine, 2 ulp (double: 3) for every finite x; keeps the sign of zero; Inf and NaN give NaN.
///
/// Up to |x| = 10^4 (double: 10^6) without a branch; a vector with a larger lane takes about 20 ns for each of these.
template <number R> FUSEGRAD_INLINE constexpr R sin(R x) noexcept {
  return select(abs(x) < R{value_type_of<R>(0x1p-100)}, x, detail::sine_of_turned(x, 0));
}

/// Cosine, 2 ulp (double: 3) for every finite x; Inf and NaN give NaN; speed as for sin.
template <number R> FUSEGRAD_INLINE constexpr R cos(R x) noexcept { return detail::sine_of_turned(x, 1); }

} // namespace fusegrad::math::inline FUSEGRAD_ABI
