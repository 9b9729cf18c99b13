// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/config.hpp>

namespace fusegrad::base::inline FUSEGRAD_ABI {

/// Copies `count` items that lie one after the other to where none of them is. `<algorithm>` has that too, and much
/// besides that every file would read. Pointers: in constant evaluation every call of an operator costs more than what
/// it copies.
template <class T> FUSEGRAD_INLINE constexpr void copy_items(const T* from, std::size_t count, T* to) noexcept {
  static_assert(__is_trivially_copyable(T));
  if (__builtin_is_constant_evaluated())
    for (std::size_t i = 0; i < count; ++i) to[i] = from[i];
  else if (count != 0)
    __builtin_memcpy(to, from, count * sizeof(T));
}

/// Sets `count` numbers.
template <class T> FUSEGRAD_INLINE constexpr void fill_numbers(T* to, std::size_t count, T number) noexcept {
  for (std::size_t i = 0; i < count; ++i) to[i] = number;
}

} // namespace fusegrad::base::inline FUSEGRAD_ABI
