// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/call.hpp>
#include <fusegrad/kernel/fused_expression.hpp>
#include <fusegrad/kernel/window_pattern.hpp>
#include <utility>

namespace fusegrad::kernel::inline FUSEGRAD_ABI {

/// Where the window of a position begins in the left image, and in it a tap.
constexpr std::ptrdiff_t window_offset(const window_pattern& p, std::size_t y, std::size_t x, std::size_t i = 0,
                                       std::size_t j = 0) noexcept {
  return p.first + static_cast<std::ptrdiff_t>(y * p.row_step + x * p.column_step) +
         static_cast<std::ptrdiff_t>(i) * p.tap_row_step + static_cast<std::ptrdiff_t>(j) * p.tap_column_step;
}

/// Which row of the right side the first channel of a tap meets.
constexpr std::size_t right_row_of(const window_pattern& p, std::size_t i, std::size_t j) noexcept {
  return std::size_t{p.channels} * (p.first_tap + i * p.tap_row_distance + j * p.tap_column_distance);
}

/// The part of a place that holds what a pattern makes in one image row: rows are the made positions.
template <class T>
constexpr place<T> at_made_row(const place<T>& whole, const window_pattern& p, std::size_t sample,
                               std::size_t row) noexcept {
  place<T> part = at_image_row(whole, sample, p.made_row + row * p.made_row_step);
  part.data += p.made_column * part.stride;
  part.stride *= p.made_column_step;
  return part;
}

/// Whether an argument depends on the position.
constexpr bool is_of_positions(access how) noexcept {
  return how == access::element || how == access::range || how == access::row;
}

/// The same of the arguments and results of a call, which is all that an expression reads of it. Filled in place, since
/// places that nobody uses hold nothing that a constant expression could copy.
template <class T, auto Accesses>
constexpr void point_to_made_row(call<T>& part, const call<T>& whole, const window_pattern& p, std::size_t results,
                                 std::size_t sample, std::size_t row) noexcept {
  for (std::size_t i = 0; i < Accesses.count; ++i)
    if (is_of_positions(Accesses[i]))
      part.arguments[i] = at_made_row(whole.arguments[i], p, sample, row);
    else if (Accesses[i] != access::product)
      part.arguments[i] = whole.arguments[i];
  for (std::size_t k = 0; k < results; ++k) part.results[k] = at_made_row(whole.results[k], p, sample, row);
}

/// The same of the places of an expression, for several image rows below each other.
template <class T, class Fused, auto Accesses, int Count> struct places_of_rows {
  typename Fused::places items[static_cast<std::size_t>(Count)];

  FUSEGRAD_INLINE places_of_rows(const call<T>& c, const window_pattern& p, std::size_t sample, std::size_t row)
      : places_of_rows(c, p, sample, row, std::make_index_sequence<static_cast<std::size_t>(Count)>{}) {}

private:
  template <std::size_t... I>
  FUSEGRAD_INLINE places_of_rows(const call<T>& c, const window_pattern& p, std::size_t sample, std::size_t row,
                                 std::index_sequence<I...>)
      : items{at(c, p, sample, row + I)...} {}

  FUSEGRAD_INLINE static typename Fused::places at(const call<T>& c, const window_pattern& p, std::size_t sample,
                                                   std::size_t row) {
    typename Fused::places part(c);
    for (std::size_t i = 0; i < Fused::argument_count; ++i)
      if (is_of_positions(Accesses[i])) part.arguments[i] = at_made_row(c.arguments[i], p, sample, row);
    for (std::size_t k = 0; k < Fused::result_count; ++k) part.results[k] = at_made_row(c.results[k], p, sample, row);
    return part;
  }
};

} // namespace fusegrad::kernel::inline FUSEGRAD_ABI
