// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/max_pool.hpp>
#include <fusegrad/run/bindings/traits.hpp>

namespace fusegrad::execution::inline FUSEGRAD_ABI {

/// Numbers at the places where a pool has found them.
template <> struct binding<graph::kind::spread> : usual_binding {
  static constexpr bool walks_over_images = true;
  static constexpr bool moves_window = true;

  template <class Holder, std::size_t Step, kernel::fixed_shape Fixed, class T>
  FUSEGRAD_INLINE static constexpr void run(const kernel::call<T>& c) noexcept {
    kernel::spread(c);
  }
};

} // namespace fusegrad::execution::inline FUSEGRAD_ABI
