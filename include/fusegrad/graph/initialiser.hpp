// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace fusegrad {

namespace graph {

enum class distribution : std::uint8_t { constant, uniform, normal, truncated_normal };

/// What the variance of an initial weight is divided by.
enum class fan : std::uint8_t { none, in, out, average };

/// How a parameter starts: a distribution whose spread is `scale`, or `gain / sqrt(fan)`.
struct initialiser {
  distribution draw = distribution::constant;
  fan divide_by = fan::none;
  bool gain_of_activation = false; ///< multiply by the gain of the activation that follows the layer
  double scale = 0;                ///< the constant; the bound of uniform; the standard deviation; or the gain where a fan is named
  double mean = 0;                 ///< the centre of the distribution
  friend constexpr bool operator==(const initialiser&, const initialiser&) = default;
};

} // namespace graph

/// Ways to initialise parameters. Fans are those of a dense layer: inputs and outputs of one unit.
namespace init {
using graph::distribution;
using graph::fan;
using graph::initialiser;

constexpr initialiser constant(double value) { return {distribution::constant, fan::none, false, value, 0}; }
inline constexpr initialiser zeros = constant(0);
inline constexpr initialiser ones = constant(1);
/// Uniform in [low, high).
constexpr initialiser uniform(double low, double high) {
  return {distribution::uniform, fan::none, false, (high - low) / 2, (high + low) / 2};
}
constexpr initialiser normal(double deviation, double mean = 0) { return {distribution::normal, fan::none, false, deviation, mean}; }
/// Normal, drawn again outside of two standard deviations; the deviation given is that before the cut.
constexpr initialiser truncated_normal(double deviation, double mean = 0) {
  return {distribution::truncated_normal, fan::none, false, deviation, mean};
}
/// Standard deviation `gain * sqrt(2 / (fan in + fan out))`. Glorot and Bengio 2010.
constexpr initialiser glorot_normal(double gain = 1) { return {distribution::normal, fan::average, false, gain, 0}; }
constexpr initialiser glorot_uniform(double gain = 1) { return {distribution::uniform, fan::average, false, gain, 0}; }
/// Standard deviation `gain / sqrt(fan)`; the gain defaults to that of ReLU. He et al. 2015.
constexpr initialiser he_normal(fan by = fan::in, double gain = 1.4142135623730951) { return {distribution::normal, by, false, gain, 0}; }
constexpr initialiser he_uniform(fan by = fan::in, double gain = 1.4142135623730951) { return {distribution::uniform, by, false, gain, 0}; }
/// Standard deviation `1 / sqrt(fan in)`. LeCun et al. 1998.
constexpr initialiser lecun_normal() { return {distribution::normal, fan::in, false, 1, 0}; }
constexpr initialiser lecun_uniform() { return {distribution::uniform, fan::in, false, 1, 0}; }
/// PyTorch's default for `nn.Linear`, weights and bias alike: uniform in +-1 / sqrt(fan in).
constexpr initialiser torch_linear() { return {distribution::uniform, fan::in, false, 0.57735026918962576, 0}; }
/// Standard deviation `gain / sqrt(fan in)` with the gain that keeps the variance through the activation that follows.
constexpr initialiser fit_activation() { return {distribution::normal, fan::in, true, 1, 0}; }
} // namespace init

} // namespace fusegrad
