// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/config.hpp>
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
};

template <class T> constexpr double sum_of_squares(const T* numbers, std::size_t begin, std::size_t end) noexcept {
  double total = 0;
  for (std::size_t i = begin; i < end; ++i) total += static_cast<double>(numbers[i]) * static_cast<double>(numbers[i]);
  return total;
}

} // namespace fusegrad::train
