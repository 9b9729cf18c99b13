// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/base/random.hpp>
#include <fusegrad/kernel/call.hpp>

namespace fusegrad::kernel {

namespace detail {

inline constexpr std::size_t random_blocks = 16;
/// How many columns share one group of blocks.
inline constexpr std::size_t random_group = 4 * random_blocks;

/// Sixteen blocks of Philox4x32-7 side by side, in loops that compilers turn into vector code: word w of block b is column 16 w + b.
/// The same for every instruction set.
constexpr void random_words(std::uint32_t (&out)[random_group], base::philox_key key, std::uint32_t group, std::uint32_t sample, std::uint32_t stream) noexcept {
  std::uint32_t a[random_blocks]{}, b[random_blocks]{}, c[random_blocks]{}, d[random_blocks]{};
  for (std::uint32_t i = 0; i < random_blocks; ++i) {
    a[i] = group * static_cast<std::uint32_t>(random_blocks) + i;
    b[i] = sample;
    c[i] = stream;
  }
  for (int round = 0; round < 7; ++round) {
    for (std::size_t i = 0; i < random_blocks; ++i) {
      const std::uint64_t first = std::uint64_t{0xD2511F53u} * a[i], second = std::uint64_t{0xCD9E8D57u} * c[i];
      a[i] = static_cast<std::uint32_t>(second >> 32) ^ b[i] ^ key[0];
      c[i] = static_cast<std::uint32_t>(first >> 32) ^ d[i] ^ key[1];
      b[i] = static_cast<std::uint32_t>(second);
      d[i] = static_cast<std::uint32_t>(first);
    }
    key[0] += 0x9E3779B9u;
    key[1] += 0xBB67AE85u;
  }
  for (std::size_t i = 0; i < random_blocks; ++i) {
    out[i] = a[i];
    out[random_blocks + i] = b[i];
    out[2 * random_blocks + i] = c[i];
    out[3 * random_blocks + i] = d[i];
  }
}

} // namespace detail

/// Fills rows with random numbers, uniform in [0, 1), multiples of 2^-24: each depends on key, stream, sample and column alone.
template <class T> constexpr void random_rows(const call<T>& c) noexcept {
  for (std::size_t row = 0; row < c.rows; ++row) {
    T* const to = c.results[0].data + row * c.results[0].stride;
    for (std::size_t first = 0; first < c.columns; first += detail::random_group) {
      std::uint32_t words[detail::random_group]{};
      detail::random_words(words, c.random_key, static_cast<std::uint32_t>(first / detail::random_group), static_cast<std::uint32_t>(c.first_sample + row),
                           c.random_stream);
      const std::size_t count = c.columns - first < detail::random_group ? c.columns - first : detail::random_group;
      for (std::size_t i = 0; i < count; ++i) to[first + i] = static_cast<T>(static_cast<std::int32_t>(words[i] >> 8)) * static_cast<T>(0x1p-24);
    }
    for (std::size_t i = c.columns; i < padded<T>(c.columns); ++i) to[i] = T{};
  }
}

} // namespace fusegrad::kernel
