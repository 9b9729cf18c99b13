// SPDX-License-Identifier: MIT
#include <fusegrad/data/image.hpp>

#include "memory.hpp"

#include "../../src/data/png.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace fusegrad::data;

/// The bytes are read into as many numbers from 0 to 1 as the shape says, or refused with an error.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view file(reinterpret_cast<const char*>(bytes), size);
  // Deflate shrinks by at most 1032, and a bit of a palette becomes four numbers of four bytes.
  const bool is_png = detail::is_png(file);
  try {
    const fusegrad::fuzz::memory_limit limit(is_png ? 1040 * size : size, is_png ? 8 * 16 : 4 * 3);
    for (const std::size_t channels : {0u, 1u, 3u}) {
      const image read = parse_image(file, "fuzz", {.channels = channels});
      if (read.pixels.empty() || read.pixels.size() != read.shape.size()) std::abort();
      if (channels != 0 && read.shape.channels != channels) std::abort();
      for (const float number : read.pixels)
        if (!(number >= 0 && number <= 1)) std::abort();
    }
  } catch (const file_error&) {
  }
  return 0;
}
