// SPDX-License-Identifier: MIT
#include <fusegrad/data/npy.hpp>

#include "memory.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <variant>

using namespace fusegrad::data;

namespace {

void check(const npy_array& array) {
  std::size_t count = 1;
  for (const auto extent : array.shape) count *= extent;
  if (std::visit([](const auto& values) { return values.size(); }, array.values) != count) std::abort();
  if (!(parse_npy(format_npy(array), "again") == array)) std::abort();
}

} // namespace

/// An array, or an archive of them, is read into as many numbers as its shape says, or refused with an error; what was
/// read is written and read again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view file(reinterpret_cast<const char*>(bytes), size);
  try {
    const bool is_archive = file.starts_with("PK");
    // Deflate shrinks by at most 1032; an array is held as it is in the file, in rows, and written again.
    const fusegrad::fuzz::memory_limit limit(is_archive ? 1040 * size : size, 8);
    if (is_archive)
      for (const auto& [name, array] : parse_npz(file, "fuzz", {.transpose = true})) check(array);
    else
      check(parse_npy(file, "fuzz", {.transpose = true}));
  } catch (const file_error&) {
  }
  return 0;
}
