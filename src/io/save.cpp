// SPDX-License-Identifier: MIT
#include <fusegrad/io/save.hpp>

#include "safetensors_header.hpp"

#include <algorithm>
#include <map>
#include <string_view>

namespace fusegrad::io::detail {

namespace {

std::string kind(std::string_view type, const std::vector<std::size_t>& shape) {
  std::string words = std::string(type) + " [";
  for (std::size_t i = 0; i < shape.size(); ++i) words += (i == 0 ? "" : ", ") + std::to_string(shape[i]);
  return words + "]";
}

std::string kind(number_type type, const std::vector<std::size_t>& shape) { return kind(to_string(type), shape); }

/// How many batches PyTorch's batch norm saw, of which nothing depends here; told by its name and by the running mean
/// beside it.
bool is_batch_count(const named_tensor& tensor, std::span<const expected_tensor> expected) {
  constexpr std::string_view count = "num_batches_tracked";
  if (tensor.type != number_type::i64 || !tensor.name.ends_with(count) || tensor.bytes.size() != 8) return false;
  const std::string mean = tensor.name.substr(0, tensor.name.size() - count.size()) + "running_mean";
  return std::any_of(expected.begin(), expected.end(), [&](const expected_tensor& e) { return e.name == mean; });
}

/// Collects what does not fit, so that one look at the message shows whether a name or the whole file is
/// wrong.
class complaints {
public:
  void add(std::string_view tensor, const std::string& expected, const std::string& found) {
    constexpr std::size_t most = 20;
    ++count_;
    if (count_ > most) return;
    text_ += "\n  " + tensor_words(tensor) + ": expected " + expected + ", found " + found;
  }

  void throw_if_any(const std::filesystem::path& path) const {
    if (count_ == 0) return;
    throw file_error(path.string() + ": " + std::to_string(count_) + (count_ == 1 ? " tensor does" : " tensors do") +
                     " not fit the model:" + text_);
  }

private:
  std::size_t count_ = 0;
  std::string text_;
};

} // namespace

std::vector<std::size_t> match(std::span<const expected_tensor> expected, const tensor_file& found,
                               const std::filesystem::path& path) {
  std::map<std::string_view, std::size_t> unused;
  for (std::size_t i = 0; i < found.tensors.size(); ++i) unused.emplace(found.tensors[i].name, i);
  std::map<std::string_view, const skipped_tensor*> skipped;
  for (const auto& tensor : found.skipped) skipped.emplace(tensor.name, &tensor);
  complaints misfits;
  std::vector<std::size_t> positions;
  for (const auto& tensor : expected) {
    const auto place = unused.find(tensor.name);
    if (place == unused.end()) {
      const auto other = skipped.find(tensor.name);
      misfits.add(tensor.name, kind(tensor.type, tensor.shape),
                  other == skipped.end() ? "no tensor of that name" : kind(other->second->type, other->second->shape));
      continue;
    }
    const auto& candidate = found.tensors[place->second];
    if (candidate.shape != tensor.shape || candidate.type != tensor.type) {
      misfits.add(tensor.name, kind(tensor.type, tensor.shape), kind(candidate.type, candidate.shape));
    }
    positions.push_back(place->second);
    unused.erase(place);
  }
  for (const auto& [name, position] : unused) {
    const auto& tensor = found.tensors[position];
    if (!is_batch_count(tensor, expected)) misfits.add(name, "no tensor of that name", kind(tensor.type, tensor.shape));
  }
  misfits.throw_if_any(path);
  return positions;
}

} // namespace fusegrad::io::detail
