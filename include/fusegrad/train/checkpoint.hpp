// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstddef>
#include <fusegrad/tensor/shape.hpp>
#include <fusegrad/train/fit_place.hpp>
#include <fusegrad/train/saved_training.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace fusegrad {

namespace train {

/// The parameters of a model and the states and settings of an update rule, as who writes them down has to know them:
/// without their types, so that it is compiled once and not with each trainer.
struct parameter_list {
  std::size_t number_size; ///< 4 or 8 bytes
  std::size_t count;
  std::size_t packed_size; ///< numbers of all of them together, as they lie in memory
  std::size_t state_count, setting_count;
  std::uint64_t fingerprint; ///< of the rule's function
  std::string_view (*name)(std::size_t parameter);
  const tensor::extents& (*shape)(std::size_t parameter);
  void (*unpack)(std::size_t parameter, const void* packed, void* plain);
  void (*pack)(std::size_t parameter, const void* plain, void* packed);
  std::string_view (*state_name)(std::size_t state);
  std::string_view (*setting_name)(std::size_t setting);
};

/// A trainer's numbers, or places for them, packed.
struct training_view {
  const parameter_list* parameters;
  void *weights, *states;
  training_counters* counters;
};

/// The same of a fit.
struct fit_view {
  fit_identity identity;
  fit_place* place;
  void* best_weights;
};

/// What was read.
struct found_run {
  std::string file;
  std::string note;     ///< what was wrong with a newer file, in words; else empty
  bool has_fit = false; ///< whether it was written by a fit
};

/// How runs come into files and out of them.
struct checkpoint_files {
  /// Throws base::file_error if it cannot be written; the files there are then as they were.
  void (*write)(const std::string& path, std::size_t keep, const training_view& training, const fit_view* fit);
  /// Nothing where there is no file. Throws base::file_error naming what does not fit; the places may then be half
  /// filled.
  std::optional<found_run> (*read)(const std::string& path, const training_view& training, const fit_view* fit);
};
/// Files that survive; a part of fusegrad::io.
extern const checkpoint_files durable_checkpoint_files;

} // namespace train

/// The name of a file for checkpoints. Only who names one needs fusegrad::io: training alone stays headers.
class checkpoint_path {
public:
  checkpoint_path() = default;
  template <std::convertible_to<std::string> Name>
  checkpoint_path(Name&& name) : name_{std::forward<Name>(name)}, files_{&train::durable_checkpoint_files} {}

  [[nodiscard]] bool empty() const noexcept { return name_.empty(); }
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] const train::checkpoint_files& files() const noexcept { return *files_; }

private:
  std::string name_;
  const train::checkpoint_files* files_ = nullptr;
};

/// Whether and how often a fit writes down how far it is. Where the file is there already, the fit goes on from it, and
/// ends with the same bits as if it had never been interrupted.
struct checkpoint_options {
  checkpoint_path path{};       ///< empty: none
  std::size_t every_epochs = 1; ///< and at the end
  std::size_t every_steps = 0;  ///< inside an epoch, too; 0: never
  std::size_t keep = 2;         ///< how many: the newest is `path`, those before it `path.1`, `path.2`, ...
};

} // namespace fusegrad
