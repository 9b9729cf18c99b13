// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/train/epoch_sums.hpp>
#include <fusegrad/train/history.hpp>
#include <limits>
#include <string>
#include <vector>

namespace fusegrad::train {

/// How far a fit is, beside what the trainer itself knows: what it takes to go on from there.
struct fit_place {
  std::size_t epoch = 0, batch = 0; ///< the next step, counted from 0
  epoch_sums sums;                  ///< of this epoch, so far
  history past;
  double best_loss = std::numeric_limits<double>::infinity(); ///< of early stopping; where more is better, with a minus
  std::size_t best_epoch = 0;                                 ///< 0: none yet
};

/// What has to be the same for a fit to go on where it was.
struct fit_identity {
  std::size_t samples = 0, batch_size = 0, epochs = 0;
  std::uint64_t seed = 0;
  bool shuffles = false, has_schedule = false;
  best_by better = best_by::loss;
  std::vector<std::string> metrics{}; ///< their names
};

} // namespace fusegrad::train
