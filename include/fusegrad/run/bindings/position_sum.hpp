// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/position_sums.hpp>
#include <fusegrad/run/bindings/traits.hpp>

namespace fusegrad::execution::inline FUSEGRAD_ABI {

/// The sums of an expression over the positions of each sample.
template <> struct binding<graph::kind::position_sum> : usual_binding {
  static constexpr bool walks_over_images = true;

  template <class Holder, std::size_t Step, kernel::fixed_shape Fixed, class T>
  FUSEGRAD_INLINE static constexpr void run(const kernel::call<T>& c) noexcept {
    constexpr step s = Holder::value.step_at(Step);
    kernel::position_sums<T, expression_table<Holder, static_cast<std::size_t>(s.expression)>,
                          accesses_of<Holder, Step>()>::run(c);
  }
};

} // namespace fusegrad::execution::inline FUSEGRAD_ABI
