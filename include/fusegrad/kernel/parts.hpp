// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/call.hpp>

namespace fusegrad::kernel::inline FUSEGRAD_ABI {

namespace detail {
template <class T> constexpr void copy_columns(const T* from, T* to, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) to[i] = from[i];
}
} // namespace detail

/// One row into consecutive parts, each padded with zeros.
template <class T> constexpr void split(const call<T>& c, std::size_t parts) noexcept {
  for (std::size_t row = 0; row < c.rows; ++row) {
    const T* from = c.arguments[0].data + row * c.arguments[0].stride;
    for (std::size_t k = 0; k < parts; ++k) {
      T* to = c.results[k].data + row * c.results[k].stride;
      detail::copy_columns(from, to, c.widths[k]);
      for (std::size_t i = c.widths[k]; i < padded<T>(c.widths[k]); ++i) to[i] = T{};
      from += c.widths[k];
    }
  }
}

/// Consecutive parts into one row, padded with zeros.
template <class T> constexpr void concat(const call<T>& c, std::size_t parts) noexcept {
  for (std::size_t row = 0; row < c.rows; ++row) {
    T* const begin = c.results[0].data + row * c.results[0].stride;
    T* to = begin;
    for (std::size_t k = 0; k < parts; ++k) {
      detail::copy_columns(c.arguments[k].data + row * c.arguments[k].stride, to, c.widths[k]);
      to += c.widths[k];
    }
    for (T* const end = begin + padded<T>(static_cast<std::size_t>(to - begin)); to < end; ++to) *to = T{};
  }
}

} // namespace fusegrad::kernel::inline FUSEGRAD_ABI
