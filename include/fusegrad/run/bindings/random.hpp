// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/kernel/random_rows.hpp>
#include <fusegrad/run/bindings/traits.hpp>

namespace fusegrad::execution::inline FUSEGRAD_ABI {

template <> struct binding<graph::kind::random> : usual_binding {
  static constexpr bool runs_directly = false;
  static constexpr bool walks_over_images = true;

  template <class T, class Of>
  FUSEGRAD_INLINE static constexpr void fill_in(kernel::call<T>& c, const step_form&, const Of& of,
                                                const pass_memory<T>& m, const task&) noexcept {
    c.random_key = m.random_key;
    c.random_stream = static_cast<std::uint32_t>(of.place().slot);
    c.first_sample = m.first_sample + m.first_row;
  }
  template <class Holder, std::size_t Step, kernel::fixed_shape Fixed, class T>
  FUSEGRAD_INLINE static constexpr void run(const kernel::call<T>& c) noexcept {
    if constexpr (Holder::value.step_at(Step).is_image)
      kernel::random_images(c);
    else
      kernel::random_rows(c);
  }
};

} // namespace fusegrad::execution::inline FUSEGRAD_ABI
