// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <fusegrad/base/config.hpp>

namespace fusegrad {

namespace graph {

enum class distribution : std::uint8_t { constant, uniform, normal, truncated_normal };

/// What the variance of an initial weight is divided by.
enum class fan : std::uint8_t { none, in, out, average };

/// What the activation behind a layer is to leave as it was: nothing is asked of it; the mean square of the numbers on
/// their way forward; that of the gradient on its way back; or the mean of both demands.
enum class keep : std::uint8_t { nothing, signal, gradient, both };

/// How a parameter starts: a distribution whose spread is `scale`, or `gain / sqrt(fan)`.
struct initialiser {
  distribution draw = distribution::constant;
  fan divide_by = fan::none;
  keep preserve = keep::nothing; ///< else multiply by the gain of the activation that follows the layer
  double scale = 0; ///< the constant; the bound of uniform; the standard deviation; or the gain where a fan is named
  double mean = 0;  ///< the centre of the distribution
  friend constexpr bool operator==(const initialiser&, const initialiser&) = default;
};

} // namespace graph

/// Ways to initialise parameters. Fans are those of a dense layer: inputs and outputs of one unit.
namespace init {
using graph::distribution;
using graph::fan;
using graph::initialiser;
using graph::keep;

/// A number.
constexpr initialiser constant(double value) { return {distribution::constant, fan::none, keep::nothing, value, 0}; }
/// Zeros.
inline constexpr initialiser zeros = constant(0);
/// Ones.
inline constexpr initialiser ones = constant(1);
/// Uniform in [low, high).
constexpr initialiser uniform(double low, double high) {
  return {distribution::uniform, fan::none, keep::nothing, (high - low) / 2, (high + low) / 2};
}
/// Normal.
constexpr initialiser normal(double deviation, double mean = 0) {
  return {distribution::normal, fan::none, keep::nothing, deviation, mean};
}
/// Normal, drawn again outside of two standard deviations; the deviation given is that before the cut.
constexpr initialiser truncated_normal(double deviation, double mean = 0) {
  return {distribution::truncated_normal, fan::none, keep::nothing, deviation, mean};
}
/// Standard deviation `gain * sqrt(2 / (fan in + fan out))`. Glorot and Bengio 2010.
constexpr initialiser glorot_normal(double gain = 1) {
  return {distribution::normal, fan::average, keep::nothing, gain, 0};
}
/// Uniform, of the deviation of `glorot_normal`.
constexpr initialiser glorot_uniform(double gain = 1) {
  return {distribution::uniform, fan::average, keep::nothing, gain, 0};
}
/// Standard deviation `gain / sqrt(fan)`; the gain defaults to that of ReLU. He et al. 2015.
constexpr initialiser he_normal(fan by = fan::in, double gain = 1.4142135623730951) {
  return {distribution::normal, by, keep::nothing, gain, 0};
}
/// Uniform, of the deviation of `he_normal`.
constexpr initialiser he_uniform(fan by = fan::in, double gain = 1.4142135623730951) {
  return {distribution::uniform, by, keep::nothing, gain, 0};
}
/// Standard deviation `1 / sqrt(fan in)`. LeCun et al. 1998.
constexpr initialiser lecun_normal() { return {distribution::normal, fan::in, keep::nothing, 1, 0}; }
/// Uniform, of the deviation of `lecun_normal`.
constexpr initialiser lecun_uniform() { return {distribution::uniform, fan::in, keep::nothing, 1, 0}; }
/// PyTorch's default for `nn.Linear`, weights and bias alike: uniform in +-1 / sqrt(fan in).
constexpr initialiser torch_linear() { return {distribution::uniform, fan::in, keep::nothing, 0.57735026918962576, 0}; }
/// Normal, with the gain of the activation that follows, whatever expression it is: standard deviation `gain / sqrt(fan
/// in)` to keep the signal, `gain / sqrt(fan out)` to keep the gradient, and for both a variance whose inverse is the
/// mean of the two inverses. He et al. 2015, Glorot and Bengio 2010, for any function; docs/activations.md derives it.
/// The default of `dense`.
constexpr initialiser variance_preserving(keep what = keep::signal) {
  return {distribution::normal,
          what == keep::signal     ? fan::in
          : what == keep::gradient ? fan::out
                                   : fan::average,
          what, 1, 0};
}
} // namespace init

using graph::keep;

} // namespace fusegrad
