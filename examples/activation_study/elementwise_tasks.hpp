// SPDX-License-Identifier: MIT
#pragma once

#include "timing.hpp"

#include <string>
#include <vector>

namespace study {

/// What one activation does to 1,000 numbers in the first-level cache, in the kernels that a model runs where nothing
/// is fused with it.
struct elementwise_tasks {
  std::string name;
  timed_task forward;  ///< the function itself
  timed_task backward; ///< the gradient times its derivative, from what the forward pass keeps
};

/// For every activation of the catalogue.
std::vector<elementwise_tasks> all_elementwise_tasks();

} // namespace study
