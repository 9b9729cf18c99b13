// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/train/epoch_sums.hpp>
#include <fusegrad/train/history.hpp>
#include <limits>
#include <vector>

namespace fusegrad::train {

/// How far a fit is, beside what the trainer itself knows: what it takes to go on from there.
template <class T> struct fit_run {
  std::size_t epoch = 0, batch = 0; ///< the next step, counted from 0
  epoch_sums sums;                  ///< of this epoch, so far
  history past;
  double best_loss = std::numeric_limits<double>::infinity();
  std::size_t best_epoch = 0;
  std::vector<T> best_weights; ///< packed; of early stopping
};

} // namespace fusegrad::train
