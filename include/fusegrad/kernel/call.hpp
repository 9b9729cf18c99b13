// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/base/random.hpp>
#include <fusegrad/kernel/unroll.hpp>
#include <fusegrad/math/vector.hpp>
#include <fusegrad/tensor/window.hpp>
#include <type_traits>

namespace fusegrad::kernel::inline FUSEGRAD_ABI {

/// How an argument of a fused expression is read.
enum class access : std::uint8_t {
  product, ///< the matrix product that the expression is the epilogue of
  factor,  ///< another product with the same matrix: of the row that lies there
  element, ///< one number for each sample and column
  range,   ///< the same, where rows need not begin at whole vectors
  row,     ///< one number for each sample
  column,  ///< one number for each column
  scalar,  ///< one number
};

/// The access of each argument, as a template argument.
template <std::size_t Count> struct access_list {
  access items[Count + 1]{};
  /// The columns are some of wider rows: they begin anywhere, and those behind the last belong to others.
  bool is_part = false;
  static constexpr std::size_t count = Count;
  constexpr access operator[](std::size_t i) const noexcept { return items[i]; }
  friend constexpr bool operator==(const access_list&, const access_list&) = default;
};

/// A row of `width` numbers takes this many, so that every row starts at a whole vector. What lies behind `width` is
/// kept zero.
template <class T> constexpr std::size_t padded(std::size_t width) noexcept {
  constexpr auto lanes = static_cast<std::size_t>(math::native_lanes<T>);
  return (width + lanes - 1) / lanes * lanes;
}

/// From one row of a value to the next: as wide as needed, and one vector more where rows would fall on the same lines
/// of a cache again and again, which happens at distances that are multiples of 512 bytes.
template <class T> constexpr std::size_t row_stride(std::size_t width) noexcept {
  const std::size_t whole = padded<T>(width);
  return whole * sizeof(T) % 512 == 0 ? whole + static_cast<std::size_t>(math::native_lanes<T>) : whole;
}

/// Kernels work on whole blocks of rows: this many rows behind the last one may be read and overwritten.
inline constexpr std::size_t row_slack = 8;

/// Where a kernel reads or writes. Of vectors a row is a sample; of images rows are positions, `row_step` numbers lead
/// from one image row to the next and `sample_step` from sample to sample. A step of 0 reads the same again.
template <class T> struct place {
  T* data;
  std::size_t stride; ///< from one row to the next
  std::size_t row_step, sample_step;
};

/// Rows at one distance: all that is left of a place where a kernel goes from row to row. Half as large, so that the
/// compiler still takes the places of an expression apart into registers.
template <class T> struct rows_at_distance {
  T* data;
  std::size_t stride;
  constexpr rows_at_distance() = default;
  constexpr rows_at_distance(const place<T>& p) noexcept : data{p.data}, stride{p.stride} {}
};

/// The part of a place that belongs to one image row of one sample.
template <class T>
constexpr place<T> at_image_row(const place<T>& p, std::size_t sample, std::size_t image_row) noexcept {
  return {p.data + sample * p.sample_step + image_row * p.row_step, p.stride, 0, 0};
}

/// Makes a place a vector, with a row for all samples. The steps of images stay as they are, for nobody reads them: to
/// write them would take as long as the rest.
template <class T> FUSEGRAD_INLINE constexpr void point_to_vector(place<T>& to, T* data) noexcept {
  if (__builtin_is_constant_evaluated()) to = {data, 0, 0, 0};
  to.data = data;
  to.stride = 0;
}

/// Writes a value of width 1 for a sample, with the zeros behind it.
template <class T> constexpr void store_single(const place<T>& to, std::size_t row, T value) noexcept {
  T* data = to.data + row * to.stride;
  for (std::size_t i = 0; i < padded<T>(1); ++i) data[i] = i == 0 ? value : T{};
}

/// How many arguments a call can have, and how many results.
inline constexpr std::size_t most_places = 24;

/// What a kernel is called with: pointers into the caller's memory, the number of samples, and where results go.
/// Results never overlap arguments.
template <class T> struct call {
  std::size_t rows = 0;
  std::size_t image_rows = 1; ///< of images: what has `rows` rows, for each sample
  std::size_t samples = 1;    ///< of images
  std::size_t columns = 0;    ///< of the result
  std::size_t depth = 0;      ///< product: numbers summed over; weight gradient: columns of the left factor
  const T* left = nullptr;    ///< rows of the left factor
  const T* right = nullptr;   ///< the weight, or rows of the right factor of a weight gradient
  std::size_t left_stride = 0, right_stride = 0; ///< from one of their rows to the next, where they are parts of others
  /// Where each row of the left factor begins, if they lie anywhere, and from where in a row its numbers count; some
  /// more are listed than there are rows. `left` is then the first of them.
  const T* const* left_rows = nullptr;
  std::size_t left_begin = 0;
  place<T> left_image;                          ///< the left factor where it is an image: its first position
  place<T> right_image;                         ///< the right factor of a weight gradient where it is one
  place<T> places_image;                        ///< which number of a pool's window each number of it belongs to
  const tensor::image_window* window = nullptr; ///< what moves over an image
  /// The share of the work to be done: of a weight gradient its units, of a product its panels; up to 0: all of the
  /// product.
  std::size_t first_unit = 0, last_unit = 0;
  bool goes_on = true;   ///< product: what lies behind a panel of the weight will be read next
  T* gradient = nullptr; ///< where a sum over samples goes
  /// Add to `gradient` instead of overwriting it: a sum from zero, in order, is added to what is there when it is
  /// whole.
  bool accumulate = false;
  /// Store the sum in `gradient` instead of using it: see `keep_sum`.
  bool keeps_sum = false;
  double* loss = nullptr;
  T weight{}; ///< factor of a loss term, or of a sum over the batch
  base::philox_key random_key{};
  std::uint32_t random_stream = 0;
  std::size_t first_sample = 0; ///< which sample of the batch the first row is
  struct factors {
    rows_at_distance<T> left, right;
  };
  factors more_factors[most_places / 2 - 1]; ///< weight gradient: further pairs whose products are summed
  place<T> arguments[most_places];
  place<T> results[most_places];
  std::size_t widths[most_places]; ///< split and concat: the width of each part

  // Always inlined: where GCC finds a function large enough without it, the whole call lies in memory.
  FUSEGRAD_INLINE constexpr call() noexcept {}
};

/// Has a kernel that can use a sum at once, or keep it, keep it. The places of what would use it are told to it all the
/// same, since a kernel copies them.
template <std::size_t Arguments, std::size_t Results, class T>
FUSEGRAD_INLINE constexpr void keep_sum(call<T>& c) noexcept {
  c.keeps_sum = true;
  count_to<static_cast<int>(Arguments)>([&](int i) FUSEGRAD_INLINE { point_to_vector(c.arguments[i], c.gradient); });
  count_to<static_cast<int>(Results)>([&](int k) FUSEGRAD_INLINE { point_to_vector(c.results[k], c.gradient); });
}

/// A row of the left factor; `stride` leads from one to the next where they are not listed.
template <class T> constexpr const T* left_row(const call<T>& c, std::size_t row, std::size_t stride) noexcept {
  return c.left_rows != nullptr ? c.left_rows[row] + c.left_begin : c.left + row * stride;
}

} // namespace fusegrad::kernel::inline FUSEGRAD_ABI
