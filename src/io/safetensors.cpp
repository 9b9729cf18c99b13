// SPDX-License-Identifier: MIT
#include <fusegrad/io/safetensors.hpp>

#include "../base/checksum.hpp"
#include "../base/file.hpp"
#include "../base/file_kind.hpp"
#include "safetensors_header.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <limits>
#include <numeric>
#include <optional>
#include <set>
#include <stdexcept>
#include <tuple>
#include <utility>

namespace fusegrad::io {

namespace {

using detail::header_entry;
using detail::tensor_header;
using detail::tensor_words;

struct type_row {
  number_type type;
  std::string_view name;
  std::size_t size;
};

constexpr std::array<type_row, 15> types{{
    {number_type::boolean, "BOOL", 1},
    {number_type::u8, "U8", 1},
    {number_type::i8, "I8", 1},
    {number_type::f8_e5m2, "F8_E5M2", 1},
    {number_type::f8_e4m3, "F8_E4M3", 1},
    {number_type::u16, "U16", 2},
    {number_type::i16, "I16", 2},
    {number_type::f16, "F16", 2},
    {number_type::bf16, "BF16", 2},
    {number_type::u32, "U32", 4},
    {number_type::i32, "I32", 4},
    {number_type::f32, "F32", 4},
    {number_type::u64, "U64", 8},
    {number_type::i64, "I64", 8},
    {number_type::f64, "F64", 8},
}};

constexpr bool types_are_in_order() {
  for (std::size_t i = 0; i < types.size(); ++i) {
    if (static_cast<std::size_t>(types[i].type) != i) return false;
  }
  return true;
}
static_assert(types_are_in_order(), "a row is found by the value of its enumerator");

/// The limit of the reference implementation.
constexpr std::size_t longest_header = 100'000'000;
constexpr std::size_t length_size = 8;

/// The key of the metadata that holds the checksum of all the rest.
constexpr std::string_view checksum_key = "fusegrad.crc64";

std::string shape_words(const std::vector<std::size_t>& shape) {
  std::string words = "[";
  for (const auto extent : shape) words += (words.size() > 1 ? ", " : "") + std::to_string(extent);
  return words + "]";
}

/// The bytes of a tensor, or nothing if that number overflows.
std::optional<std::size_t> bytes_of(const std::vector<std::size_t>& shape, number_type type) {
  std::size_t bytes = size_of(type);
  for (const auto extent : shape) {
    if (extent != 0 && bytes > std::numeric_limits<std::size_t>::max() / extent) return std::nullopt;
    bytes *= extent;
  }
  return bytes;
}

[[noreturn]] void fail(std::string_view file, const std::string& words) {
  throw file_error(std::string(file) + ": " + words);
}

/// How files that hold weights, too, become one of these.
std::string way_from(std::string_view bytes) {
  using namespace std::string_view_literals;
  const std::string_view beginning = bytes.substr(0, 256);
  const bool is_zip = bytes.starts_with("PK\3\4"), is_pickle = bytes.starts_with('\x80');
  if (is_pickle || (is_zip && beginning.find("data.pkl"sv) != std::string_view::npos)) {
    return "; torch.save wrote it, and in Python safetensors.torch.save_file(torch.load(\"net.pt\", "
           "weights_only=True), \"net.safetensors\") makes such a file of a state_dict";
  }
  if (is_zip || bytes.starts_with("\x93NUMPY"sv)) {
    return "; in Python safetensors.numpy.save_file(dict(numpy.load(\"net.npz\")), \"net.safetensors\") makes such a "
           "file of named arrays";
  }
  if (bytes.starts_with("\x89HDF\r\n"sv)) {
    return "; in Python safetensors.numpy.save_file of a dictionary of named arrays makes such a file";
  }
  return {};
}

/// Of what does not begin as such a file; the first bytes are a length, and could be those of any other kind.
[[noreturn]] void fail_at_beginning(std::string_view bytes, std::string_view file, const std::string& words) {
  const auto kind = base::kind_of_file(bytes);
  fail(file, kind.empty() ? words : "expected a safetensors file, found " + std::string(kind) + way_from(bytes));
}

std::size_t header_length(std::string_view bytes, std::string_view file) {
  if (bytes.size() < length_size) {
    fail_at_beginning(bytes, file,
                      "expected 8 bytes with the length of the header, found " + std::to_string(bytes.size()));
  }
  std::uint64_t length = 0;
  for (std::size_t i = length_size; i > 0; --i) length = length << 8 | static_cast<unsigned char>(bytes[i - 1]);
  if (length > longest_header) {
    fail_at_beginning(bytes, file,
                      "expected a header of at most " + std::to_string(longest_header) + " bytes, found a length of " +
                          std::to_string(length));
  }
  if (length > bytes.size() - length_size) {
    fail_at_beginning(bytes, file,
                      "expected a header of " + std::to_string(length) + " bytes, found " +
                          std::to_string(bytes.size() - length_size));
  }
  return static_cast<std::size_t>(length);
}

std::optional<number_type> find_type(std::string_view name) {
  const auto row = std::find_if(types.begin(), types.end(), [&](const type_row& r) { return r.name == name; });
  if (row == types.end()) return std::nullopt;
  return row->type;
}

void check_order(const header_entry& entry, std::string_view file) {
  if (entry.begin <= entry.end) return;
  fail(file, tensor_words(entry.name) + ": expected data_offsets in ascending order, found " +
                 std::to_string(entry.begin) + " and " + std::to_string(entry.end));
}

void check_size(const header_entry& entry, number_type type, std::string_view file) {
  const std::string what = "shape " + shape_words(entry.shape) + " of " + entry.type;
  const auto bytes = bytes_of(entry.shape, type);
  if (!bytes) fail(file, tensor_words(entry.name) + ": expected a size that fits into memory, found " + what);
  check_order(entry, file);
  if (entry.end - entry.begin == *bytes) return;
  fail(file, tensor_words(entry.name) + ": expected " + std::to_string(*bytes) + " bytes for " + what + ", found " +
                 std::to_string(entry.end - entry.begin));
}

/// The tensors must cover the data without a gap and without a byte that two of them share.
void check_layout(const tensor_header& header, std::size_t data_size, std::string_view file) {
  std::vector<const header_entry*> in_order;
  in_order.reserve(header.entries.size());
  for (const auto& entry : header.entries) in_order.push_back(&entry);
  std::sort(in_order.begin(), in_order.end(), [](const header_entry* a, const header_entry* b) {
    return std::tie(a->begin, a->end) < std::tie(b->begin, b->end);
  });
  std::size_t position = 0;
  for (const auto* entry : in_order) {
    if (entry->begin != position) {
      fail(file, tensor_words(entry->name) + ": expected its data to begin at " + std::to_string(position) +
                     ", where the one before ends, found " + std::to_string(entry->begin));
    }
    position = entry->end;
  }
  if (position != data_size) {
    fail(file, "expected " + std::to_string(position) + " bytes of data behind the header, found " +
                   std::to_string(data_size));
  }
}

std::vector<std::byte> bytes_between(std::string_view data, std::size_t begin, std::size_t end) {
  std::vector<std::byte> bytes(end - begin);
  if (!bytes.empty()) std::memcpy(bytes.data(), data.data() + begin, bytes.size());
  return bytes;
}

void check_for_writing(std::span<const named_tensor> tensors, const tensor_metadata& metadata) {
  if (metadata.contains(std::string(checksum_key))) {
    throw std::invalid_argument("safetensors: expected metadata without the key \"" + std::string(checksum_key) +
                                "\", which is written of itself, found it");
  }
  std::set<std::string_view> names;
  for (const auto& tensor : tensors) {
    const auto refuse = [&](const std::string& words) {
      throw std::invalid_argument("safetensors: " + tensor_words(tensor.name) + ": " + words);
    };
    if (tensor.name == detail::metadata_key) refuse("expected another name, found the one that is reserved");
    if (!names.insert(tensor.name).second) refuse("expected each name once, found it twice");
    const auto bytes = bytes_of(tensor.shape, tensor.type);
    if (!bytes || *bytes != tensor.bytes.size()) {
      refuse("expected " + (bytes ? std::to_string(*bytes) : std::string("a possible number of")) +
             " bytes for shape " + shape_words(tensor.shape) + " of " + std::string(to_string(tensor.type)) +
             ", found " + std::to_string(tensor.bytes.size()));
    }
  }
}

/// What a tensor is, and its bytes.
struct tensor_view {
  std::string_view name;
  std::string_view type;
  std::span<const std::size_t> shape;
  std::string_view bytes;
};

/// Of the contents, not of the bytes of the file: a program that writes the same tensors in another order, or the
/// header with other spaces, keeps it true.
std::string checksum_of(std::vector<tensor_view> tensors, const tensor_metadata& metadata) {
  std::sort(tensors.begin(), tensors.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  base::checksum sum;
  sum.add(std::uint64_t{tensors.size()});
  for (const auto& tensor : tensors) {
    sum.add_text(tensor.name);
    sum.add_text(tensor.type);
    sum.add(std::uint64_t{tensor.shape.size()});
    for (const auto extent : tensor.shape) sum.add(std::uint64_t{extent});
    sum.add_text(tensor.bytes);
  }
  for (const auto& [key, value] : metadata) {
    if (key == checksum_key) continue;
    sum.add_text(key);
    sum.add_text(value);
  }
  return sum.to_string();
}

/// Whether the file has a checksum, which then must agree.
bool verify(const tensor_header& header, std::string_view data, std::string_view file) {
  const auto written = header.metadata.find(std::string(checksum_key));
  if (written == header.metadata.end()) return false;
  std::vector<tensor_view> tensors;
  tensors.reserve(header.entries.size());
  for (const auto& entry : header.entries) {
    tensors.push_back({entry.name, entry.type, entry.shape, data.substr(entry.begin, entry.end - entry.begin)});
  }
  const auto found = checksum_of(std::move(tensors), header.metadata);
  if (found == written->second) return true;
  fail(file, "expected contents with the checksum " + base::in_quotes(written->second) +
                 " that was written with them, found " + base::in_quotes(found) +
                 ": the file was damaged, or changed by hand");
}

/// The tensors from the widest numbers to the narrowest: so the data of each is aligned in a file mapped to
/// memory.
std::vector<const named_tensor*> by_alignment(std::span<const named_tensor> tensors) {
  std::vector<const named_tensor*> order;
  for (std::size_t width = 8; width > 0; width /= 2) {
    for (const auto& tensor : tensors) {
      if (size_of(tensor.type) == width) order.push_back(&tensor);
    }
  }
  return order;
}

} // namespace

std::string_view to_string(number_type type) noexcept { return types[static_cast<std::size_t>(type)].name; }

std::size_t size_of(number_type type) noexcept { return types[static_cast<std::size_t>(type)].size; }

tensor_file parse_safetensors(std::string_view bytes, std::string_view name) {
  const std::size_t length = header_length(bytes, name);
  const auto header_text = bytes.substr(length_size, length);
  const auto data = bytes.substr(length_size + length);
  if (!header_text.starts_with('{'))
    fail_at_beginning(bytes, name, "expected a header that begins with {, found another beginning");
  tensor_header header = detail::parse_header(header_text, name);
  for (const auto& entry : header.entries) {
    const auto type = find_type(entry.type);
    type ? check_size(entry, *type, name) : check_order(entry, name);
  }
  check_layout(header, data.size(), name);
  tensor_file file;
  file.has_checksum = verify(header, data, name);
  file.metadata = std::move(header.metadata);
  file.metadata.erase(std::string(checksum_key));
  const auto is_known = [](const header_entry& entry) { return find_type(entry.type).has_value(); };
  file.tensors.reserve(static_cast<std::size_t>(std::count_if(header.entries.begin(), header.entries.end(), is_known)));
  for (auto& entry : header.entries) {
    if (const auto type = find_type(entry.type)) {
      file.tensors.push_back(
          {std::move(entry.name), std::move(entry.shape), *type, bytes_between(data, entry.begin, entry.end)});
    } else {
      file.skipped.push_back({std::move(entry.name), std::move(entry.shape), std::move(entry.type)});
    }
  }
  return file;
}

tensor_file read_safetensors(const base::file_path& path) {
  return parse_safetensors(base::read_file(path), path.string());
}

namespace {

/// The length of the header and the header.
std::string head_of(std::span<const named_tensor* const> order, tensor_metadata metadata) {
  std::vector<tensor_view> views;
  tensor_header header;
  std::size_t position = 0;
  for (const auto* tensor : order) {
    const std::size_t end = position + tensor->bytes.size();
    const auto type = to_string(tensor->type);
    header.entries.push_back({tensor->name, std::string(type), tensor->shape, position, end});
    views.push_back({tensor->name, type, tensor->shape, base::as_text(tensor->bytes)});
    position = end;
  }
  metadata[std::string(checksum_key)] = checksum_of(std::move(views), metadata);
  header.metadata = std::move(metadata);
  std::string text = detail::format_header(header);
  text.append((length_size - text.size() % length_size) % length_size, ' ');
  if (text.size() > longest_header) {
    throw std::invalid_argument("safetensors: expected names and metadata of at most " +
                                std::to_string(longest_header) + " bytes, found " + std::to_string(text.size()));
  }
  std::string head;
  for (std::size_t i = 0; i < length_size; ++i) {
    head += static_cast<char>(static_cast<std::uint64_t>(text.size()) >> (8 * i) & 0xFF);
  }
  return head += text;
}

/// Gives a function the pieces of the file, one behind the other.
template <class Use> auto with_parts(std::span<const named_tensor> tensors, const tensor_metadata& metadata, Use use) {
  check_for_writing(tensors, metadata);
  const auto order = by_alignment(tensors);
  const std::string head = head_of(order, metadata);
  std::vector<std::string_view> parts{head};
  for (const auto* tensor : order) parts.push_back(base::as_text(tensor->bytes));
  return use(std::span<const std::string_view>(parts));
}

} // namespace

std::string format_safetensors(std::span<const named_tensor> tensors, const tensor_metadata& metadata) {
  return with_parts(tensors, metadata, [](std::span<const std::string_view> parts) {
    std::size_t size = 0;
    for (const auto part : parts) size += part.size();
    std::string bytes;
    bytes.reserve(size);
    for (const auto part : parts) bytes += part;
    return bytes;
  });
}

void write_safetensors(const base::file_path& path, std::span<const named_tensor> tensors,
                       const tensor_metadata& metadata) {
  with_parts(tensors, metadata, [&](std::span<const std::string_view> parts) { base::write_durably(path, parts); });
}

} // namespace fusegrad::io
