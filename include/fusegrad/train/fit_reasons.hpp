// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/config.hpp>
#include <string>

// Why a fit ends where something is not finite, in words.
namespace fusegrad::train {

/// Where, why, and which weights it ends with.
[[gnu::cold, gnu::noinline]] inline std::string reason_at(std::size_t epoch, const std::string& where, const char* what,
                                                          bool ends_with_best, const char* otherwise) {
  return "epoch " + std::to_string(epoch + 1) + ", " + where + ": " + what + "; " +
         (ends_with_best ? "the weights are those of the best epoch" : otherwise);
}

/// In step `batch` of an epoch, counted from 0.
[[gnu::cold, gnu::noinline]] inline std::string reason_in_step(std::size_t epoch, std::size_t batch, const char* what,
                                                               bool ends_with_best) {
  return reason_at(epoch, "step " + std::to_string(batch + 1), what, ends_with_best,
                   "the model is as it was before this step");
}

/// Where weights are not finite behind so many steps of an epoch, and no update makes them so. Steps that are made
/// again from where the weights were remembered leave out what else was written: it may have been finite, and an update
/// of it not.
[[gnu::cold, gnu::noinline]] inline std::string reason_between_steps(std::size_t epoch, std::size_t steps,
                                                                     bool is_remembered, bool ends_with_best) {
  return reason_at(
      epoch, steps == 0 ? "before step 1" : "behind step " + std::to_string(steps),
      is_remembered ? "weights, or states of the update rule, are not finite; made again without what else was "
                      "written, no update makes them so: something else, as a callback, wrote to them"
                    : "weights, or states of the update rule, are not finite, and no update made them so: something "
                      "else, as a callback, wrote to them",
      ends_with_best, is_remembered ? "the model is as the updates alone make it" : "the model is left as it is");
}

} // namespace fusegrad::train
