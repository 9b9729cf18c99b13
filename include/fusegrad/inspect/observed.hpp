// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/config.hpp>
#include <limits>
#include <span>
#include <string>

/// What an instrumented training step hands over to whoever watches it.
namespace fusegrad::inspect {

/// A unit blocks a sample where its activation passes on less than this share of the gradient that comes in. Half the
/// smallest slope in usual use, leaky_relu<0.01>, which is there to pass gradients on; a sigmoid does so beyond |x|
/// = 5.3, tanh beyond 3.3.
inline constexpr double blocking_slope = 0.005;

/// A place or a number that is not known.
inline constexpr std::size_t unknown = std::numeric_limits<std::size_t>::max();

/// One value that a layer puts out.
struct observed_layer {
  std::string path; ///< as in the names of parameters: "3", "2.body.0"
  std::string name; ///< as in the model's summary: "dense", "sigmoid"
  std::size_t units = 0;
  bool is_activation = false; ///< number by number, so that a unit can be blocked or dead
  std::size_t positions = 1;  ///< of an image: how often each unit stands in a sample; all are summed
};

/// One parameter of the model.
struct observed_parameter {
  std::string name; ///< "3.weight"
  std::size_t size = 0;
  std::size_t layer = unknown; ///< an index into the observed layers
  bool is_weight = false;      ///< a matrix between units; not a bias, a scale or a slope
};

/// Sums over the samples of one step, and their positions, for each unit of a layer. What was not observed is empty.
struct unit_sums {
  std::span<const double> sum;              ///< of the outputs
  std::span<const double> squares;          ///< of the outputs
  std::span<const double> zeros;            ///< samples for which the output is exactly zero
  std::span<const double> gradient_squares; ///< of d loss / d output
  std::span<const double> blocked;          ///< samples that pass on less than `blocking_slope`
};

/// Euclidean norms of one parameter in one step.
struct parameter_norms {
  double gradient = 0; ///< before clipping
  double weight = 0;   ///< before the step
  double update = 0;   ///< of the change that the step made
};

/// One step of training.
struct observed_step {
  std::size_t step = 0; ///< counted from 1 over the whole run
  std::size_t samples = 0;
  double loss = 0;                             ///< mean over the samples
  std::span<const unit_sums> layers;           ///< in the order of the observed layers
  std::span<const parameter_norms> parameters; ///< in the order of the observed parameters
};

/// A part of a training step.
enum class pass { forward, backward, update };

/// The first number of a step that is infinite or none at all. Forward it is the earliest layer, backward the latest.
struct not_finite {
  inspect::pass pass = inspect::pass::forward;
  std::size_t layer = unknown;  ///< an index into the observed layers; unknown: it is the loss
  std::size_t step = 0;         ///< counted from 1
  std::size_t sample = unknown; ///< an index into the data set
  std::string input = {};       ///< what of the sample was not finite to begin with, in words: "eta is NaN"; else empty
};

} // namespace fusegrad::inspect
