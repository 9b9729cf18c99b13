// SPDX-License-Identifier: MIT
#include "zip.hpp"

#include <fusegrad/data/file_error.hpp>

#include "../base/file.hpp"
#include "gzip.hpp"

#include <cstddef>
#include <cstdint>
#include <stdexcept>

namespace fusegrad::data::detail {

namespace {

constexpr std::string_view local_mark = "PK\3\4", central_mark = "PK\1\2", end_mark = "PK\5\6", wide_mark = "PK\6\6",
                           wide_locator_mark = "PK\6\7";
constexpr std::size_t local_size = 30, central_size = 46, end_size = 22, wide_locator_size = 20, wide_size = 56;
constexpr std::uint64_t in_wide_field = 0xFFFFFFFFu;
constexpr unsigned stored_method = 0, deflated_method = 8;

/// The bytes of an archive; reading behind the end is an error in words.
class zip_bytes {
public:
  zip_bytes(std::string_view bytes, std::string_view name) : bytes_(bytes), name_(name) {}

  std::string_view part(std::uint64_t offset, std::uint64_t size) const {
    if (offset > bytes_.size() || size > bytes_.size() - offset)
      fail("expected all of the archive, found a place behind its end: it is damaged or cut off");
    return bytes_.substr(static_cast<std::size_t>(offset), static_cast<std::size_t>(size));
  }
  std::uint64_t number(std::uint64_t offset, std::size_t size) const {
    const auto bytes = part(offset, size);
    std::uint64_t value = 0;
    for (std::size_t i = size; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[i]);
    return value;
  }
  bool has(std::string_view mark, std::uint64_t offset) const { return part(offset, mark.size()) == mark; }
  std::size_t size() const noexcept { return bytes_.size(); }
  std::string_view name() const noexcept { return name_; }
  std::string_view all() const noexcept { return bytes_; }

  [[noreturn]] void fail(const std::string& words) const { throw file_error(std::string(name_) + ": " + words); }

private:
  std::string_view bytes_, name_;
};

/// Where the list of files is.
struct directory {
  std::uint64_t offset, count;
};

directory find_directory(const zip_bytes& bytes) {
  constexpr std::size_t longest_comment = 0xFFFF;
  if (bytes.size() < end_size) bytes.fail("expected a ZIP archive, found a file too short for one");
  const auto begin = bytes.size() > end_size + longest_comment ? bytes.size() - end_size - longest_comment : 0;
  const auto found = bytes.all().substr(begin, bytes.size() - begin - (end_size - end_mark.size())).rfind(end_mark);
  if (found == std::string_view::npos) bytes.fail("expected a ZIP archive, found no list of its files");
  const std::uint64_t end = begin + found;
  directory result{bytes.number(end + 16, 4), bytes.number(end + 10, 2)};
  if (bytes.number(end + 4, 2) != 0 && bytes.number(end + 4, 2) != 0xFFFF)
    bytes.fail("expected an archive in one file, found a part of one");
  if (result.offset != in_wide_field && result.count != 0xFFFF) return result;
  if (end < wide_locator_size || !bytes.has(wide_locator_mark, end - wide_locator_size)) return result;
  const std::uint64_t wide = bytes.number(end - wide_locator_size + 8, 8);
  if (!bytes.has(wide_mark, wide)) bytes.fail("expected the list of files of a large archive, found other bytes");
  static_cast<void>(bytes.part(wide, wide_size));
  return {bytes.number(wide + 48, 8), bytes.number(wide + 32, 8)};
}

struct entry {
  std::string name;
  std::uint64_t packed_size, size, offset;
  std::uint32_t checksum;
  unsigned method;
  std::uint64_t end; ///< of its part of the list
};

/// What did not fit into 32 bits stands in a field of its own, in this order.
void read_wide_sizes(const zip_bytes& bytes, std::uint64_t begin, std::uint64_t size, entry& found) {
  for (std::uint64_t at = begin; at + 4 <= begin + size;) {
    const std::uint64_t kind = bytes.number(at, 2), length = bytes.number(at + 2, 2);
    if (length > begin + size - at - 4) bytes.fail("expected a whole field for " + base::in_quotes(found.name));
    if (kind == 1) {
      std::uint64_t next = at + 4;
      for (std::uint64_t* value : {&found.size, &found.packed_size, &found.offset}) {
        if (*value != in_wide_field) continue;
        if (next + 8 > at + 4 + length) bytes.fail("expected the size of " + base::in_quotes(found.name));
        *value = bytes.number(next, 8);
        next += 8;
      }
      return;
    }
    at += 4 + length;
  }
}

entry read_entry(const zip_bytes& bytes, std::uint64_t at) {
  if (!bytes.has(central_mark, at)) bytes.fail("expected a file in the list of the archive, found other bytes");
  const std::uint64_t name_size = bytes.number(at + 28, 2), extra = bytes.number(at + 30, 2),
                      comment = bytes.number(at + 32, 2);
  entry found{std::string(bytes.part(at + central_size, name_size)),
              bytes.number(at + 20, 4),
              bytes.number(at + 24, 4),
              bytes.number(at + 42, 4),
              static_cast<std::uint32_t>(bytes.number(at + 16, 4)),
              static_cast<unsigned>(bytes.number(at + 10, 2)),
              at + central_size + name_size + extra + comment};
  if ((bytes.number(at + 8, 2) & 1) != 0)
    bytes.fail("expected readable files, found " + base::in_quotes(found.name) + " encrypted");
  read_wide_sizes(bytes, at + central_size + name_size, extra, found);
  return found;
}

zip_member read_member(const zip_bytes& bytes, const entry& found) {
  const std::string member = base::in_quotes(found.name);
  const std::string where = std::string(bytes.name()) + ": " + found.name;
  if (!bytes.has(local_mark, found.offset))
    bytes.fail("expected " + member + " where the list says, found other bytes");
  const std::uint64_t begin =
      found.offset + local_size + bytes.number(found.offset + 26, 2) + bytes.number(found.offset + 28, 2);
  const auto packed = bytes.part(begin, found.packed_size);
  zip_member result{found.name, {}};
  if (found.method == stored_method) {
    if (found.size != found.packed_size) bytes.fail("expected one size of " + member + ", found two");
    result.contents = std::string(packed);
  } else if (found.method == deflated_method) {
    result.contents = inflate_exactly(packed, static_cast<std::size_t>(found.size), where);
  } else {
    bytes.fail("expected files that are stored or deflated, found " + member + " packed by method " +
               std::to_string(found.method));
  }
  if (crc32_of(result.contents) != found.checksum)
    bytes.fail("expected " + member + " with the checksum that the list has, found another: it is damaged");
  return result;
}

void put(std::string& to, std::uint64_t value, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) to += static_cast<char>(value >> 8 * i & 0xFF);
}

/// What stands both before a file and in the list: version, flags, method, time, checksum and sizes.
void put_facts(std::string& to, const zip_member& member, std::size_t packed_size, bool compress) {
  constexpr unsigned version = 20, utf8 = 1 << 11, first_of_1980 = 0x21;
  put(to, version, 2);
  put(to, utf8, 2);
  put(to, compress ? deflated_method : stored_method, 2);
  put(to, 0, 2);
  put(to, first_of_1980, 2); // the same bytes whenever it is written
  put(to, crc32_of(member.contents), 4);
  put(to, packed_size, 4);
  put(to, member.contents.size(), 4);
  put(to, member.name.size(), 2);
  put(to, 0, 2);
}

} // namespace

std::vector<zip_member> unzip(std::string_view file, std::string_view name) {
  const zip_bytes bytes(file, name);
  const directory list = find_directory(bytes);
  std::vector<zip_member> members;
  std::uint64_t at = list.offset, packed = 0;
  for (std::uint64_t i = 0; i < list.count; ++i) {
    const entry found = read_entry(bytes, at);
    at = found.end;
    // Files that share their bytes would unpack to far more than the archive could hold.
    packed += found.packed_size <= bytes.size() ? found.packed_size : bytes.size() + 1;
    if (packed > bytes.size()) bytes.fail("expected files that fit into the archive, found more");
    members.push_back(read_member(bytes, found));
  }
  return members;
}

std::string zip(const std::vector<zip_member>& members, bool compress) {
  constexpr std::uint64_t most = in_wide_field - 1;
  const auto check = [](std::size_t size) {
    if (size > most) throw std::invalid_argument("ZIP archive: expected at most 4 GiB, found more; write single files");
  };
  if (members.size() >= 0xFFFF) throw std::invalid_argument("ZIP archive: expected fewer than 65535 files, found more");
  std::string archive, list;
  for (const zip_member& member : members) {
    check(member.contents.size());
    const std::string packed = compress ? deflated(member.contents) : member.contents;
    check(archive.size());
    constexpr unsigned version = 20;
    list += central_mark;
    put(list, version, 2);
    put_facts(list, member, packed.size(), compress);
    list.append(2 + 2 + 2 + 4, '\0'); // comment, disk, attributes
    put(list, archive.size(), 4);
    list += member.name;
    archive += local_mark;
    put_facts(archive, member, packed.size(), compress);
    archive += member.name;
    archive += packed;
  }
  check(archive.size());
  const std::size_t list_begin = archive.size();
  archive += list;
  archive += end_mark;
  put(archive, 0, 4);
  put(archive, members.size(), 2);
  put(archive, members.size(), 2);
  put(archive, list.size(), 4);
  put(archive, list_begin, 4);
  put(archive, 0, 2);
  return archive;
}

} // namespace fusegrad::data::detail
