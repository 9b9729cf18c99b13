// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/tensor/buffer.hpp>
#include <type_traits>

namespace fusegrad::functions::inline FUSEGRAD_ABI {

namespace detail {
/// The memory that a thread keeps for its calls: it grows, and is not given back before the thread ends.
template <class T> T* kept_memory(std::size_t count) {
  static thread_local tensor::buffer<T> memory;
  if (memory.size() < count) {
    memory = {}; // the old one is given back first
    memory = tensor::buffer<T>(count);
  }
  return memory.data();
}
} // namespace detail

/// Memory for the sums of one call. The first call of a thread that needs so much allocates it, the next do not.
template <class T> class scratch {
public:
  constexpr explicit scratch(std::size_t count) {
    if (__builtin_is_constant_evaluated()) {
      own_ = tensor::buffer<T>(count);
      data_ = own_.data();
    } else {
      data_ = detail::kept_memory<T>(count);
    }
  }
  [[nodiscard]] constexpr T* data() const noexcept { return data_; }

private:
  tensor::buffer<T> own_;
  T* data_ = nullptr;
};

} // namespace fusegrad::functions::inline FUSEGRAD_ABI
