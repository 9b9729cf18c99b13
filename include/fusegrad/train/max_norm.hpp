// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/math/elementary.hpp>
#include <fusegrad/plan/parameter_layout.hpp>
#include <fusegrad/train/parameter_rates.hpp>
#include <span>

namespace fusegrad::train {

/// Scales down the weights of each unit whose norm is larger than `most`: a projection after a step. Matrices only,
/// biases stay, and whatever is frozen. Srivastava et al. 2014.
template <class T, class Places>
[[gnu::noinline]] constexpr void limit_unit_norms(const Places& places, const parameter_rates& rates,
                                                  std::span<T> packed, double most) noexcept {
  std::size_t parameter = 0;
  for (const execution::parameter_place& p : places) {
    if (const bool is_frozen = rates.is_frozen(parameter++); is_frozen || !p.is_matrix || !p.is_trained) continue;
    for (std::size_t unit = 0; unit < p.out; ++unit) {
      double square = 0;
      for (std::size_t i = 0; i < p.in; ++i) {
        const double w = static_cast<double>(packed[execution::packed_index<T>(p, unit, i)]);
        square += w * w;
      }
      if (!(square > most * most)) continue;
      const auto scale = static_cast<T>(most / math::sqrt(square));
      for (std::size_t i = 0; i < p.in; ++i) packed[execution::packed_index<T>(p, unit, i)] *= scale;
    }
  }
}

} // namespace fusegrad::train
