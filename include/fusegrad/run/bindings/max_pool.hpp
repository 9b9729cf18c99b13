// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/max_pool.hpp>
#include <fusegrad/run/bindings/traits.hpp>

namespace fusegrad::execution::inline FUSEGRAD_ABI {

/// The largest of each window, and which it is.
template <> struct binding<graph::kind::max_pool> : usual_binding {
  static constexpr bool walks_over_images = true;
  static constexpr bool moves_window = true;

  template <class Holder, std::size_t Step, kernel::fixed_shape Fixed, class T>
  FUSEGRAD_INLINE static constexpr void run(const kernel::call<T>& c) noexcept {
    kernel::max_pool(c);
  }
};

} // namespace fusegrad::execution::inline FUSEGRAD_ABI
