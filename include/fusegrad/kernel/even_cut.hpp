// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/config.hpp>

namespace fusegrad::kernel::inline FUSEGRAD_ABI {

/// A length in parts of at most a given size that differ by one at most: first `longer` parts of `size + 1`, then
/// `others` of `size`.
struct even_cut {
  std::size_t longer = 0, others = 0, size = 0;

  [[nodiscard]] constexpr std::size_t parts() const noexcept { return longer + others; }
  [[nodiscard]] constexpr std::size_t longest() const noexcept { return longer != 0 ? size + 1 : size; }
  [[nodiscard]] constexpr std::size_t begin(std::size_t part) const noexcept {
    return part * size + (part < longer ? part : longer);
  }
  friend constexpr bool operator==(const even_cut&, const even_cut&) = default;
};

/// As few parts as can be; of nothing there are none.
constexpr even_cut cut_evenly(std::size_t length, std::size_t most) noexcept {
  const std::size_t parts = (length + most - 1) / most;
  if (parts == 0) return {};
  return {length % parts, parts - length % parts, length / parts};
}

} // namespace fusegrad::kernel::inline FUSEGRAD_ABI
