// SPDX-License-Identifier: MIT
#pragma once

#include "known_activations.hpp"

#include <array>
#include <cmath>
#include <string_view>

// Ways to draw the first weights, shared by the claims 1, 2, 6 and 11.
namespace study {

/// The deviation of a layer's weights. `of` is null for the last layer, which no activation follows.
struct start {
  std::string_view name;
  double (*deviation)(const known_activation* of, double fan_in, double fan_out);
};

inline constexpr start glorot{"Glorot",
                              [](const known_activation*, double in, double out) { return std::sqrt(2 / (in + out)); }};
inline constexpr start he{"He", [](const known_activation*, double in, double) { return std::sqrt(2 / in); }};
inline constexpr start own_signal{
    "own gain", [](const known_activation* f, double in, double) { return (f ? f->gain : 1) / std::sqrt(in); }};
inline constexpr start own_gradient{"own gain, gradient", [](const known_activation* f, double, double out) {
                                      return (f ? f->gradient_gain : 1) / std::sqrt(out);
                                    }};

/// Two that people use whatever the activation is, and the library's two that are worked out from it.
inline constexpr std::array starts{glorot, he, own_signal, own_gradient};

} // namespace study
