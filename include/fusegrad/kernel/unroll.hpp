// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/config.hpp>
#include <type_traits>
#include <utility>

namespace fusegrad::kernel::inline FUSEGRAD_ABI {

/// Calls `f` with 0, 1, ..., Count - 1 as constants. Pragmas that ask for unrolling differ between compilers and are
/// only hints.
template <int Count, class F> FUSEGRAD_INLINE constexpr void unroll(F&& f) {
  [&]<int... I>(std::integer_sequence<int, I...>)
      FUSEGRAD_INLINE { (f(std::integral_constant<int, I>{}), ...); }(std::make_integer_sequence<int, Count>{});
}

/// The same with plain numbers from `First` on, for an `f` that needs no constants. It is then one function instead of
/// `Count`, which is what costs a compiler most; calls are written out, since a pack would need a lambda of its own.
template <int Count, int First = 0, class F> FUSEGRAD_INLINE constexpr void count_to(F&& f) {
  if constexpr (Count > 0) f(First);
  if constexpr (Count > 1) f(First + 1);
  if constexpr (Count > 2) f(First + 2);
  if constexpr (Count > 3) f(First + 3);
  if constexpr (Count > 4) f(First + 4);
  if constexpr (Count > 5) f(First + 5);
  if constexpr (Count > 6) f(First + 6);
  if constexpr (Count > 7) f(First + 7);
  if constexpr (Count > 8) count_to<Count - 8, First + 8>(f);
}

} // namespace fusegrad::kernel::inline FUSEGRAD_ABI
