// SPDX-License-Identifier: MIT
#pragma once

#include "chain.hpp"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace study {

/// A net of 50 hidden layers of 32 units as the library compiles it.
struct compiled_deep_net {
  std::string_view activation;
  /// The norms that `chain::gradient_norms` tells, by `fusegrad::gradients` with the chain's weights.
  std::vector<double> (*gradient_norms)(const chain<double>& weights, const rows<double>& inputs,
                                        std::span<const std::int32_t> labels);
};

inline constexpr std::size_t compiled_depth = 50;
std::span<const compiled_deep_net> compiled_deep_nets();

} // namespace study
