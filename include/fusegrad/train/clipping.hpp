// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/config.hpp>
#include <fusegrad/base/finite.hpp>
#include <fusegrad/math/elementary.hpp>
#include <limits>

namespace fusegrad::train {

/// Bounds on gradients, applied before the update rule.
struct clipping {
  static constexpr double none = std::numeric_limits<double>::infinity();

  double norm = none;         ///< the largest Euclidean norm of the whole gradient
  double value = none;        ///< the largest absolute value of each entry
  double norm_of_each = none; ///< the largest norm of the gradient of each parameter, applied first

  [[nodiscard]] constexpr bool by_norm() const noexcept { return norm < 1e300 || norm_of_each < 1e300; }
  [[nodiscard]] constexpr bool by_value() const noexcept { return value < 1e300; }
  /// The factor that brings a norm down to the largest; a little less than needed, as PyTorch's clip_grad_norm_ does
  /// it.
  static constexpr double scale_to(double largest, double norm_now) noexcept {
    return norm_now > largest ? largest / (norm_now + 1e-6) : 1;
  }
  /// Turns the sum of squares of each parameter's gradient into its factor; false where they are not finite.
  template <class Scales> constexpr bool scale(Scales& scales) const noexcept {
    double square = 0;
    for (double& one : scales) {
      const double length = math::sqrt(one);
      one = scale_to(norm_of_each, length);
      square += length * one * (length * one);
    }
    const double whole = scale_to(norm, math::sqrt(square));
    for (double& one : scales) one *= whole;
    return base::is_finite(square);
  }
};

template <class T> constexpr double sum_of_squares(const T* numbers, std::size_t begin, std::size_t end) noexcept {
  double total = 0;
  for (std::size_t i = begin; i < end; ++i) total += static_cast<double>(numbers[i]) * static_cast<double>(numbers[i]);
  return total;
}

} // namespace fusegrad::train
