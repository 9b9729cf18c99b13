// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <fusegrad/kernel/call.hpp>
#include <fusegrad/kernel/unroll.hpp>
#include <fusegrad/run/machine.hpp>
#include <fusegrad/run/program.hpp>

namespace fusegrad::execution::inline FUSEGRAD_ABI {

/// How many samples go through the network together for inference: as many as keep a workspace of `bytes_per_row` in a
/// share of the second-level cache, a multiple of the register tiles' heights.
constexpr std::size_t samples_at_once(std::size_t bytes_per_row) noexcept {
  constexpr std::size_t cache_share = machine::cache_bytes / 4;
  const std::size_t fitting = cache_share / (bytes_per_row == 0 ? 1 : bytes_per_row);
  if (fitting >= 96) return 96;
  return fitting >= 48 ? 48 : 24;
}

/// How many samples go through forward and backward before the gradients of the weights are summed over them. Many,
/// since the sums are loaded and stored once for each such chunk; few enough for the second-level cache, or at least
/// for rows not to take more memory than the weights.
constexpr std::size_t chunk_rows(std::size_t bytes_per_row, std::size_t gradient_bytes) noexcept {
  constexpr std::size_t cache_share = machine::cache_bytes / 2;
  const std::size_t room = gradient_bytes > cache_share ? gradient_bytes : cache_share;
  const std::size_t fitting = room / (bytes_per_row == 0 ? 1 : bytes_per_row);
  if (fitting >= 512) return 512;
  return fitting >= 256 ? 256 : 128;
}

/// Copies samples `first` to `last` to where a program reads them. `sample(i)` is the i-th one's numbers: the model's
/// first `Inputs` inputs one after the other.
template <class Holder, std::size_t Inputs, class T, class Sample>
[[gnu::always_inline]] constexpr void load_rows(T* workspace, std::size_t capacity, std::size_t first, std::size_t last,
                                                const Sample& sample) {
  for (std::size_t i = first; i < last; ++i) {
    const T* from = sample(i);
    kernel::unroll<static_cast<int>(Inputs)>([&](auto input) __attribute__((always_inline)) {
      constexpr row_place place = Holder::value.inputs[input];
      constexpr std::size_t stride = kernel::row_stride<T>(place.width);
      T* to = workspace + place.offset * capacity + i * stride;
      std::fill_n(to + place.width, stride - place.width, T{});
      std::copy_n(from, place.width, to);
      from += place.width;
    });
  }
}

/// Copies a program's output rows to consecutive rows without padding.
template <class T>
constexpr void store_rows(const row_place& place, const T* workspace, std::size_t capacity, std::size_t count, T* out) {
  const std::size_t stride = kernel::row_stride<T>(place.width);
  for (std::size_t i = 0; i < count; ++i)
    std::copy_n(workspace + place.offset * capacity + i * stride, place.width, out + i * place.width);
}

} // namespace fusegrad::execution::inline FUSEGRAD_ABI
