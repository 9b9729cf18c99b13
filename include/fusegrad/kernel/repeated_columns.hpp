// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/call.hpp>
#include <fusegrad/math/vector.hpp>
#include <type_traits>
#include <utility>

namespace fusegrad::kernel::inline FUSEGRAD_ABI {

namespace detail {

/// Number `Part` of the vectors that a vector becomes where each lane is written `Times` times.
template <std::size_t Times, std::size_t Part, class T, int... Lane>
FUSEGRAD_INLINE inline math::vector<T> repeated_lanes(math::vector<T> x, std::integer_sequence<int, Lane...>) {
  constexpr int first = static_cast<int>(Part) * math::native_lanes<T>, times = static_cast<int>(Times);
  return math::vector<T>(__builtin_shufflevector(x.native, x.native, ((first + Lane) / times)...));
}
template <std::size_t Times, class T> [[gnu::noinline]] inline void repeat_vectors(const call<T>& c) noexcept {
  using vector = math::vector<T>;
  constexpr auto lanes = static_cast<std::size_t>(math::native_lanes<T>);
  using each_lane = std::make_integer_sequence<int, math::native_lanes<T>>;
  const std::size_t few = padded<T>(c.widths[0]), many = padded<T>(c.widths[1]);
  for (std::size_t row = 0; row < c.rows; ++row) {
    const T* const from = c.arguments[0].data + row * c.arguments[0].stride;
    T* const to = c.results[0].data + row * c.results[0].stride;
    for (std::size_t at = 0; at < few; at += lanes) {
      const vector x = vector::load_aligned(from + at);
      // Lanes behind the last column are zero, and so is what is made of them.
      [&]<std::size_t... Part>(std::index_sequence<Part...>) FUSEGRAD_INLINE {
        ((at * Times + Part * lanes < many
              ? repeated_lanes<Times, Part, T>(x, each_lane{}).store_aligned(to + at * Times + Part * lanes)
              : void()),
         ...);
      }(std::make_index_sequence<Times>{});
    }
  }
}

/// The sums of neighbouring lanes of two vectors.
template <class T, int... Lane>
FUSEGRAD_INLINE inline math::vector<T> pair_sums(math::vector<T> a, math::vector<T> b,
                                                 std::integer_sequence<int, Lane...>) {
  return math::vector<T>(__builtin_shufflevector(a.native, b.native, (2 * Lane)...) +
                         __builtin_shufflevector(a.native, b.native, (2 * Lane + 1)...));
}
/// A vector of sums of `Times` neighbours each, a power of two; zero behind `end`.
template <std::size_t Times, class T>
FUSEGRAD_INLINE inline math::vector<T> neighbour_sums(const T* from, std::size_t at, std::size_t end) {
  using vector = math::vector<T>;
  if constexpr (Times == 1) {
    return at < end ? vector::load_aligned(from + at) : vector(T{0});
  } else {
    constexpr auto half = Times / 2 * static_cast<std::size_t>(math::native_lanes<T>);
    return pair_sums<T>(neighbour_sums<Times / 2>(from, at, end), neighbour_sums<Times / 2>(from, at + half, end),
                        std::make_integer_sequence<int, math::native_lanes<T>>{});
  }
}
template <std::size_t Times, class T> [[gnu::noinline]] inline void sum_vectors(const call<T>& c) noexcept {
  constexpr auto lanes = static_cast<std::size_t>(math::native_lanes<T>);
  const std::size_t many = padded<T>(c.widths[0]), few = padded<T>(c.widths[1]);
  for (std::size_t row = 0; row < c.rows; ++row) {
    const T* const from = c.arguments[0].data + row * c.arguments[0].stride;
    T* const to = c.results[0].data + row * c.results[0].stride;
    for (std::size_t at = 0; at < few; at += lanes)
      neighbour_sums<Times>(from, at * Times, many).store_aligned(to + at);
  }
}

} // namespace detail

/// Each column several times, side by side: as often as the result is wider.
template <class T> constexpr void repeat_columns(const call<T>& c) noexcept {
  const std::size_t times = c.widths[1] / c.widths[0];
  if (!__builtin_is_constant_evaluated()) {
    if (times == 2) return detail::repeat_vectors<2>(c);
    if (times == 3) return detail::repeat_vectors<3>(c);
    if (times == 4) return detail::repeat_vectors<4>(c);
  }
  for (std::size_t row = 0; row < c.rows; ++row) {
    const T* const from = c.arguments[0].data + row * c.arguments[0].stride;
    T* to = c.results[0].data + row * c.results[0].stride;
    for (std::size_t i = 0; i < c.widths[0]; ++i)
      for (std::size_t k = 0; k < times; ++k) *to++ = from[i];
    for (std::size_t i = c.widths[1]; i < padded<T>(c.widths[1]); ++i) *to++ = T{};
  }
}

/// The way back: the sum of each column's copies.
template <class T> constexpr void sum_repeated_columns(const call<T>& c) noexcept {
  const std::size_t times = c.widths[0] / c.widths[1];
  if (!__builtin_is_constant_evaluated()) {
    if (times == 2) return detail::sum_vectors<2>(c);
    if (times == 4) return detail::sum_vectors<4>(c);
  }
  for (std::size_t row = 0; row < c.rows; ++row) {
    const T* from = c.arguments[0].data + row * c.arguments[0].stride;
    T* const to = c.results[0].data + row * c.results[0].stride;
    for (std::size_t i = 0; i < padded<T>(c.widths[1]); ++i) {
      T sum{};
      for (std::size_t k = 0; k < times && i < c.widths[1]; ++k) sum += *from++;
      to[i] = sum;
    }
  }
}

} // namespace fusegrad::kernel::inline FUSEGRAD_ABI
