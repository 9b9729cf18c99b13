// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <fusegrad/kernel/narrow_product.hpp>

namespace fusegrad::execution::inline FUSEGRAD_ABI {

/// Where a parameter lies among the packed parameters, and where its transpose lies among the transposes.
/// A matrix [out][in] is packed as [in][padded out] in panels, its transpose as [out][padded in]; a narrow one as
/// [out][padded in], which serves as its transpose too; anything else as one padded row. The weight of a window
/// [out][channels][taps] is a matrix whose inputs are ordered [taps][channels], its transpose [taps][out][padded
/// channels]. That of a grouped convolution is one such matrix for each group, behind each other.
struct parameter_place {
  std::size_t offset = 0;
  std::size_t transposed_offset = 0;
  std::size_t in = 0;     ///< of a matrix
  std::size_t out = 0;    ///< of a matrix; the size of anything else
  std::size_t taps = 1;   ///< of the weight of a window: `in` counts channels for each of them
  std::size_t groups = 1; ///< into which `out` is divided
  bool is_matrix = false;
  bool is_narrow = false;
  bool needs_transpose = false;
  bool is_trained = true;        ///< else a state, whose next value stands where others have a gradient
  bool is_total = false;         ///< its gradient is a sum over samples and columns
  std::size_t contributions = 0; ///< how many calls of the program write its gradient

  /// Whether an update rule can use the gradient as it is made: one call makes all of it, vector by vector.
  [[nodiscard]] constexpr bool is_made_at_once() const noexcept {
    return contributions == 1 && !is_total && is_trained;
  }
};

/// Whether `is` is true of every parameter of a program.
template <class Program, class Is> constexpr bool every_parameter(const Program& program, Is is) noexcept {
  for (const parameter_place& p : program.parameters)
    if (!is(p)) return false;
  return true;
}

/// How many columns a group has. Nearly all parameters have but one, and a division costs a small step some percent.
constexpr std::size_t out_of_group(const parameter_place& p) noexcept {
  return p.groups == 1 ? p.out : p.out / p.groups;
}
/// How many rows a packed parameter has, and how many columns without the padding; of a group, where there are some.
constexpr std::size_t packed_rows(const parameter_place& p) noexcept { return p.is_narrow ? p.out : p.in; }
constexpr std::size_t packed_columns(const parameter_place& p) noexcept { return p.is_narrow ? p.in : out_of_group(p); }
/// How many numbers a group of it takes, and all.
template <class T> constexpr std::size_t packed_group_size(const parameter_place& p) noexcept {
  return packed_rows(p) * kernel::padded<T>(packed_columns(p));
}
template <class T> constexpr std::size_t packed_size(const parameter_place& p) noexcept {
  return p.groups * packed_group_size<T>(p);
}
/// The same of all parameters of the program that `Holder::value` is: constants, for to multiply and to divide takes a
/// small step some percent.
template <class T, class Holder>
inline constexpr auto packed_sizes = [] {
  std::array<std::size_t, Holder::value.parameter_count> out{};
  for (std::size_t p = 0; p < out.size(); ++p) out[p] = packed_size<T>(Holder::value.parameters[p]);
  return out;
}();
/// How many numbers the transpose of a group takes, and all.
template <class T> constexpr std::size_t transposed_group_size(const parameter_place& p) noexcept {
  return p.taps * out_of_group(p) * kernel::padded<T>(p.in / p.taps);
}
template <class T> constexpr std::size_t transposed_size(const parameter_place& p) noexcept {
  return p.groups * transposed_group_size<T>(p);
}
/// Where the number [o][i] of a parameter lies among all packed ones.
template <class T> constexpr std::size_t packed_index(const parameter_place& p, std::size_t o, std::size_t i) noexcept {
  if (p.taps > 1) i = i % p.taps * (p.in / p.taps) + i / p.taps;
  if (p.is_narrow) return p.offset + kernel::panel_index<T>(p.out, p.in, o, i);
  const std::size_t units = out_of_group(p);
  return p.offset + o / units * packed_group_size<T>(p) + kernel::panel_index<T>(p.in, units, i, o % units);
}

/// Calls `use(i)` for all that lies among the packed numbers of a parameter and is none of them.
template <class T, class Use> constexpr void each_padding(const parameter_place& p, Use use) {
  const std::size_t rows = packed_rows(p), columns = packed_columns(p);
  for (std::size_t group = 0; group < p.groups; ++group)
    for (std::size_t row = 0; row < rows; ++row)
      for (std::size_t column = columns; column < kernel::padded<T>(columns); ++column)
        use(p.offset + group * packed_group_size<T>(p) + kernel::panel_index<T>(rows, columns, row, column));
}

/// Copies between a packed parameter and row-major numbers, [out][in] for a matrix.
template <class T> [[gnu::noinline]] constexpr void unpack(const parameter_place& p, const T* packed, T* plain) {
  for (std::size_t o = 0; o < p.out; ++o)
    for (std::size_t i = 0; i < p.in; ++i) plain[o * p.in + i] = packed[packed_index<T>(p, o, i)];
}
template <class T> [[gnu::noinline]] constexpr void pack(const parameter_place& p, const T* plain, T* packed) {
  for (std::size_t o = 0; o < p.out; ++o)
    for (std::size_t i = 0; i < p.in; ++i) packed[packed_index<T>(p, o, i)] = plain[o * p.in + i];
}

} // namespace fusegrad::execution::inline FUSEGRAD_ABI
