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

/// A tile of a matrix product in registers: sum[r][v] += left[r * LeftRow + k * LeftDepth] * right[k * right_stride + v].
/// The sum over k runs in order, so each number has the same bits in every tile shape.
template <class T, int Rows, int Vectors, std::size_t LeftRow, std::size_t LeftDepth, std::size_t RightStride>
[[gnu::always_inline]] inline void multiply_tile(math::vector<T> (&sum)[Rows][Vectors], const T* left, const T* right, std::size_t depth) {
  using vector = math::vector<T>;
  for (std::size_t k = 0; k < depth; ++k) {
    vector line[Vectors];
    unroll<Vectors>([&](auto v) __attribute__((always_inline)) {
      line[v] = vector::load_aligned(right + k * RightStride + static_cast<std::size_t>(v * vector::lanes));
    });
    unroll<Rows>([&](auto r) __attribute__((always_inline)) {
      const vector factor(left[static_cast<std::size_t>(r) * LeftRow + k * LeftDepth]);
      unroll<Vectors>([&](auto v) __attribute__((always_inline)) { sum[r][v] = multiply_add(factor, line[v], sum[r][v]); });
    });
  }
}

} // namespace fusegrad::kernel
