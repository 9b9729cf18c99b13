// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/unroll.hpp>
#include <fusegrad/math/isa.hpp>
#include <fusegrad/math/vector.hpp>

namespace fusegrad::kernel {

/// How many vectors of columns a register tile has: the widest that fits, in blocks of equal width where possible.
constexpr int tile_vectors(std::size_t vectors) noexcept {
  constexpr std::size_t most = math::register_count >= 32 ? 4 : 2;
  const std::size_t blocks = (vectors + most - 1) / most;
  return static_cast<int>((vectors + blocks - 1) / blocks);
}

/// How many rows a register tile has: the accumulators, a row of the right factor and one number in flight must fit.
constexpr int tile_rows(int vectors) noexcept {
  const int fitting = (math::register_count - 1 - vectors) / vectors;
  return fitting > 8 ? 8 : vectors >= 4 && fitting > 6 ? 6 : fitting;
}

/// How the columns of a matrix are cut into register tiles: `wide` vectors each, and `rest` (fewer) at the end. Kernels are made
/// for a cut, not for a width, so layers of different widths share them.
struct column_tiles {
  int wide = 1;
  int rest = 0;
  friend constexpr bool operator==(const column_tiles&, const column_tiles&) = default;
};
constexpr column_tiles tiles_of(std::size_t vectors) noexcept {
  const int wide = tile_vectors(vectors);
  return {wide, static_cast<int>(vectors % static_cast<std::size_t>(wide))};
}

/// Where the left factor of a tile lies: rows and steps of the sum apart by so many numbers. A step of 1 is a constant to the compiler.
template <bool RowsAreSamples> struct left_strides {
  std::size_t stride;
  [[gnu::always_inline]] constexpr std::size_t operator()(std::size_t row, std::size_t k) const noexcept {
    return RowsAreSamples ? row * stride + k : row + k * stride;
  }
};

/// A tile of a matrix product in registers: sum[r][v] += left(r, k) * right[k][v] for all k, in order, so that each number has
/// the same bits in every tile shape.
template <class T, int Rows, int Vectors, bool RowsAreSamples>
[[gnu::always_inline]] inline void multiply_tile(math::vector<T> (&sum)[Rows][Vectors], const T* left, std::size_t left_stride, const T* right,
                                                 std::size_t right_stride, std::size_t depth) {
  using vector = math::vector<T>;
  const left_strides<RowsAreSamples> at{left_stride};
  for (std::size_t k = 0; k < depth; ++k) {
    vector line[Vectors];
    unroll<Vectors>([&](auto v) __attribute__((always_inline)) {
      line[v] = vector::load_aligned(right + k * right_stride + static_cast<std::size_t>(v * vector::lanes));
    });
    unroll<Rows>([&](auto r) __attribute__((always_inline)) {
      const vector factor(left[at(static_cast<std::size_t>(r), k)]);
      unroll<Vectors>([&](auto v) __attribute__((always_inline)) { sum[r][v] = multiply_add(factor, line[v], sum[r][v]); });
    });
  }
}

} // namespace fusegrad::kernel
