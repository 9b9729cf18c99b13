// SPDX-License-Identifier: MIT
#include <fusegrad/data/idx.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <variant>

using namespace fusegrad::data;

/// The bytes are read into as many numbers as the shape says, or refused with an error.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  try {
    const auto array = parse_idx({reinterpret_cast<const char*>(bytes), size}, "fuzz");
    std::size_t count = 1;
    for (const auto extent : array.shape) count *= extent;
    if (std::visit([](const auto& values) { return values.size(); }, array.values) != count) std::abort();
  } catch (const file_error&) {
  }
  return 0;
}
