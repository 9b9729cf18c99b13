// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/config.hpp>

namespace fusegrad {

namespace base {
/// Whether a compiler keeps equal items of an array in a constant as one, until they are written to: room to spare
/// costs nothing then. Clang makes each.
#if defined(__GNUC__) && !defined(__clang__)
inline constexpr bool unwritten_room_is_free = true;
#else
inline constexpr bool unwritten_room_is_free = false;
#endif
/// Whether a compiler copies memory at once in constant evaluation, which takes a tenth of the time of a loop.
#if defined(__clang__)
inline constexpr bool copies_at_once = true;
#else
inline constexpr bool copies_at_once = false;
#endif
/// Whether nothing happens where an item ends. `std::is_trivially_destructible` asks the compiler no more than this,
/// through a dozen classes for each type.
#if defined(__GNUC__) && !defined(__clang__)
template <class T> inline constexpr bool ends_without_work = __has_trivial_destructor(T);
#else
template <class T> inline constexpr bool ends_without_work = __is_trivially_destructible(T);
#endif
} // namespace base

namespace detail {
/// Memory for the items of a growing list in constant evaluation: an array within a class. g++ starts each item of
/// `new T[n]{}` by itself, which takes longer than all that is done with most lists, and those of a member as one.
template <class T> struct block {
  static constexpr std::size_t count = 16384;
  T items[count]{};
};
} // namespace detail

/// An array that grows at its end, made for constant evaluation: libstdc++ 12's `std::vector` is refused there by
/// Clang in several forms, and costs more to include than the whole expression language.
template <class T> class growing {
public:
  constexpr growing() = default;
  constexpr growing(const growing& other) {
    if (other.size_ == 0) return;
    take_memory(other.size_);
    copy(other.items_, other.size_, items_);
    size_ = other.size_;
  }
  constexpr growing(growing&& other) noexcept
      : items_{other.items_}, size_{other.size_}, capacity_{other.capacity_}, block_{other.block_} {
    other.items_ = nullptr;
    other.block_ = nullptr;
    other.size_ = other.capacity_ = 0;
  }
  constexpr growing& operator=(const growing& other) {
    if (this == &other) return *this;
    clear();
    append(other);
    return *this;
  }
  // Plain assignments: in constant evaluation every call of std::swap or std::exchange costs more than all of this.
  constexpr growing& operator=(growing&& other) noexcept {
    if (this == &other) return *this;
    release(block_, items_);
    items_ = other.items_;
    size_ = other.size_;
    capacity_ = other.capacity_;
    block_ = other.block_;
    other.items_ = nullptr;
    other.block_ = nullptr;
    other.size_ = other.capacity_ = 0;
    return *this;
  }
  constexpr ~growing() { release(block_, items_); }

  constexpr void push_back(const T& item) {
    if (size_ < capacity_) {
      items_[size_++] = item;
      return;
    }
    T copy = item; // the item may live in this very array
    reserve(capacity_ == 0 ? 8 : 2 * capacity_);
    items_[size_++] = static_cast<T&&>(copy);
  }
  constexpr void push_back(T&& item) {
    if (size_ == capacity_) {
      T moved = static_cast<T&&>(item);
      reserve(capacity_ == 0 ? 8 : 2 * capacity_);
      items_[size_++] = static_cast<T&&>(moved);
      return;
    }
    items_[size_++] = static_cast<T&&>(item);
  }

  constexpr void append(const growing& other) { append(other.items_, other.size_); }
  /// Items that lie elsewhere.
  constexpr void append(const T* items, std::size_t count) {
    reserve(size_ + count);
    copy(items, count, items_ + size_);
    size_ += count;
  }

  /// Takes memory for at least `count` items.
  constexpr void reserve(std::size_t count) {
    if (count <= capacity_) return;
    T* const from = items_;
    detail::block<T>* const block = block_;
    take_memory(count);
    if constexpr (__is_trivially_copyable(T))
      copy(from, size_, items_);
    else
      for (std::size_t i = 0; i < size_; ++i) items_[i] = static_cast<T&&>(from[i]);
    release(block, from);
  }

  /// Makes the array `count` items long; new items are value-initialised, as fresh memory is.
  constexpr void resize(std::size_t count) {
    const std::size_t used = capacity_ < count ? capacity_ : count;
    reserve(count);
    for (std::size_t i = size_; i < used; ++i) items_[i] = T{};
    size_ = count;
  }

  constexpr void clear() noexcept { size_ = 0; }
  constexpr void pop_back() noexcept { --size_; }

  [[nodiscard]] constexpr std::size_t size() const noexcept { return size_; }
  [[nodiscard]] constexpr bool empty() const noexcept { return size_ == 0; }
  constexpr T& operator[](std::size_t i) noexcept { return items_[i]; }
  constexpr const T& operator[](std::size_t i) const noexcept { return items_[i]; }
  constexpr T& back() noexcept { return items_[size_ - 1]; }
  constexpr const T& back() const noexcept { return items_[size_ - 1]; }
  constexpr T* begin() noexcept { return items_; }
  constexpr T* end() noexcept { return items_ + size_; }
  constexpr const T* begin() const noexcept { return items_; }
  constexpr const T* end() const noexcept { return items_ + size_; }

  friend constexpr bool operator==(const growing& a, const growing& b) {
    if (a.size_ != b.size_) return false;
    for (std::size_t i = 0; i < a.size_; ++i)
      if (!(a[i] == b[i])) return false;
    return true;
  }

protected:
  T* items_ = nullptr;
  std::size_t size_ = 0;

private:
  static constexpr void copy(const T* from, std::size_t count, T* to) {
    if constexpr (base::copies_at_once && __is_trivially_copyable(T)) {
      if (count != 0) __builtin_memcpy(to, from, count * sizeof(T));
    } else {
      for (std::size_t i = 0; i < count; ++i) to[i] = from[i];
    }
  }
  constexpr void take_memory(std::size_t count) {
    // Items that have to be destroyed would be, each, used or not.
    if constexpr (base::unwritten_room_is_free && base::ends_without_work<T>)
      if (__builtin_is_constant_evaluated() && count <= detail::block<T>::count) {
        block_ = new detail::block<T>;
        items_ = block_->items;
        capacity_ = detail::block<T>::count;
        return;
      }
    block_ = nullptr;
    items_ = new T[count]{};
    capacity_ = count;
  }
  static constexpr void release(detail::block<T>* block, T* items) {
    if (block != nullptr)
      delete block;
    else
      delete[] items;
  }

  std::size_t capacity_ = 0;
  detail::block<T>* block_ = nullptr;
};

} // namespace fusegrad
