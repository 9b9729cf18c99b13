// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <fusegrad/base/config.hpp>
#include <span>

namespace fusegrad::base {

/// Whether some number lies in both.
template <class T> bool overlap(std::span<const T> a, std::span<const T> b) noexcept {
  // As numbers: of pointers into different arrays neither is the smaller.
  const auto first = reinterpret_cast<std::uintptr_t>(a.data()), second = reinterpret_cast<std::uintptr_t>(b.data());
  return first < second + b.size_bytes() && second < first + a.size_bytes();
}

} // namespace fusegrad::base
