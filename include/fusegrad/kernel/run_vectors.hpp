// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/kernel/tap_tiles.hpp>
#include <fusegrad/kernel/window_pattern.hpp>
#include <fusegrad/kernel/window_sums.hpp>
#include <fusegrad/math/isa.hpp>
#include <fusegrad/math/vector.hpp>

namespace fusegrad::kernel::inline FUSEGRAD_ABI {

/// Whether each position of the left image is a row of whole vectors: then what stands behind its channels may be read.
template <class T> constexpr bool has_whole_vectors(const window_pattern& p) noexcept {
  constexpr auto lanes = static_cast<std::int64_t>(math::native_lanes<T>);
  return p.first % lanes == 0 && p.row_step % lanes == 0 && p.column_step % lanes == 0 && p.tap_row_step % lanes == 0 &&
         p.tap_column_step % lanes == 0;
}

/// The numbers of one window as vectors. Where positions are not whole vectors, the last one of each run ends with the
/// run, so that nothing behind it is read, and shares some numbers with the one before; a run shorter than a vector is
/// read in part. As many vectors as fit the registers are a tile.
template <class T, window_pattern P> struct run_vectors {
  static constexpr tap_runs runs = runs_of(P);
  static constexpr auto lanes = static_cast<std::size_t>(math::native_lanes<T>);
  static constexpr std::size_t in_run = (runs.length + lanes - 1) / lanes;
  static constexpr tap_tiles tiles = cut_taps({.tap_rows = static_cast<std::uint32_t>(runs.rows),
                                               .tap_columns = static_cast<std::uint32_t>(runs.columns),
                                               .channels = static_cast<std::uint32_t>(in_run),
                                               .tap_column_step = -1},
                                              static_cast<std::size_t>(math::register_count - 4));
  static constexpr std::size_t all = runs.rows * runs.columns * in_run;
  static constexpr bool is_whole = has_whole_vectors<T>(P);
  static constexpr bool cuts_runs = tiles.inner == 0 && tiles.cut.parts() > 1;

  /// Which number of its run a vector would begin with if none were shared, and which it does begin with.
  static constexpr std::size_t nominal_number(std::size_t vector) { return vector % in_run * lanes; }
  static constexpr std::size_t first_number(std::size_t first_of_tile, std::size_t in_tile, std::size_t vectors) {
    const std::size_t nominal = nominal_number(first_of_tile + in_tile);
    if (is_whole || in_run == 1) return nominal;
    if (!cuts_runs) return nominal < runs.length - lanes ? nominal : runs.length - lanes;
    const std::size_t begin = nominal_number(first_of_tile), last = runs.length - vectors * lanes;
    return (begin < last ? begin : last) + in_tile * lanes;
  }
  /// The first of its numbers that no vector before it holds.
  static constexpr std::size_t first_new(std::size_t first_of_tile, std::size_t in_tile, std::size_t vectors) {
    if (cuts_runs && in_tile != 0) return first_number(first_of_tile, in_tile, vectors);
    return nominal_number(first_of_tile + in_tile);
  }
  static constexpr std::ptrdiff_t run_offset(std::size_t run) {
    return static_cast<std::ptrdiff_t>(run / runs.columns) * P.tap_row_step +
           static_cast<std::ptrdiff_t>(run % runs.columns) * P.tap_column_step;
  }
  /// From the number that a tile begins with to that of one of its vectors.
  static constexpr std::ptrdiff_t offset_in_tile(std::size_t in_tile) {
    if (cuts_runs) return static_cast<std::ptrdiff_t>(in_tile * lanes);
    return run_offset(in_tile / in_run) + static_cast<std::ptrdiff_t>(first_number(0, in_tile, in_run));
  }
  FUSEGRAD_INLINE static math::vector<T> load(const T* from) {
    if constexpr (runs.length < lanes && !is_whole)
      return math::vector<T>::load_first(from, static_cast<int>(runs.length));
    else
      return math::vector<T>::load(from);
  }
};

} // namespace fusegrad::kernel::inline FUSEGRAD_ABI
