// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/math/vector.hpp>
#include <utility>

// Rows of a table become registers of columns. Number by number that costs more than what is then computed of them.
namespace fusegrad::functions::inline FUSEGRAD_ABI {

namespace detail {

/// The lanes `Index...` of two registers one behind the other.
template <class V, std::size_t... Index>
FUSEGRAD_INLINE inline auto lanes_of(V a, V b, std::index_sequence<Index...>) noexcept {
  return __builtin_shufflevector(a, b, static_cast<int>(Index)...);
}
template <std::size_t Step, bool Second, std::size_t... Lane>
constexpr auto exchanged_lanes(std::index_sequence<Lane...>) {
  constexpr std::size_t count = sizeof...(Lane);
  return std::index_sequence<(Second ? ((Lane & Step) != 0 ? count + Lane : Lane + Step)
                                     : ((Lane & Step) != 0 ? count + Lane - Step : Lane))...>{};
}

/// `Chunk` numbers of each of some rows that lie `Apart` numbers apart, one behind the other in a register.
template <std::size_t Chunk, std::size_t Lanes, std::size_t Apart, class T>
FUSEGRAD_INLINE inline auto packed_rows(const T* from) noexcept {
  if constexpr (Chunk == Lanes) {
    math::intrinsics::native_t<T, static_cast<int>(Lanes)> out;
    __builtin_memcpy(&out, from, sizeof(out));
    return out;
  } else {
    constexpr std::size_t half = Lanes / 2;
    return lanes_of(packed_rows<Chunk, half, Apart>(from), packed_rows<Chunk, half, Apart>(from + half / Chunk * Apart),
                    std::make_index_sequence<Lanes>{});
  }
}

/// A square of `Chunk` rows and columns is turned around in steps, each of which exchanges what stands off the diagonal
/// of blocks of two by two.
template <std::size_t Step, std::size_t Chunk, std::size_t Lanes, class V>
FUSEGRAD_INLINE inline void turn_around(V* rows) noexcept {
  if constexpr (Step < Chunk) {
    constexpr std::make_index_sequence<Lanes> all{};
    [&]<std::size_t... J>(std::index_sequence<J...>) FUSEGRAD_INLINE {
      const auto exchange = [&]<std::size_t I>(std::integral_constant<std::size_t, I>) FUSEGRAD_INLINE {
        if constexpr ((I & Step) == 0) {
          const V a = rows[I], b = rows[I + Step];
          rows[I] = lanes_of(a, b, exchanged_lanes<Step, false>(all));
          rows[I + Step] = lanes_of(a, b, exchanged_lanes<Step, true>(all));
        }
      };
      (exchange(std::integral_constant<std::size_t, J>{}), ...);
    }(std::make_index_sequence<Chunk>{});
    turn_around<2 * Step, Chunk, Lanes>(rows);
  }
}

template <class T> inline constexpr std::size_t least_chunk = 16 / sizeof(T); ///< what the smallest registers hold

/// The largest power of two that fits.
constexpr std::size_t chunk_of(std::size_t columns, std::size_t lanes) {
  std::size_t chunk = 1;
  while (2 * chunk <= columns && 2 * chunk <= lanes) chunk *= 2;
  return chunk;
}

} // namespace detail

/// Columns `First` to `Width` of as many rows as a register has lanes.
template <std::size_t Width, std::size_t First = 0, class Lanes, class T>
FUSEGRAD_INLINE inline void load_rows(Lanes* to, const T* from) noexcept {
  constexpr auto lanes = static_cast<std::size_t>(Lanes::lanes);
  constexpr std::size_t chunk = detail::chunk_of(Width - First, lanes);
  if constexpr (chunk < detail::least_chunk<T>) {
    to[First] = [&]<std::size_t... I>(std::index_sequence<I...>) FUSEGRAD_INLINE {
      return Lanes(typename Lanes::native_type{from[I * Width + First]...});
    }(std::make_index_sequence<lanes>{});
    if constexpr (First + 1 < Width) load_rows<Width, First + 1>(to, from);
  } else {
    [&]<std::size_t... J>(std::index_sequence<J...>) FUSEGRAD_INLINE {
      typename Lanes::native_type rows[chunk]{
          detail::packed_rows<chunk, lanes, chunk * Width>(from + J * Width + First)...};
      detail::turn_around<1, chunk, lanes>(rows);
      ((to[First + J] = Lanes(rows[J])), ...);
    }(std::make_index_sequence<chunk>{});
    if constexpr (First + chunk < Width) load_rows<Width, First + chunk>(to, from);
  }
}

} // namespace fusegrad::functions::inline FUSEGRAD_ABI
