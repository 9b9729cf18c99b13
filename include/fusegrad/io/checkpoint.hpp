// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/file_error.hpp>
#include <fusegrad/train/checkpoint.hpp>
#include <optional>
#include <string>

namespace fusegrad::io {

/// Writes how far a trainer is: weights, the states of its update rule, and what is counted, so that whoever loads it
/// goes on with the same bits. It is a safetensors file with a checksum; the newest `keep` are kept, as `path`,
/// `path.1`, ... Throws file_error if it cannot be written; the files there are then as they were.
template <class Trainer> void save_checkpoint(const Trainer& trainer, const std::string& path, std::size_t keep = 2) {
  train::saved_training<typename Trainer::number_type> now;
  trainer.remember(now);
  train::durable_checkpoint_files.write(path, keep, Trainer::view(now), nullptr);
}

/// Reads it again. Where the newest file is damaged the one before it is read, and the words that say so are given
/// back; else they are empty. Throws file_error where there is none, or where it is of another model or update rule;
/// the trainer is then as it was.
template <class Trainer> std::string load_checkpoint(Trainer& trainer, const std::string& path) {
  train::saved_training<typename Trainer::number_type> found;
  trainer.remember(found);
  const std::optional<train::found_run> run = train::durable_checkpoint_files.read(path, Trainer::view(found), nullptr);
  if (!run) throw base::file_error(path + ": there is no such checkpoint.");
  trainer.recall(found);
  return run->note;
}

} // namespace fusegrad::io
