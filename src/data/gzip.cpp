// SPDX-License-Identifier: MIT
#include "gzip.hpp"

#include <fusegrad/data/file_error.hpp>

#include <zlib.h>

#include <algorithm>
#include <memory>
#include <new>

namespace fusegrad::data::detail {

namespace {

constexpr int gzip_only = MAX_WBITS + 16;
constexpr int no_header = -MAX_WBITS;

/// Owns the state of an inflation.
class inflater {
public:
  explicit inflater(std::string_view input, int form = gzip_only) : input_(input) {
    if (inflateInit2(&stream_, form) != Z_OK) throw std::bad_alloc();
  }
  inflater(const inflater&) = delete;
  inflater& operator=(const inflater&) = delete;
  ~inflater() { inflateEnd(&stream_); }

  /// Fills what it can of the output; returns how many bytes and the status of zlib.
  std::pair<std::size_t, int> fill(char* output, std::size_t room) {
    // zlib counts in 32 bits.
    constexpr std::size_t most = std::size_t{1} << 30;
    const auto offered = static_cast<uInt>(std::min(input_.size(), most));
    const auto wanted = static_cast<uInt>(std::min(room, most));
    // zlib does not write to its input, it only fails to say so.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input_.data()));
    stream_.avail_in = offered;
    stream_.next_out = reinterpret_cast<Bytef*>(output);
    stream_.avail_out = wanted;
    const int status = inflate(&stream_, Z_NO_FLUSH);
    input_.remove_prefix(offered - stream_.avail_in);
    return {wanted - stream_.avail_out, status};
  }

  std::string_view unread() const noexcept { return input_; }
  void next_member() noexcept { inflateReset(&stream_); }

private:
  z_stream stream_{};
  std::string_view input_;
};

} // namespace

bool is_gzip(std::string_view bytes) noexcept { return bytes.starts_with("\x1f\x8b"); }

std::string gunzip(std::string_view compressed, std::size_t most, std::string_view name) {
  const auto fail = [&](const char* words) { throw file_error(std::string(name) + ": " + words); };
  constexpr std::size_t first_guess = 1 << 16;
  inflater stream(compressed);
  std::string contents;
  std::size_t length = 0;
  while (length < most) {
    if (length == contents.size()) contents.resize(std::min(most, std::max(first_guess, 2 * length)));
    const auto [written, status] = stream.fill(contents.data() + length, contents.size() - length);
    length += written;
    if (status == Z_STREAM_END) {
      // Tapes and blocks of disks fill up with zeros; gzip takes them for the end, too.
      if (stream.unread().find_first_not_of('\0') == std::string_view::npos) break;
      if (!is_gzip(stream.unread())) fail("expected the end of the file after the gzip data, found more bytes");
      stream.next_member();
    } else if (status == Z_MEM_ERROR) {
      throw std::bad_alloc();
    } else if (status != Z_OK && status != Z_BUF_ERROR) {
      fail("expected gzip data, found a damaged stream");
    } else if (written == 0 && stream.unread().empty()) {
      fail("expected more gzip data, found the end of the file");
    }
  }
  contents.resize(length);
  return contents;
}

std::string inflate_exactly(std::string_view compressed, std::size_t size, std::string_view name) {
  const auto fail = [&](const char* words) { throw file_error(std::string(name) + ": " + words); };
  constexpr std::size_t first_guess = 1 << 16;
  // Deflate shrinks by at most 1032.
  if (size / 1040 > compressed.size()) fail("expected as much data as the archive says, found less");
  inflater stream(compressed, no_header);
  std::string contents;
  std::size_t length = 0;
  while (true) {
    // One byte more than the size, so that the end is met.
    if (length == contents.size()) contents.resize(std::min(size + 1, std::max(first_guess, 2 * length)));
    const auto [written, status] = stream.fill(contents.data() + length, contents.size() - length);
    length += written;
    if (status == Z_STREAM_END) break;
    if (status == Z_MEM_ERROR) throw std::bad_alloc();
    if (status != Z_OK && status != Z_BUF_ERROR) fail("expected deflated data, found a damaged stream");
    if (length > size) fail("expected as much data as the archive says, found more");
    if (written == 0 && stream.unread().empty()) fail("expected more deflated data, found its end");
  }
  if (length != size || !stream.unread().empty()) fail("expected as much data as the archive says, found another size");
  contents.resize(length);
  return contents;
}

std::string deflated(std::string_view contents) {
  z_stream stream{};
  constexpr int usual_memory = 8;
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, no_header, usual_memory, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::bad_alloc();
  const std::unique_ptr<z_stream, int (*)(z_stream*)> owner(&stream, deflateEnd);
  std::string packed, part(std::size_t{1} << 16, '\0');
  int status = Z_OK;
  while (status != Z_STREAM_END) {
    constexpr std::size_t most = std::size_t{1} << 30; // zlib counts in 32 bits
    if (stream.avail_in == 0 && !contents.empty()) {
      stream.avail_in = static_cast<uInt>(std::min(contents.size(), most));
      stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(contents.data()));
      contents.remove_prefix(stream.avail_in);
    }
    stream.next_out = reinterpret_cast<Bytef*>(part.data());
    stream.avail_out = static_cast<uInt>(part.size());
    status = deflate(&stream, contents.empty() ? Z_FINISH : Z_NO_FLUSH);
    packed.append(part, 0, part.size() - stream.avail_out);
  }
  return packed;
}

std::uint32_t crc32_of(std::string_view contents) noexcept {
  constexpr std::size_t most = std::size_t{1} << 30;
  uLong value = crc32(0, nullptr, 0);
  while (!contents.empty()) {
    const std::size_t part = std::min(contents.size(), most);
    value = crc32(value, reinterpret_cast<const Bytef*>(contents.data()), static_cast<uInt>(part));
    contents.remove_prefix(part);
  }
  return static_cast<std::uint32_t>(value);
}

} // namespace fusegrad::data::detail
