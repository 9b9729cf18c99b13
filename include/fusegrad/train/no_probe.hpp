// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/run/team.hpp>

namespace fusegrad::train::inline FUSEGRAD_ABI {

/// Looks at nothing: what watches an update where nobody wants to know. A probe that is active sees each piece of the
/// gradient before it is used, and can refuse the whole update.
struct no_probe {
  static constexpr bool is_active = false;
  static constexpr bool allows_update(const execution::member&) noexcept { return true; }
  template <class Update>
  FUSEGRAD_INLINE static constexpr void around(std::size_t, const auto*, const auto*, std::size_t,
                                               Update&& update) noexcept {
    update();
  }
};

} // namespace fusegrad::train::inline FUSEGRAD_ABI
