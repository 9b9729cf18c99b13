// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/config.hpp>

namespace fusegrad::base {

/// An array that knows its size. `std::array` names its iterators too, which costs the compiler 50 KB for each type of
/// item, and reads an item by two calls, which constant evaluation makes one by one.
template <class T, std::size_t Size> struct plain_array {
  T items[Size]{};

  [[nodiscard]] static constexpr std::size_t size() noexcept { return Size; }
  [[nodiscard]] static constexpr bool empty() noexcept { return false; }
  [[nodiscard]] constexpr T* data() noexcept { return items; }
  [[nodiscard]] constexpr const T* data() const noexcept { return items; }
  constexpr T& operator[](std::size_t i) noexcept { return items[i]; }
  constexpr const T& operator[](std::size_t i) const noexcept { return items[i]; }
  [[nodiscard]] constexpr const T* begin() const noexcept { return items; }
  [[nodiscard]] constexpr const T* end() const noexcept { return items + Size; }
};
/// Of no items, for which C++ has no array. As a member it still takes a byte, as every class does.
template <class T> struct plain_array<T, 0> {
  [[nodiscard]] static constexpr std::size_t size() noexcept { return 0; }
  [[nodiscard]] static constexpr bool empty() noexcept { return true; }
  [[nodiscard]] static constexpr T* data() noexcept { return nullptr; }
  constexpr T& operator[](std::size_t) const noexcept { __builtin_unreachable(); } // there is no item to ask for
  [[nodiscard]] static constexpr const T* begin() noexcept { return nullptr; }
  [[nodiscard]] static constexpr const T* end() noexcept { return nullptr; }
};

} // namespace fusegrad::base
