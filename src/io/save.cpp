// SPDX-License-Identifier: MIT
#include <fusegrad/io/save.hpp>

#include "../base/file.hpp"
#include "convert_numbers.hpp"
#include "safetensors_header.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

namespace fusegrad::io::detail {

namespace {

std::string kind(std::string_view type, const std::vector<std::size_t>& shape) {
  std::string words = std::string(type) + " [";
  for (std::size_t i = 0; i < shape.size(); ++i) words += (i == 0 ? "" : ", ") + std::to_string(shape[i]);
  return words + "]";
}

std::string kind(number_type type, const std::vector<std::size_t>& shape) { return kind(to_string(type), shape); }

/// What a name is behind its beginning of whole parts: of "0.weight" and "0" it is ".weight". Nothing where it begins
/// otherwise.
std::optional<std::string_view> behind(std::string_view name, std::string_view beginning) {
  if (beginning.ends_with('.')) beginning.remove_suffix(1);
  if (beginning.empty() || !name.starts_with(beginning)) return std::nullopt;
  name.remove_prefix(beginning.size());
  if (!name.empty() && !name.starts_with('.')) return std::nullopt;
  return name;
}

/// Collects what does not fit, so that one look at the message shows whether a name or the whole file is
/// wrong.
class complaints {
public:
  void add(const std::string& subject, const std::string& expected, const std::string& found) {
    constexpr std::size_t most = 20;
    ++count_;
    if (count_ > most) return;
    text_ += "\n  " + subject + ": expected " + expected + ", found " + found;
  }
  void add_tensor(std::string_view tensor, const std::string& expected, const std::string& found) {
    add(tensor_words(tensor), expected, found);
  }
  /// What to do about it, said once.
  void advise(const std::string& words) {
    if (advice_.find(words) == std::string::npos) advice_ += (advice_.empty() ? "\n  " : "; ") + words;
  }

  void throw_if_any(const base::file_path& path) const {
    if (count_ == 0) return;
    throw file_error(path.string() + ": " + std::to_string(count_) + (count_ == 1 ? " tensor does" : " tensors do") +
                     " not fit the model:" + text_ + advice_);
  }

private:
  std::size_t count_ = 0;
  std::string text_, advice_;
};

/// Pairs the tensors of a file with those that are expected.
class matching {
public:
  matching(tensor_file file, const load_options& options) : file_(std::move(file)), options_(options) {
    for (std::size_t i = 0; i < file_.tensors.size(); ++i) enter(i);
    for (const auto& tensor : file_.skipped)
      if (const auto name = name_here(tensor.name)) skipped_.emplace(*name, &tensor);
    for (std::size_t r = 0; r < options_.rename.size(); ++r) {
      if (is_used_[r]) continue;
      misfits_.add("rename " + base::in_quotes(options_.rename[r].first), "a tensor whose name begins so", "none");
    }
  }

  void take(const expected_tensor& wanted) {
    const auto place = find(wanted.name);
    if (place == unused_.end()) return miss(wanted);
    named_tensor& found = file_.tensors[place->second];
    const auto refuse = [&] {
      misfits_.add_tensor(wanted.name, kind(wanted.type, wanted.shape), kind(found.type, found.shape));
    };
    const bool is_other = found.type != wanted.type, can_convert = is_other && is_real(found.type);
    if (found.shape != wanted.shape) {
      refuse();
    } else if (can_convert && options_.convert) {
      convert(found, wanted);
    } else if (is_other) {
      refuse();
      if (can_convert) misfits_.advise("load_options::convert takes F16, BF16, F32 and F64 for each other");
    }
    taken_.push_back(place->second);
    unused_.erase(place);
  }

  matched_tensors finish(std::span<const expected_tensor> expected, const base::file_path& path) {
    for (const auto& [name, position] : unused_) {
      const named_tensor& tensor = file_.tensors[position];
      if (is_batch_count(name, tensor, expected)) continue;
      if (options_.ignore_extra) {
        done_.result.ignored.push_back(tensor.name);
        continue;
      }
      misfits_.add_tensor(tensor.name, "no tensor of that name", kind(tensor.type, tensor.shape));
      misfits_.advise("load_options::ignore_extra passes over tensors that the model does not have");
    }
    misfits_.throw_if_any(path);
    done_.tensors.reserve(taken_.size());
    for (const std::size_t position : taken_) done_.tensors.push_back(std::move(file_.tensors[position]));
    return std::move(done_);
  }

private:
  using places = std::map<std::string, std::size_t>;

  /// The name that a tensor of the file has by the options; none where it is not looked at.
  std::optional<std::string> name_here(std::string_view name) {
    if (!options_.prefix.empty()) {
      const auto rest = behind(name, options_.prefix);
      if (!rest || rest->empty()) return std::nullopt;
      name = rest->substr(1);
    }
    for (std::size_t r = 0; r < options_.rename.size(); ++r) {
      const auto& [from, to] = options_.rename[r];
      const auto rest = behind(name, from);
      if (!rest) continue;
      is_used_[r] = true;
      if (to.empty() && !rest->empty()) return std::string(rest->substr(1));
      return std::string(to, 0, to.size() - to.ends_with('.')).append(*rest);
    }
    return std::string(name);
  }

  void enter(std::size_t position) {
    const named_tensor& tensor = file_.tensors[position];
    const auto name = name_here(tensor.name);
    if (!name) return done_.result.ignored.push_back(tensor.name);
    const auto [place, is_new] = unused_.emplace(*name, position);
    if (is_new) return;
    misfits_.add_tensor(tensor.name,
                        "another name than " + base::in_quotes(file_.tensors[place->second].name) + " has in the model",
                        "the same, " + base::in_quotes(*name));
  }

  /// `prelu` once called its parameter `slope`; PyTorch calls it `weight`.
  places::iterator find(const std::string& name) {
    const auto place = unused_.find(name);
    constexpr std::string_view now = "weight", before = "slope";
    if (place != unused_.end() || !(name == now || name.ends_with(".weight"))) return place;
    return unused_.find(name.substr(0, name.size() - now.size()).append(before));
  }

  void miss(const expected_tensor& wanted) {
    const auto other = skipped_.find(wanted.name);
    misfits_.add_tensor(wanted.name, kind(wanted.type, wanted.shape),
                        other == skipped_.end() ? "no tensor of that name"
                                                : kind(other->second->type, other->second->shape));
    if (!options_.prefix.empty()) return;
    for (const auto& [name, position] : unused_) {
      if (!name.ends_with("." + wanted.name) || file_.tensors[position].shape != wanted.shape) continue;
      const std::string prefix = name.substr(0, name.size() - wanted.name.size() - 1);
      return misfits_.advise("load_options::prefix = " + base::in_quotes(prefix) + " looks for it there");
    }
  }

  void convert(named_tensor& found, const expected_tensor& wanted) {
    if (const auto lost = convert_numbers(found, wanted.type)) {
      misfits_.add_tensor(wanted.name, "numbers that " + std::string(to_string(wanted.type)) + " has room for", *lost);
    } else {
      done_.result.converted.push_back(found.name);
    }
  }

  /// How many batches PyTorch's batch norm saw, of which nothing depends here; told by its name and by the running mean
  /// beside it.
  static bool is_batch_count(std::string_view name, const named_tensor& tensor,
                             std::span<const expected_tensor> expected) {
    constexpr std::string_view count = "num_batches_tracked";
    if (tensor.type != number_type::i64 || !name.ends_with(count) || tensor.bytes.size() != 8) return false;
    const std::string mean = std::string(name.substr(0, name.size() - count.size())) + "running_mean";
    return std::any_of(expected.begin(), expected.end(), [&](const expected_tensor& e) { return e.name == mean; });
  }

  tensor_file file_;
  const load_options& options_;
  std::vector<bool> is_used_ = std::vector<bool>(options_.rename.size());
  places unused_;
  std::map<std::string, const skipped_tensor*> skipped_;
  std::vector<std::size_t> taken_;
  complaints misfits_;
  matched_tensors done_;
};

} // namespace

matched_tensors match(std::span<const expected_tensor> expected, tensor_file found, const base::file_path& path,
                      const load_options& options) {
  matching pairs(std::move(found), options);
  for (const auto& tensor : expected) pairs.take(tensor);
  return pairs.finish(expected, path);
}

} // namespace fusegrad::io::detail
