// SPDX-License-Identifier: MIT
#include <fusegrad/data/npy.hpp>

#include "../base/file.hpp"
#include "count_classes.hpp"
#include "zip.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>
#include <span>
#include <stdexcept>
#include <type_traits>
#include <utility>

namespace fusegrad::data {

namespace {

using base::in_quotes;

constexpr std::string_view magic{"\x93NUMPY", 6};

[[noreturn]] void fail(std::string_view name, const std::string& words) {
  throw file_error(std::string(name) + ": " + words);
}

std::string shape_in_words(const std::vector<std::size_t>& shape) {
  std::string words;
  for (const std::size_t extent : shape) words += (words.empty() ? "" : " x ") + std::to_string(extent);
  return words.empty() ? "a single number" : words;
}

struct npy_header {
  std::string type;
  bool is_column_major = false;
  std::vector<std::size_t> shape;
};

/// Reads the literal of a Python dictionary that the header is.
class header_reader {
public:
  header_reader(std::string_view text, std::string_view name) : text_(text), name_(name) {}

  npy_header read() {
    npy_header header;
    bool has_type = false, has_order = false, has_shape = false;
    expect('{');
    while (!take('}')) {
      const std::string_view key = quoted();
      expect(':');
      bool& seen = key == "descr"           ? has_type
                   : key == "fortran_order" ? has_order
                   : key == "shape"         ? has_shape
                                            : known(key);
      if (seen) fail("expected each entry of the header once, found " + in_quotes(key) + " twice");
      seen = true;
      if (key == "descr") header.type = type();
      if (key == "fortran_order") header.is_column_major = truth();
      if (key == "shape") header.shape = shape();
      if (!take(',') && !is_next('}')) fail("expected an entry of the header to end, found more");
    }
    skip_blanks();
    if (!text_.empty()) fail("expected the end of the header, found more");
    if (!has_type || !has_order || !has_shape) fail("expected type, order and shape in the header, found less");
    return header;
  }

private:
  bool& known(std::string_view key) const {
    fail("expected descr, fortran_order or shape in the header, found " + in_quotes(key));
  }
  void skip_blanks() {
    const auto begin = text_.find_first_not_of(" \n\t\r");
    text_.remove_prefix(std::min(begin, text_.size()));
  }
  bool is_next(char letter) {
    skip_blanks();
    return text_.starts_with(letter);
  }
  bool take(char letter) {
    if (!is_next(letter)) return false;
    text_.remove_prefix(1);
    return true;
  }
  void expect(char letter) {
    if (!take(letter))
      fail("expected " + in_quotes({&letter, 1}) + " in the header, found " + in_quotes(text_.substr(0, 8)));
  }
  std::string_view quoted() {
    const char quote = is_next('"') ? '"' : '\'';
    expect(quote);
    const auto end = text_.find(quote);
    if (end == std::string_view::npos) fail("expected the end of a name in the header, found none");
    const auto inside = text_.substr(0, end);
    text_.remove_prefix(end + 1);
    return inside;
  }
  std::string type() {
    if (is_next('[')) fail("expected numbers of one type, found a structured array");
    return std::string(quoted());
  }
  bool truth() {
    skip_blanks();
    for (const std::string_view word : {"True", "False"}) {
      if (!text_.starts_with(word)) continue;
      text_.remove_prefix(word.size());
      return word == "True";
    }
    fail("expected True or False as the order in the header, found " + in_quotes(text_.substr(0, 8)));
  }
  std::vector<std::size_t> shape() {
    std::vector<std::size_t> extents;
    expect('(');
    while (!take(')')) {
      skip_blanks();
      std::size_t extent = 0;
      const auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), extent);
      if (error != std::errc{}) fail("expected the extents of the shape, found " + in_quotes(text_.substr(0, 8)));
      text_.remove_prefix(static_cast<std::size_t>(end - text_.data()));
      take('L'); // Python 2
      extents.push_back(extent);
      if (!take(',') && !is_next(')')) fail("expected the shape to end, found " + in_quotes(text_.substr(0, 8)));
    }
    return extents;
  }
  [[noreturn]] void fail(const std::string& words) const { data::fail(name_, words); }

  std::string_view text_, name_;
};

std::size_t little_endian(std::string_view bytes) noexcept {
  std::size_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

/// An empty list of the type that a file names, or nothing for types that are not read.
std::optional<decltype(npy_array::values)> empty_list(std::string_view type) {
  using values = decltype(npy_array::values);
  if (type == "f4") return values(std::vector<float>{});
  if (type == "f8") return values(std::vector<double>{});
  if (type == "i1") return values(std::vector<std::int8_t>{});
  if (type == "i2") return values(std::vector<std::int16_t>{});
  if (type == "i4") return values(std::vector<std::int32_t>{});
  if (type == "i8") return values(std::vector<std::int64_t>{});
  if (type == "u1" || type == "b1") return values(std::vector<std::uint8_t>{});
  if (type == "u2") return values(std::vector<std::uint16_t>{});
  if (type == "u4") return values(std::vector<std::uint32_t>{});
  if (type == "u8") return values(std::vector<std::uint64_t>{});
  return std::nullopt;
}

template <class T> constexpr std::string_view type_name() noexcept {
  if constexpr (std::is_floating_point_v<T>) return sizeof(T) == 4 ? "f4" : "f8";
  constexpr std::array<std::string_view, 9> with_sign{"", "i1", "i2", "", "i4", "", "", "", "i8"};
  constexpr std::array<std::string_view, 9> without{"", "u1", "u2", "", "u4", "", "", "", "u8"};
  return std::is_signed_v<T> ? with_sign[sizeof(T)] : without[sizeof(T)];
}

/// How many numbers a shape has; nothing where that is more than memory could hold.
std::optional<std::size_t> count_of(const std::vector<std::size_t>& shape) noexcept {
  std::size_t count = 1;
  if (std::find(shape.begin(), shape.end(), std::size_t{0}) != shape.end()) return 0;
  for (const std::size_t extent : shape) {
    if (count > std::numeric_limits<std::size_t>::max() / extent) return std::nullopt;
    count *= extent;
  }
  return count;
}

template <class T> void put_numbers(std::vector<T>& numbers, std::string_view bytes, bool is_swapped) {
  numbers.resize(bytes.size() / sizeof(T));
  if (!bytes.empty()) std::memcpy(numbers.data(), bytes.data(), bytes.size());
  if (!is_swapped) return;
  for (T& number : numbers) {
    auto* const first = reinterpret_cast<unsigned char*>(&number);
    std::reverse(first, first + sizeof(T));
  }
}

/// Numbers whose first place moves fastest, put so that their last does.
template <class T> std::vector<T> in_rows(const std::vector<T>& columns, const std::vector<std::size_t>& shape) {
  std::vector<T> rows(columns.size());
  std::vector<std::size_t> place(shape.size());
  std::vector<std::size_t> stride(shape.size(), 1);
  for (std::size_t d = 1; d < shape.size(); ++d) stride[d] = stride[d - 1] * shape[d - 1];
  std::size_t from = 0;
  for (T& number : rows) {
    number = columns[from];
    for (std::size_t d = shape.size(); d-- > 0;) {
      from += stride[d];
      if (++place[d] < shape[d]) break;
      from -= stride[d] * shape[d];
      place[d] = 0;
    }
  }
  return rows;
}

/// The numbers of an array as those of samples.
template <class T>
std::vector<T> converted(const npy_array& array, std::size_t width, std::string_view name, const char* what) {
  const auto fail_at = [&](std::size_t place) {
    fail(name, std::string("expected finite numbers of moderate size as ") + what + ", found another in sample " +
                   std::to_string(place / width));
  };
  return std::visit(
      [&](const auto& numbers) {
        std::vector<T> result(numbers.size());
        for (std::size_t i = 0; i < numbers.size(); ++i) {
          result[i] = static_cast<T>(numbers[i]);
          if (!std::isfinite(result[i])) fail_at(i);
        }
        return result;
      },
      array.values);
}

std::vector<std::int32_t> labels_of(const npy_array& array, std::string_view name) {
  const auto fail_at = [&](std::size_t sample) {
    fail(name, "expected labels from 0 to 2^31 - 1, found another at sample " + std::to_string(sample));
  };
  return std::visit(
      [&](const auto& numbers) {
        std::vector<std::int32_t> labels;
        for (const auto number : numbers) {
          if (!(number >= 0) || static_cast<double>(number) >= 0x1p31) fail_at(labels.size());
          labels.push_back(static_cast<std::int32_t>(number));
        }
        return labels;
      },
      array.values);
}

bool holds_integers(const npy_array& array) {
  return !std::holds_alternative<std::vector<float>>(array.values) &&
         !std::holds_alternative<std::vector<double>>(array.values);
}

template <class T>
dataset<T> samples_of(const npy_array& inputs, const npy_array& targets, std::size_t classes, std::string_view name,
                      std::string_view option) {
  if (inputs.shape.empty() || targets.shape.empty() || inputs.shape[0] != targets.shape[0] || inputs.shape[0] == 0)
    fail(name, "expected as many inputs as targets, at least one, found the shapes " + shape_in_words(inputs.shape) +
                   " and " + shape_in_words(targets.shape));
  const std::size_t size = inputs.shape[0];
  const std::size_t features = *count_of(inputs.shape) / size, width = *count_of(targets.shape) / size;
  if (features == 0 || width == 0) fail(name, "expected at least one number a sample, found none");
  std::vector<T> numbers = converted<T>(inputs, features, name, "inputs");
  if (targets.shape.size() > 1 || !holds_integers(targets))
    return dataset<T>::from_targets(std::move(numbers), features, converted<T>(targets, width, name, "targets"), width);
  std::vector<std::int32_t> labels = labels_of(targets, name);
  classes = detail::count_classes(labels, classes, option, name);
  return dataset<T>::from_labels(std::move(numbers), features, std::move(labels), classes);
}

const npy_array& array_of(const npz_arrays& arrays, const std::string& which, std::string_view name) {
  const auto found = arrays.find(which);
  if (found != arrays.end()) return found->second;
  std::string names;
  for (const auto& [known, array] : arrays) names += (names.empty() ? "" : ", ") + in_quotes(known);
  fail(name, "expected an array named " + in_quotes(which) + ", found " + (names.empty() ? "none" : names));
}

constexpr std::string_view extension = ".npy";

} // namespace

npy_array parse_npy(std::string_view bytes, std::string_view name, const npy_options& options) {
  if (!bytes.starts_with(magic)) fail(name, "expected a NumPy file, found another beginning");
  constexpr std::size_t version_end = 8;
  if (bytes.size() < version_end + 4) fail(name, "expected a header, found the end of the file");
  const unsigned version = static_cast<unsigned char>(bytes[magic.size()]);
  if (version < 1 || version > 3) fail(name, "expected version 1 to 3 of the format, found " + std::to_string(version));
  const std::size_t length_size = version == 1 ? 2 : 4;
  const std::size_t length = little_endian(bytes.substr(version_end, length_size));
  const std::size_t begin = version_end + length_size;
  if (length > bytes.size() - begin) fail(name, "expected the whole header, found the end of the file");
  npy_header header = header_reader(bytes.substr(begin, length), name).read();

  const std::string_view type = header.type;
  const char order = type.empty() ? ' ' : type[0];
  npy_array array;
  const auto list = empty_list(type.substr(std::min<std::size_t>(1, type.size())));
  if (!list || std::string_view("<>|=").find(order) == std::string_view::npos)
    fail(name, "expected float32, float64, integers or booleans, found numbers of type " + in_quotes(type));
  array.values = *list;
  const auto count = count_of(header.shape);
  const auto numbers = bytes.substr(begin + length);
  // Said outside of what is made for each type of numbers: a compiler has it once instead of ten times.
  const auto fail_with_size = [&] {
    fail(name, "expected numbers of the shape " + shape_in_words(header.shape) + ", found " +
                   std::to_string(numbers.size()) + " bytes of them");
  };
  std::visit(
      [&]<class T>(std::vector<T>& values) {
        if (!count || *count > numbers.size() / sizeof(T) || *count * sizeof(T) != numbers.size()) fail_with_size();
        const bool is_little = order == '<' || (order != '>' && std::endian::native == std::endian::little);
        put_numbers(values, numbers, is_little != (std::endian::native == std::endian::little));
        if (type.ends_with("b1"))
          for (T& value : values) value = static_cast<T>(value != T{} ? 1 : 0);
        if (!header.is_column_major || header.shape.size() < 2) return;
        if (!options.transpose)
          fail(name,
               "expected an array in rows, found one in columns (Fortran's order); npy_options::transpose puts it "
               "in rows, numpy.ascontiguousarray writes it so");
        values = in_rows(values, header.shape);
      },
      array.values);
  array.shape = std::move(header.shape);
  return array;
}

npy_array read_npy(const base::file_path& path, const npy_options& options) {
  return parse_npy(base::read_file(path), path.string(), options);
}

std::string format_npy(const npy_array& array) {
  std::string shape;
  for (const std::size_t extent : array.shape) shape += std::to_string(extent) + ',';
  return std::visit(
      [&]<class T>(const std::vector<T>& values) {
        if (count_of(array.shape) != values.size())
          throw std::invalid_argument("NumPy file: expected numbers of the shape " + shape_in_words(array.shape) +
                                      ", found " + std::to_string(values.size()));
        const char order = sizeof(T) == 1 ? '|' : std::endian::native == std::endian::little ? '<' : '>';
        std::string header = std::string("{'descr': '") + order + std::string(type_name<T>()) +
                             "', 'fortran_order': False, 'shape': (" + shape + "), }";
        constexpr std::size_t before = 10, alignment = 64;
        header.append(alignment - 1 - (before + header.size()) % alignment, ' ');
        header += '\n';
        if (header.size() > 0xFFFF) throw std::invalid_argument("NumPy file: expected fewer extents, found too many");
        std::string bytes(magic);
        bytes += {'\1', '\0', static_cast<char>(header.size() & 0xFF), static_cast<char>(header.size() >> 8)};
        bytes += header;
        bytes += base::as_text(std::as_bytes(std::span(values)));
        return bytes;
      },
      array.values);
}

void write_npy(const base::file_path& path, const npy_array& array) { base::write_durably(path, {format_npy(array)}); }

npz_arrays parse_npz(std::string_view bytes, std::string_view name, const npy_options& options) {
  npz_arrays arrays;
  for (const detail::zip_member& member : detail::unzip(bytes, name)) {
    std::string_view array_name = member.name;
    if (!array_name.ends_with(extension))
      fail(name, "expected NumPy files alone in the archive, found " + in_quotes(member.name));
    array_name.remove_suffix(extension.size());
    const std::string where = std::string(name) + ": " + member.name;
    if (!arrays.emplace(std::string(array_name), parse_npy(member.contents, where, options)).second)
      fail(name, "expected each array once, found " + in_quotes(array_name) + " twice");
  }
  return arrays;
}

npz_arrays read_npz(const base::file_path& path, const npy_options& options) {
  return parse_npz(base::read_file(path), path.string(), options);
}

std::string format_npz(const npz_arrays& arrays, const npz_writing& how) {
  std::vector<detail::zip_member> members;
  for (const auto& [name, array] : arrays) {
    constexpr std::size_t longest = 1000;
    if (name.empty() || name.size() > longest || name.find('\0') != std::string::npos)
      throw std::invalid_argument("NumPy archive: expected names of arrays that a file can have, found " +
                                  in_quotes(name));
    members.push_back({name + std::string(extension), format_npy(array)});
  }
  return detail::zip(members, how.compress);
}

void write_npz(const base::file_path& path, const npz_arrays& arrays, const npz_writing& how) {
  base::write_durably(path, {format_npz(arrays, how)});
}

template <class T> dataset<T> load_npz(const base::file_path& path, const npz_options& options) {
  const std::string name = path.string();
  const npz_arrays arrays = read_npz(path, {options.transpose});
  return samples_of<T>(array_of(arrays, options.inputs, name), array_of(arrays, options.targets, name), options.classes,
                       name, "npz_options::classes");
}

template <class T>
dataset<T> load_npy(const base::file_path& inputs, const base::file_path& targets, std::size_t classes,
                    const npy_options& options) {
  return samples_of<T>(read_npy(inputs, options), read_npy(targets, options), classes,
                       inputs.string() + " and " + targets.string(), "the argument `classes`");
}

template <class T> void save_npz(const base::file_path& path, const dataset<T>& samples, const npz_writing& how) {
  npz_arrays arrays;
  arrays["x"] = {{samples.size(), samples.features()},
                 std::vector<T>(samples.inputs().begin(), samples.inputs().end())};
  if (samples.has_labels())
    arrays["y"] = {{samples.size()}, std::vector<std::int32_t>(samples.labels().begin(), samples.labels().end())};
  else
    arrays["y"] = {{samples.size(), samples.target_width()},
                   std::vector<T>(samples.targets().begin(), samples.targets().end())};
  write_npz(path, arrays, how);
}

template dataset<float> load_npz(const base::file_path&, const npz_options&);
template dataset<double> load_npz(const base::file_path&, const npz_options&);
template dataset<float> load_npy(const base::file_path&, const base::file_path&, std::size_t, const npy_options&);
template dataset<double> load_npy(const base::file_path&, const base::file_path&, std::size_t, const npy_options&);
template void save_npz(const base::file_path&, const dataset<float>&, const npz_writing&);
template void save_npz(const base::file_path&, const dataset<double>&, const npz_writing&);

} // namespace fusegrad::data
