// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/config.hpp>
#include <fusegrad/base/raise.hpp>

namespace fusegrad {

/// A few items in place. In constant evaluation GCC copies it as one value, many times faster than what it would
/// interpret for an array on the heap.
template <class T, std::size_t Most> class short_list {
public:
  constexpr short_list() = default;

  constexpr void push_back(const T& item) {
    if (size_ == Most)
      base::end_constant_evaluation("fusegrad: an operation has more inputs or outputs than the planner holds");
    at_.items[size_++] = item;
  }
  constexpr void clear() noexcept { size_ = 0; }
  [[nodiscard]] constexpr std::size_t size() const noexcept { return size_; }
  [[nodiscard]] constexpr bool empty() const noexcept { return size_ == 0; }
  constexpr T& operator[](std::size_t i) noexcept { return at_.items[i]; }
  constexpr const T& operator[](std::size_t i) const noexcept { return at_.items[i]; }
  constexpr const T& back() const noexcept { return at_.items[size_ - 1]; }
  constexpr const T* begin() const noexcept { return at_.items; }
  constexpr const T* end() const noexcept { return at_.items + size_; }

  friend constexpr bool operator==(const short_list& a, const short_list& b) {
    if (a.size_ != b.size_) return false;
    for (std::size_t i = 0; i < a.size_; ++i)
      if (!(a.at_.items[i] == b.at_.items[i])) return false;
    return true;
  }

private:
  struct block {
    T items[Most]{};
  };
  /// What a list begins as. Clang starts each item of an array by itself, which takes three times as long as to copy
  /// all of them.
  static constexpr block nothing{};

  block at_ = nothing;
  std::size_t size_ = 0;
};

} // namespace fusegrad
