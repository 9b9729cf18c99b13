// SPDX-License-Identifier: MIT
#include <fusegrad/data/idx.hpp>

#include "../base/file.hpp"
#include "../base/file_kind.hpp"
#include "count_classes.hpp"
#include "gzip.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <string>
#include <type_traits>
#include <utility>

namespace fusegrad::data {

namespace {

struct idx_header {
  unsigned char type = 0;
  std::vector<std::size_t> shape;
  std::size_t count = 1;

  std::size_t bytes() const noexcept { return 4 + 4 * shape.size(); }
};

constexpr std::size_t longest_header = 4 + 4 * 255;

[[noreturn]] void fail(std::string_view name, const std::string& words) {
  throw file_error(std::string(name) + ": " + words);
}

unsigned char byte_at(std::string_view bytes, std::size_t i) noexcept { return static_cast<unsigned char>(bytes[i]); }

template <class Unsigned> Unsigned big_endian(const char* bytes) noexcept {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < sizeof(Unsigned); ++i) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return static_cast<Unsigned>(value);
}

std::size_t number_size(unsigned char type) noexcept {
  switch (type) {
  case 0x08:
  case 0x09: return 1;
  case 0x0B: return 2;
  case 0x0C:
  case 0x0D: return 4;
  case 0x0E: return 8;
  default: return 0;
  }
}

std::string words_for(const std::vector<std::size_t>& shape) {
  std::string words;
  for (const auto extent : shape) words += (words.empty() ? "" : " x ") + std::to_string(extent);
  return words;
}

idx_header read_header(std::string_view bytes, std::string_view name) {
  const std::string found = std::to_string(bytes.size()) + " bytes";
  if (bytes.size() < 4) fail(name, "expected the 4 bytes that begin an IDX file, found " + found);
  if (const auto kind = base::kind_of_file(bytes); !kind.empty()) {
    fail(name, "expected an IDX file, found " + std::string(kind));
  }
  if (bytes[0] != 0 || bytes[1] != 0) {
    fail(name, "expected an IDX file, which begins with two zero bytes, found " + std::to_string(byte_at(bytes, 0)) +
                   " and " + std::to_string(byte_at(bytes, 1)));
  }
  idx_header header;
  header.type = byte_at(bytes, 2);
  if (number_size(header.type) == 0) {
    fail(name, "expected a number type of 8, 9, 11, 12, 13 or 14 in the header, found " + std::to_string(header.type));
  }
  header.shape.resize(byte_at(bytes, 3));
  if (header.shape.empty()) fail(name, "expected at least one dimension in the header, found 0");
  if (bytes.size() < header.bytes()) {
    fail(name, "expected a header of " + std::to_string(header.bytes()) + " bytes, found " + found);
  }
  for (std::size_t i = 0; i < header.shape.size(); ++i) {
    header.shape[i] = big_endian<std::uint32_t>(bytes.data() + 4 + 4 * i);
  }
  const std::size_t most = (std::numeric_limits<std::size_t>::max() - longest_header) / number_size(header.type);
  for (const auto extent : header.shape) {
    if (extent != 0 && header.count > most / extent) {
      fail(name, "expected a shape that fits into memory, found " + words_for(header.shape));
    }
    header.count *= extent;
  }
  return header;
}

template <class T> std::vector<T> decode(std::string_view bytes) {
  using same_size =
      std::conditional_t<sizeof(T) == 1, std::uint8_t,
                         std::conditional_t<sizeof(T) == 2, std::uint16_t,
                                            std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>>>;
  std::vector<T> values(bytes.size() / sizeof(T));
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = std::bit_cast<T>(big_endian<same_size>(bytes.data() + i * sizeof(T)));
  }
  return values;
}

/// The numbers of a file whose size has been checked.
idx_array decode(idx_header header, std::string_view numbers) {
  switch (header.type) {
  case 0x08: return {std::move(header.shape), decode<std::uint8_t>(numbers)};
  case 0x09: return {std::move(header.shape), decode<std::int8_t>(numbers)};
  case 0x0B: return {std::move(header.shape), decode<std::int16_t>(numbers)};
  case 0x0C: return {std::move(header.shape), decode<std::int32_t>(numbers)};
  case 0x0D: return {std::move(header.shape), decode<float>(numbers)};
  default: return {std::move(header.shape), decode<double>(numbers)};
  }
}

[[noreturn]] void wrong_size(std::string_view name, const idx_header& header, std::size_t expected,
                             const std::string& found) {
  fail(name, "expected " + std::to_string(expected) + " bytes (header, then " + words_for(header.shape) +
                 " numbers of " + std::to_string(8 * number_size(header.type)) + " bits), found " + found);
}

idx_array parse_plain(std::string_view bytes, std::string_view name) {
  idx_header header = read_header(bytes, name);
  const std::size_t expected = header.bytes() + header.count * number_size(header.type);
  if (bytes.size() != expected) wrong_size(name, header, expected, std::to_string(bytes.size()));
  const auto numbers = bytes.substr(header.bytes());
  return decode(std::move(header), numbers);
}

idx_array parse_compressed(std::string_view bytes, std::string_view name) {
  const idx_header header = read_header(detail::gunzip(bytes, longest_header, name), name);
  const std::size_t expected = header.bytes() + header.count * number_size(header.type);
  // Deflate shrinks by at most 1032: what cannot be there need not be looked for.
  if (expected / 1040 > bytes.size()) wrong_size(name, header, expected, "far fewer in the compressed file");
  // One byte more than expected: anything behind the end is seen, and so are the checksums.
  const std::string contents = detail::gunzip(bytes, expected + 1, name);
  if (contents.size() > expected) wrong_size(name, header, expected, "more");
  return parse_plain(contents, name);
}

std::vector<float> real_numbers(const idx_array& array, std::string_view name) {
  return std::visit(
      [&]<class T>(const std::vector<T>& values) {
        std::vector<float> numbers(values.size());
        for (std::size_t i = 0; i < values.size(); ++i) {
          numbers[i] = static_cast<float>(values[i]);
          if constexpr (std::is_same_v<T, std::uint8_t>) numbers[i] /= 255.0f;
          if (!std::isfinite(numbers[i])) {
            fail(name, "expected finite numbers, found another at position " + std::to_string(i));
          }
        }
        return numbers;
      },
      array.values);
}

std::vector<std::int32_t> integers(const idx_array& array, std::string_view name) {
  return std::visit(
      [&]<class T>(const std::vector<T>& values) -> std::vector<std::int32_t> {
        if constexpr (std::is_integral_v<T>) return {values.begin(), values.end()};
        fail(name, "expected integer labels, found real numbers");
      },
      array.values);
}

} // namespace

idx_array parse_idx(std::string_view bytes, std::string_view name) {
  return detail::is_gzip(bytes) ? parse_compressed(bytes, name) : parse_plain(bytes, name);
}

idx_array read_idx(const base::file_path& path) { return parse_idx(base::read_file(path), path.string()); }

dataset<float> load_idx(const base::file_path& samples, const base::file_path& labels, std::size_t classes) {
  const std::string samples_name = samples.string();
  const std::string labels_name = labels.string();
  const idx_array sample_array = read_idx(samples);
  const idx_array label_array = read_idx(labels);
  if (sample_array.shape.size() < 2) {
    fail(samples_name, "expected at least two dimensions, samples and features, found one");
  }
  if (label_array.shape.size() != 1) {
    fail(labels_name, "expected one dimension of labels, found " + words_for(label_array.shape));
  }
  if (label_array.shape[0] != sample_array.shape[0]) {
    fail(labels_name, "expected " + std::to_string(sample_array.shape[0]) + " labels, one for each sample of " +
                          samples_name + ", found " + std::to_string(label_array.shape[0]));
  }
  auto numbers = real_numbers(sample_array, samples_name);
  if (numbers.empty()) fail(samples_name, "expected at least one number, found " + words_for(sample_array.shape));
  auto classes_of_samples = integers(label_array, labels_name);
  const std::size_t class_count =
      detail::count_classes(classes_of_samples, classes, "the last argument of load_idx", labels_name);
  const std::size_t features = numbers.size() / classes_of_samples.size();
  return dataset<float>::from_labels(std::move(numbers), features, std::move(classes_of_samples), class_count);
}

} // namespace fusegrad::data
