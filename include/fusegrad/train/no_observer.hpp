// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/config.hpp>
#include <string>

namespace fusegrad::train {

/// Looks at nothing. An observer that does is given to `trainer::fit`; `inspect::health` is one. It has
/// - `compute(weights, samples, indices, updater, random_seed, random_step)`: the step itself, gradients and update,
///   observed
/// - `wants(step)`: whether to observe a step, counted from 1
/// - `took_step()`: whether the weights were updated in the step observed last
/// - `end_epoch(epoch)`: called after each epoch, counted from 1
/// - `reason_to_stop()`: why to stop, in words; empty: go on
struct no_observer {
  static void end_epoch(std::size_t) noexcept {}
  static std::string reason_to_stop() { return {}; }
};

} // namespace fusegrad::train
