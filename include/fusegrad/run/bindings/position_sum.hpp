// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/position_sum.hpp>
#include <fusegrad/run/bindings/traits.hpp>

namespace fusegrad::execution::inline FUSEGRAD_ABI {

/// The sum of each column over the positions of a sample.
template <> struct binding<graph::kind::position_sum> : usual_binding {
  static constexpr bool walks_over_images = true;

  template <class Holder, std::size_t Step, kernel::fixed_shape Fixed, class T>
  [[gnu::always_inline]] static constexpr void run(const kernel::call<T>& c) noexcept {
    kernel::position_sum(c);
  }
};

} // namespace fusegrad::execution::inline FUSEGRAD_ABI
