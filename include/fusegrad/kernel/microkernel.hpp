// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
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

/// Where the left factor of a tile lies: rows and steps of the sum apart by so many numbers. A step of 1 is a constant
/// to the compiler.
template <bool RowsAreSamples> struct left_strides {
  std::size_t stride;
  [[gnu::always_inline]] constexpr std::size_t operator()(std::size_t row, std::size_t k) const noexcept {
    return RowsAreSamples ? row * stride + k : row + k * stride;
  }
};

/// A tile of a matrix product in registers: sum[r][v] += left(r, k) * right[k][v] for all k, in order, so that each
/// number has the same bits in every tile shape.
template <class T, int Rows, int Vectors, bool RowsAreSamples>
[[gnu::always_inline]] inline void multiply_tile(tile<math::vector<T>, Rows, Vectors>& sum, const T* left,
                                                 std::size_t left_stride, const T* right, std::size_t right_stride,
                                                 std::size_t depth) {
  using vector = math::vector<T>;
  const left_strides<RowsAreSamples> at{left_stride};
  // One list of all numbers of the tile instead of nested loops: each lambda costs the compiler time.
  const auto step = [&]<std::size_t... V, std::size_t... I>(const T* line_at, std::size_t k, std::index_sequence<V...>,
                                                            std::index_sequence<I...>) __attribute__((always_inline)) {
    // Fenced: else GCC loads it again for each row of a low tile, and loads become the limit.
    const line<vector, Vectors> factors = {
        rounded(vector::load_aligned(line_at + V * static_cast<std::size_t>(vector::lanes)))...};
    vector factor;
    ((I % Vectors == 0 ? void(factor = vector(left[at(I / Vectors, k)])) : void(),
      sum[I / Vectors][I % Vectors] = multiply_add(factor, factors[I % Vectors], sum[I / Vectors][I % Vectors])),
     ...);
  };
  for (std::size_t k = 0; k < depth; ++k, right += right_stride)
    step(right, k, std::make_index_sequence<static_cast<std::size_t>(Vectors)>{},
         std::make_index_sequence<static_cast<std::size_t>(Rows * Vectors)>{});
}

namespace detail {
/// Adds Count numbers, each made of vectors, in a fixed tree; the sum stands in the first.
template <int Count, int Vectors, class T>
[[gnu::always_inline]] inline void add_in_tree(line<math::vector<T>, Vectors>* part) {
  if constexpr (Count > 1) {
    constexpr int half = Count / 2;
    count_to<half * Vectors>([&](int i) __attribute__((always_inline)) {
      part[i / Vectors][i % Vectors] += part[i / Vectors + half][i % Vectors];
    });
    add_in_tree<half, Vectors, T>(part);
  }
}
} // namespace detail

/// One row of a matrix product. Several sums run side by side, since there are no other rows to hide the latency of an
/// addition behind; they are added at the end in a fixed tree, so the last bit may differ from that of `multiply_tile`.
/// `Depth` is the depth where the compiler knows it, else 0.
template <class T, int Vectors, std::size_t Depth>
[[gnu::always_inline]] inline void multiply_row(tile<math::vector<T>, 1, Vectors>& sum, const T* left, const T* right,
                                                std::size_t depth) {
  using vector = math::vector<T>;
  constexpr int most_chains = Vectors >= 3 ? 2 : Vectors == 2 ? 4 : 8;
  constexpr int chains = Depth == 0 || Depth >= 2 * most_chains ? most_chains : Depth >= 8 ? 4 : Depth >= 4 ? 2 : 1;
  constexpr auto width = static_cast<std::size_t>(Vectors * vector::lanes);
  tile<vector, chains, Vectors> part;
  count_to<chains * Vectors>([&](int i)
                                 __attribute__((always_inline)) { part[i / Vectors][i % Vectors] = vector(T{0}); });
  const auto add = [&](int chain, std::size_t k) __attribute__((always_inline)) {
    const vector factor(left[k]);
    count_to<Vectors>([&](int v) __attribute__((always_inline)) {
      part[chain][v] =
          multiply_add(factor, vector::load_aligned(right + k * width + static_cast<std::size_t>(v * vector::lanes)),
                       part[chain][v]);
    });
  };
  std::size_t k = 0;
  for (; k + chains <= depth; k += chains)
    count_to<chains>([&](int chain)
                         __attribute__((always_inline)) { add(chain, k + static_cast<std::size_t>(chain)); });
  count_to<chains - 1>([&](int chain) __attribute__((always_inline)) {
    if (k + static_cast<std::size_t>(chain) < depth) add(chain, k + static_cast<std::size_t>(chain));
  });
  detail::add_in_tree<chains, Vectors, T>(part);
  count_to<Vectors>([&](int v) __attribute__((always_inline)) { sum[0][v] = part[0][v]; });
}

} // namespace fusegrad::kernel::inline FUSEGRAD_ABI
