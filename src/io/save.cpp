// SPDX-License-Identifier: MIT
#include <fusegrad/io/save.hpp>

#include "safetensors_header.hpp"

#include <map>
#include <string_view>

namespace fusegrad::io::detail {

namespace {

std::string kind(number_type type, const std::vector<std::size_t>& shape) {
  std::string words = std::string(to_string(type)) + " [";
  for (std::size_t i = 0; i < shape.size(); ++i) words += (i == 0 ? "" : ", ") + std::to_string(shape[i]);
  return words + "]";
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
    throw file_error(path.string() + ": " + std::to_string(count_) +
                     (count_ == 1 ? " tensor does" : " tensors do") + " not fit the model:" + text_);
  }

private:
  std::size_t count_ = 0;
  std::string text_;
};

} // namespace

std::vector<std::size_t> match(std::span<const expected_tensor> expected, std::span<const named_tensor> found,
                               const std::filesystem::path& path) {
  std::map<std::string_view, std::size_t> unused;
  for (std::size_t i = 0; i < found.size(); ++i) unused.emplace(found[i].name, i);
  complaints misfits;
  std::vector<std::size_t> positions;
  for (const auto& tensor : expected) {
    const auto place = unused.find(tensor.name);
    if (place == unused.end()) {
      misfits.add(tensor.name, kind(tensor.type, tensor.shape), "no tensor of that name");
      continue;
    }
    const auto& candidate = found[place->second];
    if (candidate.shape != tensor.shape || candidate.type != tensor.type) {
      misfits.add(tensor.name, kind(tensor.type, tensor.shape), kind(candidate.type, candidate.shape));
    }
    positions.push_back(place->second);
    unused.erase(place);
  }
  for (const auto& [name, position] : unused) {
    misfits.add(name, "no tensor of that name", kind(found[position].type, found[position].shape));
  }
  misfits.throw_if_any(path);
  return positions;
}

} // namespace fusegrad::io::detail
