// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstddef>
#include <fusegrad/train/run_archive.hpp>
#include <optional>
#include <string>
#include <utility>

namespace fusegrad {

namespace train {

/// A run found in a file.
struct found_run {
  run_archive archive;
  std::string note; ///< what was wrong with a newer file, in words; else empty
};

/// How runs come into files and out of them.
struct checkpoint_files {
  void (*write)(const std::string& path, const run_archive& run, std::size_t keep);
  std::optional<found_run> (*read)(const std::string& path); ///< nothing where there is no file
};
/// Files that survive; a part of fusegrad::io.
extern const checkpoint_files durable_checkpoint_files;

} // namespace train

/// The name of a file for checkpoints. Only who names one needs fusegrad::io: training alone stays headers.
class checkpoint_path {
public:
  checkpoint_path() = default;
  template <std::convertible_to<std::string> Name> checkpoint_path(Name&& name) : name_{std::forward<Name>(name)}, files_{&train::durable_checkpoint_files} {}

  [[nodiscard]] bool empty() const noexcept { return name_.empty(); }
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] const train::checkpoint_files& files() const noexcept { return *files_; }

private:
  std::string name_;
  const train::checkpoint_files* files_ = nullptr;
};

/// Whether and how often a fit writes down how far it is. Where the file is there already, the fit goes on from it, and ends with the same
/// bits as if it had never been interrupted.
struct checkpoint_options {
  checkpoint_path path{};       ///< empty: none
  std::size_t every_epochs = 1; ///< and at the end
  std::size_t every_steps = 0;  ///< inside an epoch, too; 0: never
  std::size_t keep = 2;         ///< how many: the newest is `path`, those before it `path.1`, `path.2`, ...
};

} // namespace fusegrad
