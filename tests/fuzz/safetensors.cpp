// SPDX-License-Identifier: MIT
#include <fusegrad/io/safetensors.hpp>

#include "memory.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

using namespace fusegrad::io;

namespace {

std::vector<named_tensor> sorted(std::vector<named_tensor> tensors) {
  std::sort(tensors.begin(), tensors.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return tensors;
}

} // namespace

/// The bytes are refused with an error, or what was read from them survives being written and read again, with its
/// metadata and a checksum.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const auto read = [](std::string_view file, const char* name) {
    const fusegrad::fuzz::memory_limit limit(file.size());
    return parse_safetensors(file, name);
  };
  try {
    const auto file = read({reinterpret_cast<const char*>(bytes), size}, "fuzz");
    const auto again = read(format_safetensors(file.tensors, file.metadata), "again");
    if (sorted(again.tensors) != sorted(file.tensors) || again.metadata != file.metadata) std::abort();
    if (!again.has_checksum || !again.skipped.empty()) std::abort();
  } catch (const file_error&) {
  }
  return 0;
}
