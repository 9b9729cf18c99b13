// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/config.hpp>

namespace fusegrad::layers {

/// To which unit each number of a layer's `weight` belongs: the first extent counts units, or, as in a transposed
/// convolution in `groups`, it is [in][unit of a group][taps].
struct units_of_weight {
  std::size_t groups = 0; ///< 0: the first extent counts units
  std::size_t taps = 1;

  /// The unit of number `number` of so many, in a layer of so many units.
  [[nodiscard]] constexpr std::size_t unit_of(std::size_t number, std::size_t numbers,
                                              std::size_t units) const noexcept {
    if (groups == 0) return number / (numbers / units);
    const std::size_t of_group = units / groups, numbers_of_group = numbers / groups;
    return number / numbers_of_group * of_group + number / taps % of_group;
  }
};

} // namespace fusegrad::layers
