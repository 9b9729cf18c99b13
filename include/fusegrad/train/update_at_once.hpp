// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/call.hpp>
#include <fusegrad/kernel/unroll.hpp>

namespace fusegrad::train::inline FUSEGRAD_ABI {

/// Where the numbers lie that an update rule reads and writes, all packed alike.
template <class T> struct update_places {
  T* weights;
  T* gradient;
  T* states; ///< one after the other

  /// Arguments and results of a rule for the parameters from `offset` on, of `Size` in all. Unrolled by hand: where
  /// indices are variables, GCC keeps the whole call in memory, a third of a small step.
  template <class Tables, std::size_t Size>
  FUSEGRAD_INLINE constexpr void point_to(kernel::call<T>& c, std::size_t offset, T* uniforms) const noexcept {
    const auto state = [&](std::size_t s) FUSEGRAD_INLINE { return states + s * Size + offset; };
    kernel::point_to_vector(c.arguments[0], weights + offset);
    kernel::point_to_vector(c.arguments[1], gradient + offset);
    kernel::unroll<static_cast<int>(Tables::state_count)>(
        [&](auto s) FUSEGRAD_INLINE { kernel::point_to_vector(c.arguments[std::size_t{2} + s], state(s)); });
    kernel::unroll<static_cast<int>(Tables::uniform_count)>([&](auto u) FUSEGRAD_INLINE {
      kernel::point_to_vector(c.arguments[2 + Tables::state_count + u], uniforms + u);
    });
    kernel::point_to_vector(c.results[0], weights + offset);
    kernel::unroll<static_cast<int>(Tables::stored.count)>([&](auto k) FUSEGRAD_INLINE {
      kernel::point_to_vector(c.results[std::size_t{1} + k], state(Tables::stored.items[k]));
    });
  }
};

/// Uses gradients up as they are made, in a step on one sample. It has the rule's numbers itself: of those of somebody
/// else the compiler must fear that each weight that is stored changes them.
template <class Tables, std::size_t Size, bool Can, class T> class update_at_once {
public:
  static constexpr auto fused_table = Tables::body;
  static constexpr auto fused_accesses = Tables::fused_accesses;
  static constexpr bool can_ever_fuse = Can;

  FUSEGRAD_INLINE constexpr update_at_once(const update_places<T>& places, const T* uniforms) noexcept
      : places_{places} {
    for (std::size_t u = 0; u < Tables::uniform_count; ++u) uniforms_[u] = uniforms[u];
  }
  FUSEGRAD_INLINE constexpr void point_to(kernel::call<T>& c, std::size_t offset) const noexcept {
    places_.template point_to<Tables, Size>(c, offset, const_cast<T*>(uniforms_)); // arguments are only read
  }

private:
  update_places<T> places_;
  T uniforms_[Tables::uniform_count + 1]{};
};

} // namespace fusegrad::train::inline FUSEGRAD_ABI
