// SPDX-License-Identifier: MIT
#include <fusegrad/io/safetensors.hpp>

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

/// The bytes are refused with an error, or what was read from them survives being written and read again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  try {
    const auto file = parse_safetensors({reinterpret_cast<const char*>(bytes), size}, "fuzz");
    const auto again = parse_safetensors(format_safetensors(file.tensors, file.metadata), "again");
    if (sorted(again.tensors) != sorted(file.tensors) || again.metadata != file.metadata) std::abort();
  } catch (const file_error&) {
  }
  return 0;
}
