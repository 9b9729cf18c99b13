// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

namespace fusegrad::data::detail {

/// Where a chunk of rows begins in a file.
struct chunk_begin {
  std::size_t offset = 0;
  std::size_t line = 1;
};

/// Where the chunks of a CSV file begin.
struct row_index {
  std::vector<chunk_begin> chunks;
  std::size_t rows = 0; ///< without the header
  std::size_t size = 0; ///< of the file, in bytes
};

/// Goes through a file in small parts. With `has_header` the first row belongs to no chunk. Throws file_error where it
/// cannot be read, and for a row that goes on for 64 MiB.
row_index index_rows(const std::filesystem::path& path, std::size_t chunk_rows, bool has_header, char comment);

} // namespace fusegrad::data::detail
