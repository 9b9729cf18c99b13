// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <fusegrad/base/random.hpp>

namespace fusegrad::execution {

/// The key of what layers draw in a step: a pass with this seed and number has these masks, whoever makes it.
constexpr base::philox_key random_key(std::uint64_t seed, std::uint64_t step) noexcept {
  constexpr std::uint64_t purpose_of_random_rows = 0x6D61736B73u;
  const base::philox_counter words = base::random_stream(seed).child(purpose_of_random_rows).block(step);
  return {words[0], words[1]};
}

} // namespace fusegrad::execution
