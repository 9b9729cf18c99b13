// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/base/config.hpp>
#include <vector>

namespace fusegrad::train {

/// What a trainer counts.
struct training_counters {
  std::size_t steps = 0, epochs = 0;
  std::uint64_t random_step = 0;
  std::vector<std::uint64_t> steps_without{}; ///< of each parameter: those that it was frozen in; empty where none was
};

/// All that a trainer changes while it trains, as it lies in memory: to go back to.
template <class T> struct saved_training {
  std::vector<T> weights, states;
  training_counters counters;
};

} // namespace fusegrad::train
