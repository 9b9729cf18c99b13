// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cstddef>
#include <fusegrad/kernel/fused_expression.hpp>
#include <fusegrad/kernel/microkernel.hpp>
#include <fusegrad/kernel/panels.hpp>
#include <fusegrad/kernel/tile.hpp>
#include <fusegrad/kernel/unroll.hpp>
#include <fusegrad/math/number.hpp>
#include <type_traits>
#include <utility>

namespace fusegrad::kernel::inline FUSEGRAD_ABI {

/// Whether a weight has so few outputs that most of a vector of them would be padding. It is then stored by outputs,
/// [out][in], and its product sums along vectors of inputs.
template <class T> constexpr bool is_narrow(std::size_t in, std::size_t out) noexcept {
  return 2 * out <= static_cast<std::size_t>(math::native_lanes<T>) && in > out;
}

namespace detail {

/// Where a lane of the sum of two vectors comes from: their sums of pairs `Distance` apart stand side by side. A number
/// from `Lanes` on is a lane of the second. Each half of the sum is one instruction: within 128 bits that interleaves
/// or joins halves of both vectors, and across those moves the blocks.
template <int Lanes, int InBlock> constexpr int lane_of_pair(int lane, int distance, int half) {
  const int block = lane / InBlock * InBlock, in = lane % InBlock;
  if (distance >= InBlock) {
    const bool is_second = (block & distance) != 0;
    return (block & ~distance) + (half != 0 ? distance : 0) + in + (is_second ? Lanes : 0);
  }
  if (InBlock == 2) return block + half + in * Lanes;
  if (distance == 1) return block + in / 2 + 2 * half + in % 2 * Lanes;
  return block + in % 2 + 2 * half + in / 2 * Lanes;
}

/// Halves the number of sums. Of a vector with itself lanes are added `Distance` apart.
template <int Distance, bool IsOne, class T, int... Lane>
FUSEGRAD_INLINE inline math::vector<T> add_pairs(math::vector<T> a, math::vector<T> b,
                                                 std::integer_sequence<int, Lane...>) {
  constexpr int lanes = sizeof...(Lane),
                in_block = lanes < 16 / static_cast<int>(sizeof(T)) ? lanes : 16 / static_cast<int>(sizeof(T));
  if constexpr (IsOne)
    return a + math::vector<T>(__builtin_shufflevector(a.native, a.native, (Lane ^ Distance)...));
  else
    return math::vector<T>(
               __builtin_shufflevector(a.native, b.native, lane_of_pair<lanes, in_block>(Lane, Distance, 0)...)) +
           math::vector<T>(
               __builtin_shufflevector(a.native, b.native, lane_of_pair<lanes, in_block>(Lane, Distance, 1)...));
}

/// A vector whose lane i is the sum of all lanes of part[i], for the first Count (a power of two) lanes.
template <int Count, int Distance = 1, class T>
FUSEGRAD_INLINE inline math::vector<T> sums_of(const math::vector<T>* part) {
  using lanes = std::make_integer_sequence<int, math::native_lanes<T>>;
  if constexpr (Distance == math::native_lanes<T>) {
    return part[0];
  } else {
    constexpr int left = Count > 1 ? Count / 2 : 1;
    line<math::vector<T>, left> next;
    count_to<left>([&](int i) FUSEGRAD_INLINE {
      next[i] =
          add_pairs<Distance, (Count == 1)>(part[Count > 1 ? 2 * i : 0], part[Count > 1 ? 2 * i + 1 : 0], lanes{});
    });
    return sums_of<left, 2 * Distance>(static_cast<const math::vector<T>*>(next));
  }
}

} // namespace detail

/// Rows times a weight that is stored by outputs, [columns][depth] in panels, with an expression applied to the result:
/// a narrow layer forward, or for a single sample the gradient of a layer's input without a transposed weight.
template <class T, int Columns, auto Table, auto Accesses, fixed_shape Fixed = fixed_shape{}, bool IsOfPart = false>
struct narrow_product {
  using fused = fused_expression<T, Table, Accesses>;
  using vector = math::vector<T>;
  static constexpr std::size_t lanes = static_cast<std::size_t>(math::native_lanes<T>);

  FUSEGRAD_INLINE static constexpr void run(const call<T>& c) noexcept {
    if (__builtin_is_constant_evaluated()) return run_plainly(c);
    const std::size_t rows = Fixed.rows != 0 ? Fixed.rows : c.rows, depth = Fixed.depth != 0 ? Fixed.depth : c.depth;
    const typename fused::places at(c);
    constexpr int whole = Columns / math::native_lanes<T>, rest = Columns % math::native_lanes<T>;
    for (std::size_t row = 0; row < rows; ++row) {
      const T* left = c.left + row * (IsOfPart ? c.left_stride : row_stride<T>(depth));
      const auto vector_of_outputs = [&](int v) FUSEGRAD_INLINE {
        outputs<math::native_lanes<T>>(c, at, row, static_cast<std::size_t>(v) * lanes, left, depth);
      };
      // Many are one piece of code, which costs the compiler as much as that of a whole layer.
      if constexpr (whole <= 2)
        count_to<whole>(vector_of_outputs);
      else
        for (int v = 0; v < whole; ++v) vector_of_outputs(v);
      if constexpr (rest != 0) outputs<rest>(c, at, row, static_cast<std::size_t>(whole) * lanes, left, depth);
    }
  }

  /// The plain loops that the kernel is compared with, and what constant expressions use.
  static constexpr void run_plainly(const call<T>& c) noexcept {
    for (std::size_t row = 0; row < c.rows; ++row)
      for (std::size_t column = 0; column < static_cast<std::size_t>(Columns); ++column) {
        T sum{};
        for (std::size_t k = 0; k < c.depth; ++k)
          sum = math::multiply_add(c.left[row * (IsOfPart ? c.left_stride : row_stride<T>(c.depth)) + k],
                                   c.right[panel_index<T>(Columns, c.depth, column, k)], sum);
        fused::number_at(c, row, column, sum);
      }
  }

private:
  template <int Count>
  FUSEGRAD_INLINE static void outputs(const call<T>& c, const typename fused::places& at, std::size_t row,
                                      std::size_t first, const T* left, std::size_t depth) {
    const vector sum = product_of<Count>(left, c.right, first, depth);
    fused::row_at(at, row, first, Count, sum);
  }

  template <int Count>
  FUSEGRAD_INLINE static vector product_of(const T* left, const T* right, std::size_t first, std::size_t depth) {
    constexpr int sums = static_cast<int>(std::bit_ceil(static_cast<unsigned>(Count)));
    line<vector, sums> part;
    count_to<sums>([&](int o) FUSEGRAD_INLINE { part[o] = vector(T{0}); });
    const auto add = [&](std::size_t k, auto&& masked) FUSEGRAD_INLINE {
      const T* weight = right + panel_index<T>(Columns, depth, first, k);
      const std::size_t distance = panel_index<T>(Columns, depth, 1, k) - panel_index<T>(Columns, depth, 0, k);
      const vector x = masked(vector::load_aligned(left + k));
      count_to<Count>([&](int o) FUSEGRAD_INLINE {
        part[o] =
            multiply_add(x, masked(vector::load_aligned(weight + static_cast<std::size_t>(o) * distance)), part[o]);
      });
    };
    std::size_t k = 0;
    for (; k + lanes <= depth; k += lanes) add(k, [](vector v) FUSEGRAD_INLINE { return v; });
    // What stands in the padding of a weight may be anything that an update rule made of it.
    const int filled = static_cast<int>(depth - k);
    if (filled != 0)
      add(k, [&](vector v) FUSEGRAD_INLINE { return select(vector::first_lanes_mask(filled), v, vector(T{0})); });
    return detail::sums_of<sums>(static_cast<const vector*>(part));
  }
};

} // namespace fusegrad::kernel::inline FUSEGRAD_ABI
