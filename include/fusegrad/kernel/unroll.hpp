// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/config.hpp>
#include <type_traits>
#include <utility>

namespace fusegrad::kernel::inline FUSEGRAD_ABI {

/// Calls `f` with 0, 1, ..., Count - 1 as constants. Pragmas that ask for unrolling differ between compilers and are
/// only hints.
template <int Count, class F> [[gnu::always_inline]] constexpr void unroll(F&& f) {
  [&]<int... I>(std::integer_sequence<int, I...>) __attribute__((always_inline)) {
    (f(std::integral_constant<int, I>{}), ...);
  }(std::make_integer_sequence<int, Count>{});
}

} // namespace fusegrad::kernel::inline FUSEGRAD_ABI
