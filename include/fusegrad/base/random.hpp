// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/base/inverse_normal.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

/// Counter-based random numbers: every number is a pure function of (seed, stream, index), so that results
/// depend neither on the number of threads nor on the order in which they ask.
namespace fusegrad::base {

using philox_counter = std::array<std::uint32_t, 4>;
using philox_key = std::array<std::uint32_t, 2>;

/// The Philox4x32 block function: 128 random bits from a 128-bit counter and a 64-bit key. Seven rounds pass all known
/// tests; ten are what its authors advise where time does not matter. Source: Salmon, Moraes, Dror, Shaw, "Parallel
/// random numbers: as easy as 1, 2, 3", SC 2011.
template <int Rounds = 10> constexpr philox_counter philox(philox_counter counter, philox_key key) noexcept {
  for (int round = 0; round < Rounds; ++round) {
    const std::uint64_t first = std::uint64_t{0xD2511F53u} * counter[0];
    const std::uint64_t second = std::uint64_t{0xCD9E8D57u} * counter[2];
    counter = {static_cast<std::uint32_t>(second >> 32) ^ counter[1] ^ key[0], static_cast<std::uint32_t>(second),
               static_cast<std::uint32_t>(first >> 32) ^ counter[3] ^ key[1], static_cast<std::uint32_t>(first)};
    key[0] += 0x9E3779B9u;
    key[1] += 0xBB67AE85u;
  }
  return counter;
}

/// A random sequence that is addressed by index and has no state.
///
/// The seed is the key; stream and index share the counter: two streams of one seed never overlap. Every
/// member function cuts its numbers from the same bits, so draw from one stream with one function only, or
/// take children.
class random_stream {
public:
  constexpr explicit random_stream(std::uint64_t seed, std::uint64_t stream = 0) noexcept
      : seed_(seed), stream_(stream) {}

  /// A stream of its own for each `id` (a layer, a step, a purpose); nest it for several ids.
  /// Distinct paths give distinct streams except with a probability of about 2^-64 for each pair.
  constexpr random_stream child(std::uint64_t id) const noexcept {
    // Another key than block() uses: a child never equals bits the parent hands out.
    constexpr std::uint64_t derivation = 0x6368696C64726E67u;
    const auto words = philox(counter(id), key(seed_ ^ derivation));
    return random_stream(join(words[0], words[1]), join(words[2], words[3]));
  }

  /// Four words at once: bits(4 * index) to bits(4 * index + 3).
  constexpr philox_counter block(std::uint64_t index) const noexcept { return philox(counter(index), key(seed_)); }

  /// 32 random bits.
  constexpr std::uint32_t bits(std::uint64_t index) const noexcept { return block(index / 4)[index % 4]; }

  /// 64 random bits.
  constexpr std::uint64_t bits64(std::uint64_t index) const noexcept {
    const auto words = block(index / 2);
    return index % 2 == 0 ? join(words[0], words[1]) : join(words[2], words[3]);
  }

  /// A number in [0, 1), a multiple of 2^-53 (double) or 2^-24 (float).
  template <std::floating_point Real = double> constexpr Real uniform(std::uint64_t index) const noexcept {
    if constexpr (sizeof(Real) < sizeof(double)) {
      return static_cast<Real>(bits(index) >> 8) * static_cast<Real>(0x1p-24);
    } else {
      return static_cast<Real>(bits64(index) >> 11) * static_cast<Real>(0x1p-53);
    }
  }

  /// A number of the standard normal distribution, by inversion; its absolute value is below 8.3.
  template <std::floating_point Real = double> constexpr Real normal(std::uint64_t index) const noexcept {
    // 52 bits and a half: never 0 or 1, symmetric about 1/2, and exact in a double.
    const double probability = (static_cast<double>(bits64(index) >> 12) + 0.5) * 0x1p-52;
    return static_cast<Real>(inverse_normal(probability));
  }

  /// An integer in [0, n), 0 if n is 0; multiply-shift of 64 bits, so the bias is below 2^-32.
  constexpr std::uint32_t below(std::uint64_t index, std::uint32_t n) const noexcept {
    const std::uint64_t word = bits64(index);
    const std::uint64_t low = (word & 0xFFFFFFFFu) * n;
    return static_cast<std::uint32_t>(((word >> 32) * n + (low >> 32)) >> 32);
  }

  friend constexpr bool operator==(const random_stream&, const random_stream&) = default;

private:
  static constexpr std::uint64_t join(std::uint32_t low, std::uint32_t high) noexcept {
    return std::uint64_t{high} << 32 | low;
  }
  static constexpr philox_key key(std::uint64_t seed) noexcept {
    return {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)};
  }
  constexpr philox_counter counter(std::uint64_t index) const noexcept {
    return {static_cast<std::uint32_t>(index), static_cast<std::uint32_t>(index >> 32),
            static_cast<std::uint32_t>(stream_), static_cast<std::uint32_t>(stream_ >> 32)};
  }

  std::uint64_t seed_;
  std::uint64_t stream_;
};

/// Shuffles up to 2^32 - 1 items in place (Fisher-Yates); all orders are equally likely.
template <class Item> constexpr void shuffle(Item* items, std::size_t count, const random_stream& stream) noexcept {
  for (std::size_t left = count; left > 1; --left) {
    const std::size_t chosen = stream.below(left, static_cast<std::uint32_t>(left));
    Item last = static_cast<Item&&>(items[left - 1]);
    items[left - 1] = static_cast<Item&&>(items[chosen]);
    items[chosen] = static_cast<Item&&>(last);
  }
}
template <class Item, std::size_t Extent>
constexpr void shuffle(std::span<Item, Extent> items, const random_stream& stream) noexcept {
  shuffle(items.data(), items.size(), stream);
}

/// The stream that orders samples in a given epoch.
constexpr random_stream permutation_stream(std::uint64_t seed, std::uint64_t epoch) noexcept {
  constexpr std::uint64_t purpose = 0x7065726D75746174u;
  return random_stream(seed).child(purpose).child(epoch);
}

/// The numbers 0 to n - 1.
inline std::vector<std::uint32_t> numbers_to(std::size_t n) {
  std::vector<std::uint32_t> all(n);
  for (std::size_t i = 0; i < n; ++i) all[i] = static_cast<std::uint32_t>(i);
  return all;
}
/// The numbers 0 to n - 1 in an order that depends on seed and epoch alone, the same on every platform.
inline std::vector<std::uint32_t> permutation(std::uint32_t n, std::uint64_t seed, std::uint64_t epoch = 0) {
  std::vector<std::uint32_t> order = numbers_to(n);
  shuffle(order.data(), order.size(), permutation_stream(seed, epoch));
  return order;
}

} // namespace fusegrad::base
