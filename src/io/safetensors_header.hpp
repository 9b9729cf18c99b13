// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/io/safetensors.hpp>

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace fusegrad::io::detail {

/// What the header says about one tensor.
struct header_entry {
  std::string name;
  std::string type;
  std::vector<std::size_t> shape;
  /// Where its bytes begin and end behind the header.
  std::size_t begin = 0;
  std::size_t end = 0;
};

struct tensor_header {
  /// Not in one piece of memory: growing, that would be several times as large as the text of many small entries.
  std::deque<header_entry> entries;
  tensor_metadata metadata;
};

/// The key that no tensor may have.
inline constexpr std::string_view metadata_key = "__metadata__";

/// Reads the JSON of a header; every key once, every value of its kind, nothing unknown. Throws file_error.
tensor_header parse_header(std::string_view json, std::string_view file);

/// Writes the JSON of a header. Throws std::invalid_argument for text that is not UTF-8.
std::string format_header(const tensor_header& header);

/// "tensor "name"" for messages.
std::string tensor_words(std::string_view name);

} // namespace fusegrad::io::detail
