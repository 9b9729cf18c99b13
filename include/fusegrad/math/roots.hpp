// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/math/power.hpp>
#include <fusegrad/math/square_root.hpp>

namespace fusegrad::math::inline FUSEGRAD_ABI {

namespace detail {

/// Powers of two that bring what is too large or too small to be squared or cubed into the middle of the range.
template <class T> struct middle_of_range;
template <> struct middle_of_range<float> {
  static constexpr float large = 0x1p60F, small = 0x1p-60F, up = 0x1p100F, down = 0x1p-100F;
  static constexpr float up_cubed = 0x1p60F, down_cubed = 0x1p-60F, root_of_up = 0x1p20F, root_of_down = 0x1p-20F;
};
template <> struct middle_of_range<double> {
  static constexpr double large = 0x1p500, small = 0x1p-500, up = 0x1p700, down = 0x1p-700;
  static constexpr double up_cubed = 0x1p600, down_cubed = 0x1p-600, root_of_up = 0x1p200, root_of_down = 0x1p-200;
};

} // namespace detail

/// Cube root, 1 ulp, denormals included, of negative numbers, too; keeps the sign of zero; Inf and NaN stay.
template <number R> FUSEGRAD_INLINE constexpr R cbrt(R x) noexcept {
  using T = value_type_of<R>;
  using range = detail::middle_of_range<T>;
  if (std::is_constant_evaluated()) {
    if constexpr (real_scalar<R>) {
      if (!(abs(x) < detail::infinity<T>) || x == 0) return x;
    }
  }
  const R magnitude = abs(x);
  const auto is_large = magnitude > R{range::large};
  const auto is_small = magnitude < R{range::small};
  const R factor = select(is_large, R{range::down_cubed}, select(is_small, R{range::up_cubed}, R{1}));
  const R back = select(is_large, R{range::root_of_up}, select(is_small, R{range::root_of_down}, R{1}));
  const R a = rounded(magnitude * factor);
  // One step of Newton's with the exact cube takes what logarithm and exponential are off.
  const R root = detail::exp_below_overflow(log(a) * R{T(1.0 / 3)});
  const auto square = detail::exact_product(root, root);
  const auto cube = detail::exact_product(square.high, root);
  const R rest = (cube.high - a) + multiply_add(square.low, root, cube.low);
  const R result = root - rest / (R{3} * square.high);
  const auto is_ordinary = (magnitude > R{0}) & (magnitude < R{detail::infinity<T>});
  return select(is_ordinary, detail::with_sign_of(rounded(result * back), x), x);
}

/// sqrt(x^2 + y^2), 1.5 ulp, without overflow or underflow on the way; Inf if one is infinite, even beside NaN.
template <number R> FUSEGRAD_INLINE constexpr R hypot(R x, std::type_identity_t<R> y) noexcept {
  using T = value_type_of<R>;
  using range = detail::middle_of_range<T>;
  const R width = abs(x), height = abs(y);
  const auto is_infinite = (width == R{detail::infinity<T>}) | (height == R{detail::infinity<T>});
  if (std::is_constant_evaluated()) {
    if constexpr (real_scalar<R>) {
      if (is_infinite) return detail::infinity<T>;
      if (x != x || y != y) return detail::not_a_number<T>;
    }
  }
  const R large = max(width, height), small = min(width, height);
  const auto is_large = large > R{range::large};
  const auto is_small = large < R{range::small};
  const R factor = select(is_large, R{range::down}, select(is_small, R{range::up}, R{1}));
  const R back = select(is_large, R{range::up}, select(is_small, R{range::down}, R{1}));
  const R a = rounded(large * factor), b = rounded(small * factor);
  const R length = sqrt(multiply_add(a, a, rounded(b * b)));
  if (std::is_constant_evaluated()) {
    if constexpr (real_scalar<R>) {
      if (is_large && length > std::numeric_limits<T>::max() * factor) return detail::infinity<T>;
    }
  }
  return select(is_infinite, R{detail::infinity<T>}, rounded(length * back));
}

} // namespace fusegrad::math::inline FUSEGRAD_ABI
