// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/kernel/tile.hpp>
#include <fusegrad/kernel/unroll.hpp>
#include <fusegrad/math/isa.hpp>
#include <fusegrad/math/vector.hpp>
#include <utility>

namespace fusegrad::kernel::inline FUSEGRAD_ABI {

/// How many rows a register tile has: the accumulators, a row of the right factor and one number in flight must fit.
constexpr int tile_rows(int vectors) noexcept {
  const int fitting = (math::register_count - 1 - vectors) / vectors;
  return fitting >= 8 ? 8 : fitting >= 6 ? 6 : 4;
}

/// Sizes that a kernel is compiled for; 0 where the call tells them. Small networks are faster where the compiler
/// knows.
struct fixed_shape {
  std::size_t rows = 0;
  std::size_t depth = 0;
  std::size_t columns = 0;
};
constexpr bool knows_nothing(fixed_shape fixed) noexcept {
  return fixed.rows == 0 && fixed.depth == 0 && fixed.columns == 0;
}

/// The left factor of a tile whose rows begin where pointers tell.
template <class T, int Rows> struct rows_at_pointers {
  const T* rows[static_cast<std::size_t>(Rows)];
  FUSEGRAD_INLINE constexpr const T& operator()(std::size_t row, std::size_t k) const noexcept { return rows[row][k]; }
};
/// Those of which `row_at(r)` tells where they begin.
template <class T, int Rows, class RowAt>
FUSEGRAD_INLINE constexpr rows_at_pointers<T, Rows> pointers_to_rows(const RowAt& row_at) noexcept {
  rows_at_pointers<T, Rows> all;
  count_to<Rows>([&](int r) FUSEGRAD_INLINE { all.rows[r] = row_at(static_cast<std::size_t>(r)); });
  return all;
}
/// One whose rows are apart by so many numbers: for distances that the compiler knows.
template <class T> struct rows_apart {
  const T* data;
  std::size_t distance;
  FUSEGRAD_INLINE constexpr const T& operator()(std::size_t row, std::size_t k) const noexcept {
    return data[row * distance + k];
  }
};
/// One whose steps of the sum are apart by so many numbers, and whose rows lie side by side.
template <class T> struct columns_at_distance {
  const T* data;
  std::size_t distance;
  FUSEGRAD_INLINE constexpr const T& operator()(std::size_t row, std::size_t k) const noexcept {
    return data[row + k * distance];
  }
};
/// The same, where each step of the sum has a row of its own.
template <class T> struct columns_at_pointers {
  const T* const* steps;
  std::size_t first;
  FUSEGRAD_INLINE constexpr const T& operator()(std::size_t row, std::size_t k) const noexcept {
    return steps[k][first + row];
  }
};

/// Whether a tile asks for what comes next while it multiplies. Where registers are few it asks before it begins: a
/// step of its sum is so short that asking takes longer than what it spares.
inline constexpr bool asks_while_multiplying = math::register_count >= 32;

/// What a tile asks for, a line of the cache with each four steps of the sum or all at once: what comes next lies in a
/// far cache, and the processor looks no further than the panel that it reads. To the second level, or to the first.
enum class cache_level : int { second = 2, first = 3 };
template <cache_level Level> class lines_ahead {
public:
  FUSEGRAD_INLINE explicit lines_ahead(const void* begin) noexcept
      : address_{reinterpret_cast<std::uintptr_t>(begin)} {}
  FUSEGRAD_INLINE void ask() noexcept {
    __builtin_prefetch(reinterpret_cast<const void*>(address_), 0, static_cast<int>(Level));
    address_ += 16;
  }
  /// All of so many bytes.
  FUSEGRAD_INLINE void ask_for(std::size_t bytes) noexcept {
    for (std::size_t asked = 0; asked < bytes; asked += 64, address_ += 64)
      __builtin_prefetch(reinterpret_cast<const void*>(address_), 0, static_cast<int>(Level));
  }

private:
  std::uintptr_t address_; // of memory that may end before: nothing happens where there is none
};
struct no_lines_ahead {
  static constexpr void ask() noexcept {}
};

/// A tile of a matrix product in registers: sum[r][v] += left(r, k) * right[k][v] for all k, in order, so that each
/// number has the same bits in every tile shape.
template <class T, int Rows, int Vectors, class Left, class Ahead = no_lines_ahead>
FUSEGRAD_INLINE inline void multiply_tile(tile<math::vector<T>, Rows, Vectors>& sum, const Left& left, const T* right,
                                          std::size_t right_stride, std::size_t depth, Ahead&& ahead = {}) {
  using vector = math::vector<T>;
  // One list of all numbers of the tile instead of nested loops: each lambda costs the compiler time.
  const auto step = [&]<std::size_t... V, std::size_t... I>(std::size_t k, std::index_sequence<V...>,
                                                            std::index_sequence<I...>) FUSEGRAD_INLINE {
    // Fenced: else GCC loads it again for each row of a low tile, and loads become the limit.
    const line<vector, Vectors> factors = {
        rounded(vector::load_aligned(right + V * static_cast<std::size_t>(vector::lanes)))...};
    vector factor;
    ((I % Vectors == 0 ? void(factor = vector(left(I / Vectors, k))) : void(),
      sum[I / Vectors][I % Vectors] = multiply_add(factor, factors[I % Vectors], sum[I / Vectors][I % Vectors])),
     ...);
    right += right_stride;
  };
  const auto one = [&](std::size_t k) FUSEGRAD_INLINE {
    step(k, std::make_index_sequence<static_cast<std::size_t>(Vectors)>{},
         std::make_index_sequence<static_cast<std::size_t>(Rows * Vectors)>{});
  };
  // Large tiles four steps at a time: what a loop costs besides is a tenth of one where another thread runs on the same
  // core. Left to the compiler's last stages: of four steps written out GCC keeps some sums in memory. Others are few,
  // and code costs the compiler time.
  if constexpr (Rows > 4 && Vectors > 1 && asks_while_multiplying) {
#pragma GCC unroll 4
    for (std::size_t k = 0; k < depth; ++k) {
      ahead.ask();
      one(k);
    }
  } else {
    for (std::size_t k = 0; k < depth; ++k) one(k);
  }
}

namespace detail {
/// Adds Count numbers, each made of vectors, in a fixed tree; the sum stands in the first.
template <int Count, int Vectors, class T>
FUSEGRAD_INLINE inline void add_in_tree(line<math::vector<T>, Vectors>* part) {
  if constexpr (Count > 1) {
    constexpr int half = Count / 2;
    count_to<half * Vectors>(
        [&](int i) FUSEGRAD_INLINE { part[i / Vectors][i % Vectors] += part[i / Vectors + half][i % Vectors]; });
    add_in_tree<half, Vectors, T>(part);
  }
}
} // namespace detail

/// One row of a matrix product. Several sums run side by side, since there are no other rows to hide the latency of an
/// addition behind; they are added at the end in a fixed tree, so the last bit may differ from that of `multiply_tile`.
/// It begins with what `sum` is. `Depth` is the depth where the compiler knows it, else 0.
template <class T, int Vectors, std::size_t Depth>
FUSEGRAD_INLINE inline void multiply_row(tile<math::vector<T>, 1, Vectors>& sum, const T* left, const T* right,
                                         std::size_t depth) {
  using vector = math::vector<T>;
  constexpr int most_chains = Vectors >= 3 ? 2 : Vectors == 2 ? 4 : 8;
  constexpr int chains = Depth == 0 || Depth >= 2 * most_chains ? most_chains : Depth >= 8 ? 4 : Depth >= 4 ? 2 : 1;
  constexpr auto width = static_cast<std::size_t>(Vectors * vector::lanes);
  tile<vector, chains, Vectors> part;
  count_to<chains * Vectors>(
      [&](int i) FUSEGRAD_INLINE { part[i / Vectors][i % Vectors] = i < Vectors ? sum[0][i] : vector(T{0}); });
  const auto add = [&](int chain, std::size_t k) FUSEGRAD_INLINE {
    const vector factor(left[k]);
    count_to<Vectors>([&](int v) FUSEGRAD_INLINE {
      part[chain][v] =
          multiply_add(factor, vector::load_aligned(right + k * width + static_cast<std::size_t>(v * vector::lanes)),
                       part[chain][v]);
    });
  };
  std::size_t k = 0;
  if constexpr (Depth != 0) {
    // What a chain begins with needs nothing to be added to; but for one, since of a sum -0 is 0.
    count_to<chains>([&](int chain) FUSEGRAD_INLINE {
      const auto at = static_cast<std::size_t>(chain);
      const vector factor(left[at]);
      count_to<Vectors>([&](int v) FUSEGRAD_INLINE {
        const vector weight = vector::load_aligned(right + at * width + static_cast<std::size_t>(v * vector::lanes));
        part[chain][v] = chain == 0 ? multiply_add(factor, weight, part[chain][v]) : rounded(factor * weight);
      });
    });
    k = static_cast<std::size_t>(chains);
  }
  for (; k + chains <= depth; k += chains)
    count_to<chains>([&](int chain) FUSEGRAD_INLINE { add(chain, k + static_cast<std::size_t>(chain)); });
  count_to<chains - 1>([&](int chain) FUSEGRAD_INLINE {
    if (k + static_cast<std::size_t>(chain) < depth) add(chain, k + static_cast<std::size_t>(chain));
  });
  detail::add_in_tree<chains, Vectors, T>(part);
  count_to<Vectors>([&](int v) FUSEGRAD_INLINE { sum[0][v] = part[0][v]; });
}

} // namespace fusegrad::kernel::inline FUSEGRAD_ABI
