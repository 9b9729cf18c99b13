// SPDX-License-Identifier: MIT
#include "memory.hpp"

#include "../../src/data/gzip.hpp"

#include <fusegrad/data/file_error.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

using namespace fusegrad::data;

/// What is read of a compressed file is the beginning of what is read of it when more is asked for, and never more than
/// was asked for; or the bytes are refused with an error.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  constexpr std::size_t most = std::size_t{1} << 16;
  const std::string_view compressed(reinterpret_cast<const char*>(bytes), size);
  const fusegrad::fuzz::memory_limit limit(most);
  try {
    const std::string contents = detail::gunzip(compressed, most, "fuzz");
    if (contents.size() > most) std::abort();
    const std::string half = detail::gunzip(compressed, contents.size() / 2, "fuzz");
    if (half != contents.substr(0, contents.size() / 2)) std::abort();
  } catch (const file_error&) {
  }
  return 0;
}
