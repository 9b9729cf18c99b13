// SPDX-License-Identifier: MIT
#include <fusegrad/io/checkpoint.hpp>
#include <fusegrad/io/safetensors.hpp>
#include <fusegrad/io/save.hpp>

#include "../base/file.hpp"

#include <filesystem>
#include <string_view>
#include <system_error>
#include <vector>

namespace fusegrad::io {

namespace {

namespace fs = std::filesystem;
using train::archived_numbers;
using train::found_run;
using train::run_archive;

constexpr const char* kind_key = "fusegrad.kind";
constexpr const char* kind = "checkpoint 1";

/// The file that is `age` checkpoints older than the newest.
fs::path name_of(const fs::path& newest, std::size_t age) { return age == 0 ? newest : fs::path(newest.string() + "." + std::to_string(age)); }

/// What a chain of links stands for, so that they stay links.
fs::path behind_links(const fs::path& path) {
  std::error_code none;
  const fs::path real = fs::canonical(path, none);
  return none ? path : real;
}

template <class T> void append(std::vector<named_tensor>& tensors, const std::vector<archived_numbers<T>>& entries) {
  for (const auto& entry : entries) tensors.push_back(detail::to_tensor<T>(entry.name, entry.shape, entry.numbers));
}
template <class T> void take(run_archive& run, const named_tensor& tensor) {
  std::vector<T> numbers(tensor.bytes.size() / sizeof(T));
  detail::copy_to<T>(numbers, tensor);
  run.add<T>(tensor.name, tensor.shape, std::move(numbers));
}

std::string format(const run_archive& run) {
  std::vector<named_tensor> tensors;
  append(tensors, run.floats);
  append(tensors, run.doubles);
  tensor_metadata words(run.words.begin(), run.words.end());
  words.emplace(kind_key, kind);
  return format_safetensors(tensors, words);
}

run_archive parse(const fs::path& path) {
  const tensor_file file = read_safetensors(path);
  const auto found = file.metadata.find(kind_key);
  if (found == file.metadata.end() || found->second != kind) throw base::file_error(path.string() + ": it is no checkpoint of this version of fusegrad");
  if (!file.has_checksum) throw base::file_error(path.string() + ": it has no checksum, as a checkpoint must");
  run_archive run;
  run.origin = path.string();
  run.words.assign(file.metadata.begin(), file.metadata.end());
  for (const named_tensor& tensor : file.tensors) {
    if (tensor.type == number_type::f32) take<float>(run, tensor);
    else if (tensor.type == number_type::f64) take<double>(run, tensor);
    else throw base::file_error(path.string() + ": tensor \"" + tensor.name + "\" is of a number type that checkpoints do not have");
  }
  return run;
}

/// The new file is whole before the older ones change their names.
void write(const std::string& path, const run_archive& run, std::size_t keep) {
  const fs::path newest = behind_links(path), fresh = newest.string() + ".new";
  base::write_durably(fresh, {std::string_view(format(run))});
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

std::optional<found_run> read(const std::string& path) {
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
    try {
      run_archive run = parse(candidate);
      if (age > 0) complaints += (complaints.empty() ? newest.string() + " is not there" : std::string()) + "; going on from " + candidate.string();
      return found_run{std::move(run), complaints};
    } catch (const base::file_error& error) {
      complaints += (complaints.empty() ? "" : "; ") + std::string(error.what());
    }
  }
  if (is_there) throw base::file_error("no checkpoint can be read: " + complaints);
  return std::nullopt;
}

} // namespace

} // namespace fusegrad::io

namespace fusegrad::train {

const checkpoint_files durable_checkpoint_files{&io::write, &io::read};

} // namespace fusegrad::train
