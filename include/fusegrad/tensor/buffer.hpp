// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/size_product.hpp>
#include <fusegrad/tensor/huge_pages.hpp>
#include <new>
#include <type_traits>
#include <utility>

namespace fusegrad::tensor {

/// Where every buffer starts: a cache line, and the widest vector.
inline constexpr std::size_t alignment = 64;

namespace detail {
// In functions without a type of number: they would else be compiled for each.
inline std::align_val_t alignment_for(std::size_t bytes) noexcept {
  return std::align_val_t{lies_on_huge_pages(bytes) ? huge_page : alignment};
}
[[gnu::noinline]] inline void* take_bytes(std::size_t bytes) {
  const std::size_t taken = whole_pages(bytes);
  void* const at = ::operator new(taken, alignment_for(bytes));
  if (lies_on_huge_pages(taken)) ask_for_huge_pages(at, taken);
  return at;
}
[[gnu::noinline]] inline void* take_zeros(std::size_t bytes) {
  void* const at = take_bytes(bytes);
  __builtin_memset(at, 0, bytes);
  return at;
}
// Not in the destructor of a buffer: Clang takes one that names ::operator delete for constant, and leaves it out where
// a local variable ends.
[[gnu::noinline]] inline void give_back(void* at, std::size_t bytes) noexcept {
  ::operator delete(at, alignment_for(bytes));
}
} // namespace detail

/// Owned numbers, aligned for vectors and zero at first. Throws std::length_error for more than memory can have. It can
/// be used in constant evaluation, where alignment means nothing.
template <class T> class buffer {
public:
  constexpr buffer() = default;
  constexpr explicit buffer(std::size_t size) : size_{size} {
    if (size == 0) return;
    if (size > base::too_many_numbers) base::refuse_size("a buffer");
    if (__builtin_is_constant_evaluated()) {
      items_ = new T[size]{};
    } else if constexpr (std::is_arithmetic_v<T> || std::is_pointer_v<T>) {
      items_ = static_cast<T*>(detail::take_zeros(size * sizeof(T)));
    } else {
      items_ = static_cast<T*>(detail::take_bytes(size * sizeof(T)));
      for (std::size_t i = 0; i < size; ++i) ::new (static_cast<void*>(items_ + i)) T{};
    }
  }
  constexpr buffer(const buffer& other) : buffer(other.size_) {
    for (std::size_t i = 0; i < size_; ++i) items_[i] = other.items_[i];
  }
  constexpr buffer(buffer&& other) noexcept
      : items_{std::exchange(other.items_, nullptr)}, size_{std::exchange(other.size_, 0)} {}
  constexpr buffer& operator=(buffer other) noexcept {
    std::swap(items_, other.items_);
    std::swap(size_, other.size_);
    return *this;
  }
  constexpr ~buffer() {
    if (__builtin_is_constant_evaluated())
      delete[] items_;
    else
      detail::give_back(items_, size_ * sizeof(T));
  }

  [[nodiscard]] constexpr std::size_t size() const noexcept { return size_; }
  [[nodiscard]] constexpr T* data() noexcept { return items_; }
  [[nodiscard]] constexpr const T* data() const noexcept { return items_; }
  constexpr T& operator[](std::size_t i) noexcept { return items_[i]; }
  constexpr const T& operator[](std::size_t i) const noexcept { return items_[i]; }
  constexpr T* begin() noexcept { return items_; }
  constexpr T* end() noexcept { return items_ + size_; }
  constexpr const T* begin() const noexcept { return items_; }
  constexpr const T* end() const noexcept { return items_ + size_; }

private:
  static_assert(std::is_trivially_copyable_v<T>);
  T* items_ = nullptr;
  std::size_t size_ = 0;
};

} // namespace fusegrad::tensor
