// SPDX-License-Identifier: MIT
#include "file.hpp"

#include <fusegrad/data/file_error.hpp>

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <memory>
#include <system_error>

namespace fusegrad::data::detail {

namespace {

struct closer {
  void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};
using file_handle = std::unique_ptr<std::FILE, closer>;

[[noreturn]] void fail(const std::filesystem::path& path, const char* what, int reason) {
  throw file_error(path.string() + ": " + what + ": " + std::strerror(reason));
}

/// Creates a file that did not exist before, beside `path`.
std::pair<std::filesystem::path, file_handle> create_temporary(const std::filesystem::path& path) {
  constexpr int attempts = 1000;
  for (int attempt = 0; attempt < attempts; ++attempt) {
    auto name = path;
    name += ".part" + std::to_string(attempt);
    // "x": two programs that write at once never share a temporary file.
    if (file_handle file(std::fopen(name.string().c_str(), "wbx")); file) return {name, std::move(file)};
    if (errno != EEXIST) fail(path, "cannot be written", errno);
  }
  fail(path, "cannot be written, its temporary files are in the way", EEXIST);
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

void write_file(const std::filesystem::path& path, std::initializer_list<std::string_view> pieces) {
  auto [temporary, file] = create_temporary(path);
  bool complete = true;
  for (const auto piece : pieces) {
    complete = complete && std::fwrite(piece.data(), 1, piece.size(), file.get()) == piece.size();
  }
  // The last bytes may fail to reach the disk only when the file is closed.
  complete = std::fclose(file.release()) == 0 && complete;
  int reason = errno;
  if (complete) {
    std::error_code failed;
    std::filesystem::rename(temporary, path, failed);
    if (!failed) return;
    reason = failed.value();
  }
  std::error_code ignored;
  std::filesystem::remove(temporary, ignored);
  fail(path, "cannot be written", reason);
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

} // namespace fusegrad::data::detail
