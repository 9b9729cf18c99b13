// SPDX-License-Identifier: MIT
#include <fusegrad/io/flattened.hpp>

#include "../base/file.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <string_view>

namespace fusegrad::io::detail {

namespace {

/// Under which key a file tells in which order its flattened images are.
constexpr const char* order_key = "fusegrad.flattened";
constexpr std::string_view first_words = "channels_first", last_words = "channels_last";

std::string_view words_of(flattened order) { return order == flattened::channels_first ? first_words : last_words; }

bool is_ours(const tensor_file& file) {
  return file.has_checksum || std::any_of(file.metadata.begin(), file.metadata.end(),
                                          [](const auto& entry) { return entry.first.starts_with("fusegrad."); });
}

std::string list(std::span<const named_part> parts) {
  std::string words;
  for (const auto& [name, part] : parts) {
    const std::string image =
        std::to_string(part.image.positions) + " positions of " + std::to_string(part.image.channels) + " channels";
    words += "\n  tensor " + base::in_quotes(name) + ": " + (part.inner == 1 ? "columns" : "rows") +
             " of a flattened image, " + image;
  }
  return words;
}

[[noreturn]] void refuse_silence(std::span<const named_part> parts, const base::file_path& path) {
  throw file_error(path.string() +
                   ": expected load_options::flattened to say in which order the file, of another program, has the "
                   "numbers of flattened images, found it left out:" +
                   list(parts) +
                   "\n  flattened::channels_first is channel by channel, as PyTorch's Flatten has them behind "
                   "convolutions; flattened::channels_last is position by position, as fusegrad has them");
}

/// One part of a tensor, row by row.
void reorder(named_tensor& tensor, const graph::flattened_part& part, flattened to) {
  const std::size_t positions = part.image.positions, channels = part.image.channels,
                    chunk = part.inner * size_of(tensor.type), row = part.length * chunk,
                    size = positions * channels * chunk;
  if (row == 0 || tensor.bytes.size() % row != 0) throw std::logic_error("fusegrad: a parameter of another shape.");
  std::vector<std::byte> before(size);
  for (std::size_t at = part.begin * chunk; at + size <= tensor.bytes.size(); at += row) {
    std::byte* const numbers = tensor.bytes.data() + at;
    std::memcpy(before.data(), numbers, size);
    for (std::size_t p = 0; p < positions; ++p) {
      for (std::size_t c = 0; c < channels; ++c) {
        const std::size_t last = (p * channels + c) * chunk, first = (c * positions + p) * chunk;
        if (to == flattened::channels_last)
          std::memcpy(numbers + last, before.data() + first, chunk);
        else
          std::memcpy(numbers + first, before.data() + last, chunk);
      }
    }
  }
}

} // namespace

flattened order_in(const tensor_file& file, std::span<const named_part> parts, flattened asked,
                   const base::file_path& path) {
  if (parts.empty()) return flattened::channels_last;
  const auto said = file.metadata.find(order_key);
  if (said == file.metadata.end()) {
    if (asked != flattened::as_told) return asked;
    if (!is_ours(file)) refuse_silence(parts, path);
    return flattened::channels_last;
  }
  if (said->second != first_words && said->second != last_words)
    throw file_error(path.string() + ": metadata \"" + order_key +
                     "\": expected channels_first or channels_last, found " + base::in_quotes(said->second));
  const flattened told = said->second == first_words ? flattened::channels_first : flattened::channels_last;
  if (asked != flattened::as_told && asked != told)
    throw file_error(path.string() + ": expected flattened images in the order " + std::string(words_of(asked)) +
                     " as load_options::flattened says, found a file that says " + said->second);
  return told;
}

void tell_order(tensor_metadata& metadata, std::span<const named_part> parts, flattened order) {
  if (!parts.empty()) metadata.insert_or_assign(order_key, std::string(words_of(order)));
}

void reorder(std::span<named_tensor> tensors, std::span<const std::string> names, std::span<const named_part> parts,
             flattened to) {
  for (const auto& [name, part] : parts) {
    const auto place = std::find(names.begin(), names.end(), name);
    if (place != names.end()) reorder(tensors[static_cast<std::size_t>(place - names.begin())], part, to);
  }
}

} // namespace fusegrad::io::detail
