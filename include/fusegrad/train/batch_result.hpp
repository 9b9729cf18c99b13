// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/config.hpp>

namespace fusegrad {

/// The loss of a batch, and how many of its classes were predicted.
struct batch_result {
  double loss = 0;
  std::size_t correct = 0;
  bool refused = false; ///< the loss or the norm of the gradient was not finite: no weight was changed
};

} // namespace fusegrad
