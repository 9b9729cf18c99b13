// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/copy_items.hpp>
#include <fusegrad/kernel/convolution.hpp>
#include <fusegrad/kernel/convolution_names.hpp>

namespace fusegrad::kernel::inline FUSEGRAD_ABI {

/// The same accesses to some columns of wider rows.
template <std::size_t Count> constexpr access_list<Count> of_some_columns(access_list<Count> list) noexcept {
  list.is_part = true;
  return list;
}
/// Whether so many columns begin and end with whole vectors.
template <class T> constexpr bool fills_vectors(std::size_t columns) noexcept { return padded<T>(columns) == columns; }

/// A convolution whose groups of channels each see a group of the image's, forward and back: `convolution` of the
/// columns of each group, where they lie. `right` has the weights of the groups behind each other, each in panels of
/// its own; `c.depth` counts the rows of one.
template <class T, auto Table, auto Accesses, auto Patterns, std::size_t Groups, std::size_t GroupColumns>
struct grouped_convolution {
  using fused = fused_expression<T, Table, Accesses>;
  static constexpr auto accesses = fills_vectors<T>(GroupColumns) ? Accesses : of_some_columns(Accesses);
  static constexpr std::size_t few =
      2 * GroupColumns <= static_cast<std::size_t>(math::native_lanes<T>) ? GroupColumns : 0;
  using one_group = convolution<T, tiles_for<T>(GroupColumns), Table, accesses, Patterns, pooling{}, false, few>;

  FUSEGRAD_INLINE static constexpr void run(const call<T>& c) noexcept {
    for (std::size_t group = 0; group < Groups; ++group) {
      call<T> part;
      point_to_group(part, c, group);
      one_group::run(part);
    }
    clear_padding(c);
  }
  /// The plain loops that the kernel is compared with.
  static constexpr void run_plainly(const call<T>& c) noexcept {
    for (std::size_t group = 0; group < Groups; ++group) {
      call<T> part;
      point_to_group(part, c, group);
      one_group::run_plainly(part);
    }
    clear_padding(c);
  }

private:
  static constexpr void point_to_group(call<T>& part, const call<T>& c, std::size_t group) noexcept {
    const auto moved = [](place<T> p, std::size_t by) {
      p.data += by;
      return p;
    };
    part.samples = c.samples, part.columns = GroupColumns, part.depth = c.depth;
    part.left_image = moved(c.left_image, group * Patterns[0].channels);
    part.right = c.right + group * c.depth * padded<T>(GroupColumns);
    for (std::size_t i = 0; i < Accesses.count; ++i) {
      if (Accesses[i] == access::product) continue;
      const bool has_columns = Accesses[i] == access::element || Accesses[i] == access::column;
      part.arguments[i] = moved(c.arguments[i], has_columns ? group * GroupColumns : 0);
    }
    for (std::size_t k = 0; k < fused::result_count; ++k) part.results[k] = moved(c.results[k], group * GroupColumns);
  }
  /// No group knows what lies behind the last one.
  static constexpr void clear_padding(const call<T>& c) noexcept {
    constexpr std::size_t columns = Groups * GroupColumns, all = padded<T>(columns);
    if constexpr (columns != all)
      for (std::size_t k = 0; k < fused::result_count; ++k)
        for (std::size_t sample = 0; sample < c.samples; ++sample)
          for (const window_pattern& p : Patterns)
            for (std::size_t y = 0; y < p.rows; ++y) {
              const place<T> row = at_made_row(c.results[k], p, sample, y);
              for (std::size_t x = 0; x < p.columns; ++x)
                base::fill_numbers(row.data + x * row.stride + columns, all - columns, T{});
            }
  }
};

} // namespace fusegrad::kernel::inline FUSEGRAD_ABI
