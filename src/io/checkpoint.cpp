// SPDX-License-Identifier: MIT
#include <fusegrad/io/checkpoint.hpp>

#include "../base/file.hpp"
#include "run_tensors.hpp"

#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>
#include <vector>

namespace fusegrad::io {

namespace {

namespace fs = std::filesystem;
using train::fit_view;
using train::found_run;
using train::training_view;

/// The file that is `age` checkpoints older than the newest.
fs::path name_of(const fs::path& newest, std::size_t age) {
  return age == 0 ? newest : fs::path(newest.string() + "." + std::to_string(age));
}

/// What a chain of links stands for, so that they stay links.
fs::path behind_links(const fs::path& path) {
  std::error_code none;
  const fs::path real = fs::canonical(path, none);
  return none ? path : real;
}

/// The new file is whole before the older ones change their names.
void write(const std::string& path, std::size_t keep, const training_view& training, const fit_view* fit) {
  const fs::path newest = behind_links(path), fresh = newest.string() + ".new";
  base::write_durably(fresh, {std::string_view(format_run(training, fit))});
  std::vector<base::new_name> names;
  for (std::size_t age = keep; age-- > 1;)
    if (fs::exists(name_of(newest, age - 1))) names.push_back({name_of(newest, age - 1), name_of(newest, age)});
  names.push_back({fresh, newest});
  try {
    base::rename_durably(names);
  } catch (...) {
    std::error_code ignored;
    fs::remove(fresh, ignored);
    throw;
  }
}

/// A file that is damaged is passed over, in words; one that is whole, but of another run, is refused.
std::optional<tensor_file> read_whole(const fs::path& path, std::string& complaints) {
  try {
    return read_safetensors(path);
  } catch (const file_error& error) {
    complaints += (complaints.empty() ? "" : "; ") + std::string(error.what());
    return std::nullopt;
  }
}

std::optional<found_run> read(const std::string& path, const training_view& training, const fit_view* fit) {
  constexpr std::size_t oldest = 100; // more than anybody keeps
  const fs::path newest = behind_links(path);
  std::string complaints;
  bool is_there = false;
  for (std::size_t age = 0, missing = 0; age < oldest && missing < 2; ++age) {
    const fs::path candidate = name_of(newest, age);
    if (!fs::exists(candidate)) {
      ++missing;
      continue;
    }
    is_there = true;
    const std::optional<tensor_file> file = read_whole(candidate, complaints);
    if (!file) continue;
    if (age > 0)
      complaints += (complaints.empty() ? newest.string() + " is not there" : std::string()) + "; going on from " +
                    candidate.string();
    const bool has_fit = read_run(*file, candidate.string(), training, fit);
    return found_run{candidate.string(), complaints, has_fit};
  }
  if (is_there) throw file_error("no checkpoint can be read: " + complaints);
  // It would else show when the first one is written, an epoch later.
  std::error_code unknown;
  if (const fs::path folder = newest.parent_path();
      fit != nullptr && !folder.empty() && !fs::exists(folder, unknown) && !unknown)
    throw file_error(path + ": cannot be written: there is no folder " + folder.string());
  return std::nullopt;
}

} // namespace

} // namespace fusegrad::io

namespace fusegrad::train {

const checkpoint_files durable_checkpoint_files{&io::write, &io::read};

} // namespace fusegrad::train
