// SPDX-License-Identifier: MIT
#include <fusegrad/data/idx.hpp>

#include "memory.hpp"

#include "../../src/data/gzip.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <variant>

using namespace fusegrad::data;

/// The bytes are read into as many numbers as the shape says, or refused with an error.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view file(reinterpret_cast<const char*>(bytes), size);
  try {
    // Deflate shrinks by at most 1032.
    const fusegrad::fuzz::memory_limit limit(detail::is_gzip(file) ? 1040 * size : size);
    const auto array = parse_idx(file, "fuzz");
    std::size_t count = 1;
    for (const auto extent : array.shape) count *= extent;
    if (std::visit([](const auto& values) { return values.size(); }, array.values) != count) std::abort();
  } catch (const file_error&) {
  }
  return 0;
}
