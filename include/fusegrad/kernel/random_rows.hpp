// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/base/random.hpp>
#include <fusegrad/kernel/call.hpp>
#include <fusegrad/math/vector.hpp>
#include <type_traits>

namespace fusegrad::kernel::inline FUSEGRAD_ABI {

namespace detail {

inline constexpr std::size_t random_blocks = 16;
/// How many columns share one group of blocks.
inline constexpr std::size_t random_group = 4 * random_blocks;

/// One block of Philox4x32-7, for constant expressions.
constexpr void random_words_plainly(std::uint32_t (&out)[random_group], base::philox_key key, std::uint32_t group,
                                    std::uint32_t sample, std::uint32_t stream) noexcept {
  for (std::uint32_t b = 0; b < random_blocks; ++b) {
    const auto words = base::philox<7>({group * static_cast<std::uint32_t>(random_blocks) + b, sample, stream, 0}, key);
    for (std::size_t w = 0; w < 4; ++w) out[w * random_blocks + b] = words[w];
  }
}

/// Sixteen blocks of Philox4x32-7 side by side: word w of block b is column 16 w + b. The same for every instruction
/// set. In loops over plain integers GCC 12 makes code that takes five times as long.
inline void random_words(std::uint32_t (&out)[random_group], base::philox_key key, std::uint32_t group,
                         std::uint32_t sample, std::uint32_t stream) noexcept {
  constexpr int lanes = math::native_lanes<double>, vectors = static_cast<int>(random_blocks) / lanes;
  using wide = math::intrinsics::native_t<std::uint64_t, lanes>;
  constexpr std::uint64_t first_factor = 0xD2511F53u, second_factor = 0xCD9E8D57u, low = 0xFFFFFFFFu;
  wide a[vectors], b[vectors], c[vectors], d[vectors];
  for (int v = 0; v < vectors; ++v) {
    a[v] = math::intrinsics::lane_numbers<std::uint64_t, lanes>() +
           (group * std::uint64_t{random_blocks} + static_cast<std::uint64_t>(v * lanes));
    b[v] = wide{} + sample;
    c[v] = wide{} + stream;
    d[v] = wide{};
  }
  for (int round = 0; round < 7; ++round) {
    for (int v = 0; v < vectors; ++v) {
      const wide first = (a[v] & low) * first_factor, second = (c[v] & low) * second_factor;
      a[v] = (second >> 32) ^ b[v] ^ static_cast<std::uint64_t>(key[0]);
      c[v] = (first >> 32) ^ d[v] ^ static_cast<std::uint64_t>(key[1]);
      b[v] = second & low;
      d[v] = first & low;
    }
    key[0] += 0x9E3779B9u;
    key[1] += 0xBB67AE85u;
  }
  for (int v = 0; v < vectors; ++v)
    for (int i = 0; i < lanes; ++i) {
      const auto at = static_cast<std::size_t>(v * lanes + i);
      out[at] = static_cast<std::uint32_t>(a[v][i]);
      out[random_blocks + at] = static_cast<std::uint32_t>(b[v][i]);
      out[2 * random_blocks + at] = static_cast<std::uint32_t>(c[v][i]);
      out[3 * random_blocks + at] = static_cast<std::uint32_t>(d[v][i]);
    }
}

} // namespace detail

/// Calls `use(column, number)` for the random numbers of a sample, uniform in [0, 1), multiples of 2^-24: each depends
/// on key, stream, sample and column alone.
template <class T, class Use>
constexpr void each_random_number(const call<T>& c, std::size_t sample, std::size_t columns, Use use) noexcept {
  for (std::size_t first = 0; first < columns; first += detail::random_group) {
    std::uint32_t words[detail::random_group]{};
    const auto group = static_cast<std::uint32_t>(first / detail::random_group),
               number = static_cast<std::uint32_t>(c.first_sample + sample);
    if (__builtin_is_constant_evaluated())
      detail::random_words_plainly(words, c.random_key, group, number, c.random_stream);
    else
      detail::random_words(words, c.random_key, group, number, c.random_stream);
    const std::size_t count = columns - first < detail::random_group ? columns - first : detail::random_group;
    for (std::size_t i = 0; i < count; ++i)
      use(first + i, static_cast<T>(static_cast<std::int32_t>(words[i] >> 8)) * static_cast<T>(0x1p-24));
  }
}

/// Fills rows with random numbers.
template <class T> constexpr void random_rows(const call<T>& c) noexcept {
  for (std::size_t row = 0; row < c.rows; ++row) {
    T* const to = c.results[0].data + row * c.results[0].stride;
    each_random_number(c, row, c.columns, [&](std::size_t column, T number) { to[column] = number; });
    for (std::size_t i = c.columns; i < padded<T>(c.columns); ++i) to[i] = T{};
  }
}

/// Fills images: the numbers are counted over all positions, wherever these lie.
template <class T> constexpr void random_images(const call<T>& c) noexcept {
  const place<T>& made = c.results[0];
  for (std::size_t sample = 0; sample < c.samples; ++sample) {
    std::size_t y = 0, x = 0, column = 0;
    T* row = made.data + sample * made.sample_step;
    each_random_number(c, sample, c.image_rows * c.rows * c.columns, [&](std::size_t, T number) {
      row[column] = number;
      if (++column < c.columns) return;
      for (; column < padded<T>(c.columns); ++column) row[column] = T{};
      column = 0;
      if (++x == c.rows) x = 0, ++y;
      row = made.data + sample * made.sample_step + y * made.row_step + x * made.stride;
    });
  }
}

} // namespace fusegrad::kernel::inline FUSEGRAD_ABI
