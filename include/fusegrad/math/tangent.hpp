// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/math/trigonometric.hpp>

namespace fusegrad::math::inline FUSEGRAD_ABI {

namespace detail {

/// tan(quadrant pi / 2 + r) for |r| <= pi / 4.
template <number R> FUSEGRAD_INLINE constexpr R tangent_of_parts(bits_of<R> quadrant, R r) noexcept {
  using T = value_type_of<R>;
  using constants = angle_constants<T>;
  const R square = rounded(r * r);
  const R sine = multiply_add(rounded(square * r), polynomial(square, constants::sine), r);
  const R half = multiply_add(square, R{T(-0.5)}, R{1});
  const R cosine = multiply_add(rounded(square * square), polynomial(square, constants::cosine), half);
  const auto is_odd = test_bits<R>(quadrant, 1);
  return select(is_odd, -cosine, sine) / select(is_odd, sine, cosine);
}

template <real_scalar T> constexpr T tangent_of_large(T x) noexcept {
  if (!(abs(x) < infinity<T>)) return not_a_number<T>;
  const reduced_angle angle = reduce_large_angle(static_cast<double>(x));
  return tangent_of_parts<T>(angle.quadrant, static_cast<T>(angle.rest));
}

template <real_scalar T, int Lanes>
[[gnu::noinline, gnu::cold]] void redo_large_tangents(const vector<T, Lanes>& x, vector<T, Lanes>& result) noexcept {
  for (int lane = 0; lane < Lanes; ++lane) {
    if (abs(x[lane]) > angle_constants<T>::largest) result.native[lane] = tangent_of_large(x[lane]);
  }
}

} // namespace detail

/// Tangent, 4 ulp for every finite x; keeps the sign of zero; Inf and NaN give NaN; speed as for sin.
template <number R> FUSEGRAD_INLINE constexpr R tan(R x) noexcept {
  using T = value_type_of<R>;
  constexpr auto largest = detail::angle_constants<T>::largest;
  if constexpr (real_scalar<R>) {
    if (std::is_constant_evaluated() && x != x) return x;
    if (abs(x) < T(0x1p-100)) return x;
    if (abs(x) > largest) return detail::tangent_of_large(x);
    const auto angle = detail::parts_of_moderate(x);
    return detail::tangent_of_parts(angle.quadrant, angle.rest);
  } else {
    const auto angle = detail::parts_of_moderate(x);
    R result = detail::tangent_of_parts(angle.quadrant, angle.rest);
    if (any(abs(x) > R{largest})) [[unlikely]]
      detail::redo_large_tangents(x, result);
    return select(abs(x) < R{T(0x1p-100)}, x, result);
  }
}

} // namespace fusegrad::math::inline FUSEGRAD_ABI
