// SPDX-License-Identifier: MIT
#include "file.hpp"

#include <fusegrad/base/file_error.hpp>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <sys/stat.h>
#include <sys/types.h>
#include <system_error>
#include <unistd.h>

namespace fusegrad::base {

namespace {

constexpr std::size_t most_of_a_device = std::size_t{64} << 20;

struct closer {
  void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};
using file_handle = std::unique_ptr<std::FILE, closer>;

[[noreturn]] void fail(const std::filesystem::path& path, const char* what, int reason) {
  throw file_error(path.string() + ": " + what + ": " + std::generic_category().message(reason));
}

/// Some devices, as /dev/zero, have no end. What is typed at a terminal ends when a person says so, and a FIFO when who
/// writes to it does: both are waited for.
bool is_device(std::FILE* file) noexcept {
  struct stat status{};
  return ::fstat(::fileno(file), &status) == 0 && S_ISCHR(status.st_mode) && ::isatty(::fileno(file)) == 0;
}

/// Whether a control character begins at a place: of ASCII, or of those that UTF-8 has beside it. Ends of lines and
/// tabs are none here, and neither is a byte that is no UTF-8: a terminal that takes it for one is told things by
/// letters of UTF-8 as well.
bool is_control(std::string_view text, std::size_t i) noexcept {
  const auto byte = [&](std::size_t place) {
    return place < text.size() ? static_cast<unsigned char>(text[place]) : 0;
  };
  if (byte(i) == 0xC2) return byte(i + 1) >= 0x80 && byte(i + 1) < 0xA0;
  return (byte(i) < 0x20 && text[i] != '\n' && text[i] != '\t') || byte(i) == 0x7F;
}

std::string without_controls(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_hidden = is_control(text, i);
    result += is_hidden ? '?' : text[i];
    if (is_hidden && static_cast<unsigned char>(text[i]) == 0xC2) ++i;
  }
  return result;
}

} // namespace

file_error::file_error(const std::string& words) : std::runtime_error(without_controls(words)) {}

std::string read_file(const std::filesystem::path& path) {
  const file_handle file(std::fopen(path.string().c_str(), "rb"));
  if (!file) fail(path, "cannot be opened", errno);
  std::string contents;
  std::error_code no_size;
  const auto size = std::filesystem::file_size(path, no_size);
  const bool may_not_end = is_device(file.get());
  // One byte more than the size, so that the end is met without growing.
  std::size_t chunk = no_size ? 1 << 16 : static_cast<std::size_t>(size) + 1;
  while (true) {
    const std::size_t before = contents.size();
    contents.resize(before + chunk);
    const std::size_t read = std::fread(contents.data() + before, 1, chunk, file.get());
    contents.resize(before + read);
    if (std::ferror(file.get()) != 0) fail(path, "cannot be read", errno);
    if (read < chunk) return contents;
    if (may_not_end && contents.size() >= most_of_a_device)
      throw file_error(path.string() + ": expected the end within 64 MiB, as of a file, found a device that goes on");
    chunk = 1 << 16;
  }
}

std::string read_part(const std::filesystem::path& path, std::size_t offset, std::size_t size) {
  const file_handle file(std::fopen(path.string().c_str(), "rb"));
  if (!file) fail(path, "cannot be opened", errno);
  if (is_device(file.get())) throw file_error(path.string() + ": expected a file to read in parts, found a device");
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
  std::string result = "\"" + without_controls(text.substr(0, longest));
  std::replace_if(result.begin(), result.end(), [](char letter) { return letter == '\n' || letter == '\t'; }, '?');
  result += text.size() > longest ? "...\"" : "\"";
  return result;
}

} // namespace fusegrad::base
