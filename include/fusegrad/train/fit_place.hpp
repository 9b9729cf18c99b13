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

/// Why a fit ends where weights are not finite behind so many steps of an epoch, and none of them made them so. Made
/// again from where they were remembered, the steps leave out what else was written.
[[gnu::noinline]] inline std::string written_between_steps(std::size_t epoch, std::size_t steps, bool ends_with_best,
                                                           bool is_remembered) {
  return "epoch " + std::to_string(epoch + 1) +
         (steps == 0 ? ", before step 1" : ", behind step " + std::to_string(steps)) +
         ": weights, or states of the update rule, are not finite, and no update made them so: something else, as a "
         "callback, wrote to them; " +
         (ends_with_best  ? "the weights are those of the best epoch"
          : is_remembered ? "the model is as the updates alone make it"
                          : "the model is left as it is");
}

/// What has to be the same for a fit to go on where it was.
struct fit_identity {
  std::size_t samples = 0, batch_size = 0, epochs = 0;
  std::uint64_t seed = 0;
  bool shuffles = false, has_schedule = false;
  best_by better = best_by::loss;
  std::vector<std::string> metrics{}; ///< their names
};

} // namespace fusegrad::train
