// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/fused_expression.hpp>
#include <fusegrad/kernel/microkernel.hpp>
#include <fusegrad/kernel/panels.hpp>
#include <fusegrad/kernel/product.hpp>
#include <fusegrad/kernel/tile.hpp>
#include <fusegrad/kernel/unroll.hpp>
#include <fusegrad/math/intrinsics.hpp>
#include <fusegrad/math/isa.hpp>
#include <fusegrad/math/lane_numbers.hpp>
#include <fusegrad/math/vector.hpp>

namespace fusegrad::kernel::inline FUSEGRAD_ABI {

/// Which step of a sum; as wide as the numbers that are summed.
template <class T> using position = math::signed_of<T>;

/// Writes the positions of all numbers that are not zero, in order, and gives back how many they are.
/// `padded<T>(count)` positions may be overwritten. Without a branch: nobody can predict where the zeros are.
template <class T>
FUSEGRAD_INLINE inline std::size_t list_nonzeros(const T* numbers, std::size_t count, position<T>* positions) noexcept {
  using vector = math::vector<T>;
  constexpr auto lanes = static_cast<std::size_t>(vector::lanes);
  std::size_t found = 0, i = 0;
  const auto add = [&](auto set) FUSEGRAD_INLINE {
    found += static_cast<std::size_t>(math::intrinsics::store_lane_numbers<position<T>, vector::lanes>(
        positions + found, set.native, static_cast<position<T>>(i)));
  };
  for (; i + lanes <= count; i += lanes) add(vector::load(numbers + i) != vector(T{0}));
  const int rest = static_cast<int>(count - i);
  if (rest != 0) add(vector::load_first(numbers + i, rest) != vector(T{0}));
  return found;
}

/// One row of a matrix product over the listed steps of the sum only; else like `multiply_row`. Asking for the rows
/// ahead of time did not help, wherever the weight lies: the processor looks far enough ahead by itself.
template <class T, int Vectors>
FUSEGRAD_INLINE inline void multiply_listed_row(tile<math::vector<T>, 1, Vectors>& sum, const T* left, const T* right,
                                                const position<T>* positions, std::size_t count) {
  using vector = math::vector<T>;
  constexpr int chains = Vectors >= 3 ? 2 : Vectors == 2 ? 4 : 8;
  constexpr auto width = static_cast<std::size_t>(Vectors * vector::lanes);
  tile<vector, chains, Vectors> part;
  count_to<chains * Vectors>([&](int i) FUSEGRAD_INLINE { part[i / Vectors][i % Vectors] = vector(T{0}); });
  const auto add = [&](int chain, std::size_t i) FUSEGRAD_INLINE {
    const auto k = static_cast<std::size_t>(positions[i]);
    const vector factor(left[k]);
    count_to<Vectors>([&](int v) FUSEGRAD_INLINE {
      part[chain][v] =
          multiply_add(factor, vector::load_aligned(right + k * width + static_cast<std::size_t>(v * vector::lanes)),
                       part[chain][v]);
    });
  };
  std::size_t i = 0;
  for (; i + chains <= count; i += chains)
    count_to<chains>([&](int chain) FUSEGRAD_INLINE { add(chain, i + static_cast<std::size_t>(chain)); });
  count_to<chains - 1>([&](int chain) FUSEGRAD_INLINE {
    if (i + static_cast<std::size_t>(chain) < count) add(chain, i + static_cast<std::size_t>(chain));
  });
  detail::add_in_tree<chains, Vectors, T>(part);
  count_to<Vectors>([&](int v) FUSEGRAD_INLINE { sum[0][v] = part[0][v]; });
}

/// How many of `depth` numbers may be other than zero for the list to be worth its detour. Measured: with AVX-512
/// weights in the first or the third cache break even at a quarter of zeros, in the second at a twentieth; with AVX2,
/// whose rows are half as long, at 30 to 40 %.
constexpr std::size_t most_nonzeros(std::size_t depth) noexcept {
  return math::vector_bytes == 64 ? depth - depth / 4 : depth - depth * 3 / 8;
}

/// One row times a matrix, with an expression applied to the result, like `product`; rows of the weight that belong to
/// zeros on the left are not read. The sums have the terms that those of `product` have, in another order, but for zero
/// times infinity or NaN, which is left out. Where more than `MostNonzeros` are not zero, `product` does the work.
template <class T, auto Table, auto Accesses, std::size_t Depth, std::size_t Columns,
          std::size_t MostNonzeros = most_nonzeros(Depth)>
struct sparse_product {
  using fused = fused_expression<T, Table, Accesses>;
  using vector = math::vector<T>;
  static constexpr column_tiles tiles = tiles_for<T>(Columns);
  using dense = product<T, tiles, Table, Accesses, fixed_shape{1, Depth, Columns}>;
  static constexpr auto lanes = static_cast<std::size_t>(math::native_lanes<T>);

  // A function of its own: in a caller with many layers all lists would lie on the stack at once.
  [[gnu::noinline]] static void run(const call<T>& c) noexcept {
    // GCC warns of reads behind the end that cannot be, where a list is shorter than the sums that run side by side.
    position<T> positions[padded<T>(Depth) + 8];
    const std::size_t count = list_nonzeros(c.left, Depth, positions);
    if (count > MostNonzeros) return dense::run(c);
    const typename fused::places at(c);
    constexpr std::size_t width = static_cast<std::size_t>(tiles.wide) * lanes, whole = padded<T>(Columns) / width;
    for (std::size_t unit = 0; unit < whole; ++unit) panel<tiles.wide>(c, at, unit * width, positions, count);
    if constexpr (tiles.rest != 0) panel<tiles.rest>(c, at, whole * width, positions, count);
  }

private:
  template <int Wide>
  FUSEGRAD_INLINE static void panel(const call<T>& c, const typename fused::places& at, std::size_t column,
                                    const position<T>* positions, std::size_t count) {
    tile<vector, 1, Wide> sum;
    multiply_listed_row<T, Wide>(sum, c.left, c.right + column * Depth, positions, count);
    const std::size_t left_over = Columns - (column + static_cast<std::size_t>(Wide - 1) * lanes);
    const int filled = left_over < lanes ? static_cast<int>(left_over) : math::native_lanes<T>;
    const auto vector_of_columns = [&](int v) FUSEGRAD_INLINE {
      fused::row_at(at, 0, column + static_cast<std::size_t>(v) * lanes, v == Wide - 1 ? filled : math::native_lanes<T>,
                    sum[0][v]);
    };
    if constexpr (fused::is_cheap || Wide == 1)
      count_to<Wide>(vector_of_columns);
    else
      for (int v = 0; v < Wide; ++v) vector_of_columns(v);
  }
};

} // namespace fusegrad::kernel::inline FUSEGRAD_ABI
