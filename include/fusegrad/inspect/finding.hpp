// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/inspect/observed.hpp>
#include <string>
#include <vector>

namespace fusegrad::inspect {

/// What can be wrong with a run; worst first, since a cause comes before what follows from it.
enum class illness {
  not_finite,         ///< NaN or infinity
  equal_units,        ///< all units of a layer put out the same, and will for ever
  vanishing_gradient, ///< less and less of it reaches the early layers
  exploding_gradient, ///< more and more of it does, or it grows from step to step
  large_updates,
  rising_loss,
  dead_units,      ///< zero for every sample
  saturated_units, ///< flat, so that hardly any gradient passes
  fading_signal,   ///< the outputs of a deep layer hardly depend on the sample
  growing_signal,  ///< outputs grow from layer to layer
  small_updates,
  shifted_mean, ///< units vary little beside their mean
};

/// One thing that is wrong, and where.
struct finding {
  inspect::illness illness = inspect::illness::not_finite;
  std::size_t first_layer = unknown; ///< indices into the observed layers; unknown: it concerns the whole run
  std::size_t last_layer = unknown;
  std::string what;                  ///< one sentence with layers and numbers
  std::vector<std::string> remedies; ///< the best first; code where code helps

  /// The sentence, and below it a line for each remedy.
  [[nodiscard]] std::string to_string() const;
};

/// Where the usual ends. Ratios of norms unless stated otherwise; each is compared with a median over the last quarter
/// of the run. Where steps change the weights by more than their own norm, what follows says nothing, and the first
/// step is judged.
namespace threshold {
/// Under one learning rate a layer with a thousandth of the gradient learns a thousand times slower.
inline constexpr double vanishing_gradient = 1e-3;
/// The same seen from the other end: what suits the last layer throws this one about.
inline constexpr double exploding_gradient = 1e3;
/// Of the whole gradient's norm over what was usual before. Pascanu, Mikolov and Bengio 2013 clip at up to ten times
/// that. A run that settles has harmless jumps at a low level, so that a jump counts only beyond the norm of the first
/// steps.
inline constexpr double gradient_jump = 100;
/// Of units. Narrow relu nets that learn well were measured with up to a quarter.
inline constexpr double dead_share = 1.0 / 3;
/// Of outputs. Glorot and Bengio 2010 saw the top layer of sigmoid nets saturate so before it stopped learning.
inline constexpr double saturated_share = 0.5;
/// Of the deviation over samples to that of the first layer: in float, half of the digits no longer tell samples apart.
inline constexpr double fading_signal = 1e-3;
inline constexpr double growing_signal = 1e3;
/// Of the norm of a step's change to that of the weights. Karpathy's rule of thumb (CS231n; "Neural networks: zero to
/// hero") is about 1e-3; these are a factor of 50 to either side.
inline constexpr double large_update = 5e-2;
inline constexpr double small_update = 2e-5;
/// Of a unit's mean to its deviation: an activation sees next to a constant. LeCun et al. 1998 ask for means near zero.
inline constexpr double shifted_mean = 10;
/// Of a unit's deviation to its mean: where it is less, outputs are equal. The sums may have been taken in float, whose
/// last bit is 6e-8 of a square.
inline constexpr double no_deviation = 1e-3;
/// Of the loss at the end over its lowest.
inline constexpr double rising_loss = 1.5;
} // namespace threshold

} // namespace fusegrad::inspect
