// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fusegrad/base/file_error.hpp>
#include <fusegrad/base/file_path.hpp>
#include <fusegrad/train/history.hpp>
#include <memory>
#include <string>
#include <string_view>

namespace fusegrad::io {

/// Curves for TensorBoard: a file of events in a folder, written as the run goes on, so that
/// `tensorboard --logdir runs` shows it at once. As a fit's `on_epoch` it writes what each epoch came to:
/// `io::tensorboard_log log{"runs/first"}; trainer.fit(train, {.on_epoch = std::ref(log)});`
class tensorboard_log {
public:
  /// Makes the folder, and a file that is not there yet. Throws base::file_error.
  explicit tensorboard_log(const base::file_path& folder);

  /// One point of a curve; numbers that are NaN are left out. Throws base::file_error.
  void add(std::string_view curve, std::uint64_t step, double value);
  /// Adds loss, accuracy and the rest of an epoch under "train/", "validation/" and "speed/". Always true: goes on.
  bool operator()(const epoch_record& record);

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

private:
  struct closes {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
  };
  void write(std::string_view event);

  std::filesystem::path path_;
  std::unique_ptr<std::FILE, closes> file_;
};

} // namespace fusegrad::io
