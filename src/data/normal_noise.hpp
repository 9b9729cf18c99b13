// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/base/random.hpp>
#include <span>

namespace fusegrad::data::detail {

/// Adds numbers of a normal distribution about 0, which depend on key and sample alone; none is larger than 5.8
/// standard deviations. Instantiated for float and double.
template <class T>
void add_normal_noise(std::span<T> to, T deviation, base::philox_key key, std::uint32_t sample) noexcept;

} // namespace fusegrad::data::detail
