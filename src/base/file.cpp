// SPDX-License-Identifier: MIT
#include "file.hpp"

#include <fusegrad/base/file_error.hpp>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <sys/types.h>
#include <system_error>

namespace fusegrad::base {

namespace {

struct closer {
  void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};
using file_handle = std::unique_ptr<std::FILE, closer>;

[[noreturn]] void fail(const std::filesystem::path& path, const char* what, int reason) {
  throw file_error(path.string() + ": " + what + ": " + std::generic_category().message(reason));
}

} // namespace

std::string read_file(const std::filesystem::path& path) {
  const file_handle file(std::fopen(path.string().c_str(), "rb"));
  if (!file) fail(path, "cannot be opened", errno);
  std::string contents;
  std::error_code no_size;
  const auto size = std::filesystem::file_size(path, no_size);
  // One byte more than the size, so that the end is met without growing.
  std::size_t chunk = no_size ? 1 << 16 : static_cast<std::size_t>(size) + 1;
  while (true) {
    const std::size_t before = contents.size();
    contents.resize(before + chunk);
    const std::size_t read = std::fread(contents.data() + before, 1, chunk, file.get());
    contents.resize(before + read);
    if (std::ferror(file.get()) != 0) fail(path, "cannot be read", errno);
    if (read < chunk) return contents;
    chunk = 1 << 16;
  }
}

std::string read_part(const std::filesystem::path& path, std::size_t offset, std::size_t size) {
  const file_handle file(std::fopen(path.string().c_str(), "rb"));
  if (!file) fail(path, "cannot be opened", errno);
  if (::fseeko(file.get(), static_cast<off_t>(offset), SEEK_SET) != 0) fail(path, "cannot be read in parts", errno);
  std::string contents(size, '\0');
  contents.resize(std::fread(contents.data(), 1, size, file.get()));
  if (std::ferror(file.get()) != 0) fail(path, "cannot be read", errno);
  return contents;
}

std::string_view as_text(std::span<const std::byte> bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string in_quotes(std::string_view text) {
  constexpr std::size_t longest = 40;
  std::string result = "\"";
  for (const char letter : text.substr(0, longest)) {
    const auto code = static_cast<unsigned char>(letter);
    result += code < 0x20 || code == 0x7F ? '?' : letter;
  }
  result += text.size() > longest ? "...\"" : "\"";
  return result;
}

} // namespace fusegrad::base
