// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/math/vector.hpp>
#include <fusegrad/run/team.hpp>

namespace fusegrad::train::inline FUSEGRAD_ABI {

/// Stands for an update where the gradient itself is wanted: all of it is left in its place.
template <class T> struct kept_gradient {
  std::size_t size;

  static constexpr bool can_fuse() noexcept { return false; }
  static constexpr bool accepts(double) noexcept { return true; }
  static constexpr bool refused() noexcept { return false; }
  /// Its sums are the gradient, and stand where it is wanted.
  static constexpr bool leaves_nothing_of_sample(bool) noexcept { return true; }
  template <class Sum> constexpr void finish(const execution::member& who, bool, Sum&& sum) const noexcept {
    const auto mine = who.share(size, static_cast<std::size_t>(math::native_lanes<T>));
    sum(mine.begin, mine.end, nullptr);
  }
};

} // namespace fusegrad::train::inline FUSEGRAD_ABI
