// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/base/config.hpp>
#include <limits>

namespace fusegrad::base::inline FUSEGRAD_ABI {

/// Whether a number is neither infinite nor NaN.
template <class T> constexpr bool is_finite(T x) noexcept {
  return x >= std::numeric_limits<T>::lowest() && x <= std::numeric_limits<T>::max();
}

} // namespace fusegrad::base::inline FUSEGRAD_ABI
