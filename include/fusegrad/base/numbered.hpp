// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/growing.hpp>

namespace fusegrad {

/// A growing list whose items are counted by a type of their own, an enumeration, so that the number of one thing is
/// never taken for that of another.
template <class Number, class T> class numbered : public growing<T> {
public:
  using growing<T>::operator[];
  constexpr T& operator[](Number n) noexcept { return this->items_[static_cast<std::size_t>(n)]; }
  constexpr const T& operator[](Number n) const noexcept { return this->items_[static_cast<std::size_t>(n)]; }

  /// Whether there is an item of this number.
  [[nodiscard]] constexpr bool has(Number n) const noexcept { return static_cast<std::size_t>(n) < this->size_; }
  /// The number of the item at a place.
  [[nodiscard]] static constexpr Number number(std::size_t place) noexcept { return static_cast<Number>(place); }

  constexpr Number add(T&& item) {
    this->push_back(static_cast<T&&>(item));
    return static_cast<Number>(this->size_ - 1);
  }
  constexpr Number add(const T& item) {
    this->push_back(item);
    return static_cast<Number>(this->size_ - 1);
  }
};

} // namespace fusegrad
