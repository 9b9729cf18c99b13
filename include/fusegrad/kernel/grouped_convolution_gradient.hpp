// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/convolution_gradient.hpp>
#include <fusegrad/kernel/convolution_names.hpp>
#include <fusegrad/kernel/grouped_convolution.hpp>

namespace fusegrad::kernel::inline FUSEGRAD_ABI {

/// dW of a grouped convolution: `convolution_gradient` of the columns of each group, where they lie. The gradients of
/// the groups lie behind each other as the weights do; the units are those of all groups.
template <class T, auto Table, auto Accesses, window_pattern Pattern, std::size_t Groups, std::size_t GroupColumns>
struct grouped_convolution_gradient {
  using fused = fused_expression<T, Table, Accesses>;
  using one_group =
      convolution_gradient<T, tiles_for<T>(GroupColumns), Table, Accesses, Pattern, !fills_vectors<T>(GroupColumns)>;
  static constexpr std::size_t units_of_group = convolution_units<T>(Pattern, GroupColumns),
                               units = Groups * units_of_group;

  FUSEGRAD_INLINE static constexpr void run(const call<T>& c) noexcept {
    each_group(c, [](const call<T>& part) { one_group::run(part); });
  }
  /// The plain loops that the kernel is compared with; they make all units.
  static constexpr void run_plainly(const call<T>& c) noexcept {
    each_group(c, [](const call<T>& part) { one_group::run_plainly(part); });
  }

private:
  template <class Use> static constexpr void each_group(const call<T>& c, Use use) noexcept {
    for (std::size_t group = c.first_unit / units_of_group; group * units_of_group < c.last_unit; ++group) {
      const std::size_t begin = group * units_of_group;
      call<T> part;
      point_to_group(part, c, group);
      part.first_unit = c.first_unit > begin ? c.first_unit - begin : 0;
      part.last_unit = c.last_unit - begin < units_of_group ? c.last_unit - begin : units_of_group;
      use(part);
    }
  }
  static constexpr void point_to_group(call<T>& part, const call<T>& c, std::size_t group) noexcept {
    const std::size_t block =
        group * Pattern.tap_rows * Pattern.tap_columns * Pattern.channels * padded<T>(GroupColumns);
    const auto moved = [](place<T> p, std::size_t by) {
      p.data += by;
      return p;
    };
    part.samples = c.samples, part.columns = GroupColumns, part.depth = c.depth, part.accumulate = c.accumulate;
    part.left_image = moved(c.left_image, group * Pattern.channels);
    part.right_image = moved(c.right_image, group * GroupColumns);
    part.gradient = c.gradient + block;
    for (std::size_t i = 0; i < Accesses.count; ++i) {
      if (Accesses[i] == access::product) continue;
      part.arguments[i] = moved(c.arguments[i], Accesses[i] == access::scalar ? 0 : block);
    }
    for (std::size_t k = 0; k < fused::result_count; ++k) part.results[k] = moved(c.results[k], block);
  }
};

} // namespace fusegrad::kernel::inline FUSEGRAD_ABI
