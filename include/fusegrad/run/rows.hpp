// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <fusegrad/base/copy_items.hpp>
#include <fusegrad/kernel/call.hpp>
#include <fusegrad/kernel/unroll.hpp>
#include <fusegrad/run/machine.hpp>
#include <fusegrad/run/program.hpp>

namespace fusegrad::execution::inline FUSEGRAD_ABI {

/// How many samples go through the network together for inference: as many as keep a workspace of `bytes_per_row` in a
/// share of the second-level cache, a multiple of the register tiles' heights. Where the weights do not fit there, each
/// of them comes from far away once for all of these samples: it then pays to have more.
constexpr std::size_t samples_at_once(std::size_t bytes_per_row, std::size_t weight_bytes,
                                      bool moves_windows) noexcept {
  const bool are_far = weight_bytes > machine::cache_bytes && !moves_windows;
  const std::size_t fitting = machine::cache_bytes / (are_far ? 1 : 4) / (bytes_per_row == 0 ? 1 : bytes_per_row);
  if (are_far && fitting >= 192) return 192;
  if (fitting >= 96) return 96;
  if (fitting >= 48) return 48;
  // The rows of a product should not be too few; those of images are their positions.
  return fitting >= 24 || !moves_windows ? 24 : fitting >= 12 ? 12 : 4;
}
template <class T, class Program> constexpr std::size_t samples_at_once(const Program& program) noexcept {
  return samples_at_once(program.row_size * sizeof(T), program.parameter_size * sizeof(T), !program.windows.empty());
}

/// Calls `use(row, i)` with where each position's row of a sample lies, for an image whose rows do not follow each
/// other; `sample` is where the sample begins.
template <class T, class Use> constexpr void each_position(const row_place& place, T* sample, Use use) {
  std::size_t position = 0;
  for (std::size_t y = 0; y < place.image_rows; ++y)
    for (std::size_t x = 0; x < place.image_columns; ++x)
      use(sample + place.first + y * place.row_step + x * place.column_step, position++);
}

/// Calls `use(from, number, count)` for all numbers of a sample that lie one after the other, the first of which is
/// `number`, for an image whose rows do not follow each other; `sample` is where the sample begins. These are image
/// rows where nothing lies between positions.
template <class T, class Use> constexpr void each_stretch(const row_place& place, T* sample, Use use) {
  const bool is_tight = place.column_step == place.columns;
  const std::size_t count = is_tight ? std::size_t{place.image_columns} * place.columns : place.columns;
  std::size_t number = 0;
  for (std::size_t y = 0; y < place.image_rows; ++y)
    for (std::size_t x = 0; x < (is_tight ? 1 : place.image_columns); ++x, number += count)
      use(sample + place.first + y * place.row_step + x * place.column_step, number, count);
}

/// How many rows a list of samples has for a program that works on `rows` of them; none where it reads copies alone.
template <class Program> constexpr std::size_t listed_rows(const Program& program, std::size_t rows) noexcept {
  return program.reads_given ? rows + kernel::row_slack : 0;
}

/// Copies samples `first` to `last` of `count` to where a program reads them, and lists those that it reads where they
/// are. `sample(i)` is the i-th one's numbers: the model's first `Inputs` inputs one after the other.
template <class Holder, std::size_t Inputs, class T, class Sample>
FUSEGRAD_INLINE constexpr void load_rows(T* workspace, const T** given, std::size_t capacity, std::size_t first,
                                         std::size_t last, std::size_t count, const Sample& sample) {
  if constexpr (Holder::value.reads_given) {
    for (std::size_t i = first; i < last; ++i) given[i] = sample(i);
    if (first < last && last == count)
      for (std::size_t i = 0; i < kernel::row_slack; ++i) given[last + i] = given[last - 1];
  }
  for (std::size_t i = first; i < last; ++i) {
    const T* from = sample(i);
    kernel::unroll<static_cast<int>(Inputs)>([&](auto input) FUSEGRAD_INLINE {
      constexpr row_place place = Holder::value.inputs[input];
      T* to = workspace + place.offset * capacity + i * place.sample_step;
      if constexpr (place.is_given) {
        // Nobody reads a copy.
      } else if constexpr (place.is_flat) {
        base::fill_numbers(to + place.width, place.sample_step - place.width, T{});
        base::copy_items(from, place.width, to);
      } else {
        each_stretch(place, to, [&](T* row, std::size_t number, std::size_t length) {
          base::copy_items(from + number, length, row);
        });
      }
      from += place.width;
    });
  }
}

/// Copies rows of an output to rows `step` apart without padding.
template <class T>
constexpr void store_rows(const row_place& place, const T* workspace, std::size_t capacity, std::size_t count, T* out,
                          std::size_t step) {
  for (std::size_t i = 0; i < count; ++i) {
    const T* const from = workspace + place.offset * capacity + i * place.sample_step;
    if (place.is_flat)
      base::copy_items(from, place.width, out + i * step);
    else
      each_stretch(place, from, [&](const T* row, std::size_t number, std::size_t length) {
        base::copy_items(row, length, out + i * step + number);
      });
  }
}

/// How many numbers a program puts out for a sample.
template <class Program> constexpr std::size_t output_width(const Program& program) {
  std::size_t width = 0;
  for (const row_place& place : program.outputs) width += place.width;
  return width;
}
/// Copies all outputs of a program, for each sample one after the other, to consecutive rows.
template <class Holder, class T>
constexpr void store_outputs(const T* workspace, std::size_t capacity, std::size_t count, T* out) {
  constexpr std::size_t step = output_width(Holder::value);
  kernel::unroll<static_cast<int>(Holder::value.outputs.size())>([&](auto output) FUSEGRAD_INLINE {
    constexpr row_place place = Holder::value.outputs[output];
    store_rows(place, workspace, capacity, count, out, step);
    out += place.width;
  });
}

} // namespace fusegrad::execution::inline FUSEGRAD_ABI
