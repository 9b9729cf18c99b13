// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/data/dataset.hpp>
#include <fusegrad/data/file_error.hpp>

#include <cstddef>
#include <fusegrad/base/file_path.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fusegrad::data {

/// Whether the first row of a CSV file names its columns.
enum class csv_header {
  automatic, ///< it does if none of its fields is a number; a first row 0,1,2,... is refused, as it may be either
  yes,
  no,
};

/// What the columns of a CSV file mean; by default the last one holds a class label: integers from 0, or names, which
/// are numbered in the order of their bytes and kept as dataset::class_names().
struct csv_options {
  /// Between two fields.
  char separator = ',';
  csv_header header = csv_header::automatic;
  /// The column with the labels, counted from 0; the last one if empty.
  std::optional<std::size_t> label_column = std::nullopt;
  /// The column with the labels by its name in the header; none if empty.
  std::string label_name = {};
  /// How many classes there are; the largest label plus one if 0, and then labels from 1000 up that are not below the
  /// number of samples are refused.
  std::size_t classes = 0;
  /// The classes by name, in the order of their labels; those of the training samples for the file to test on. If
  /// empty, names that are met are numbered in the order of their bytes.
  std::vector<std::string> class_names = {};
  /// Regression: the last so many columns are real targets, and there are no labels.
  std::size_t targets = 0;
};

/// Reads a CSV file (RFC 4180; CRLF or LF, blank lines and a UTF-8 byte order mark are skipped), plain or compressed
/// with gzip (told apart by the contents), with the given number of features. Numbers too small to tell from zero are
/// zero. Instantiated for float and double. Throws file_error naming line and column if the file holds anything else,
/// std::invalid_argument for options that contradict each other.
template <class T = float>
dataset<T> read_csv(const base::file_path& path, std::size_t features, const csv_options& options = {});

/// The same from the text of a file; `name` stands for the file in messages.
template <class T = float>
dataset<T> parse_csv(std::string text, std::string_view name, std::size_t features, const csv_options& options = {});

/// Reads a CSV file with `Features` features; see read_csv.
template <std::size_t Features, class T = float>
dataset<T> load_csv(const base::file_path& path, const csv_options& options = {}) {
  static_assert(Features > 0, "a data set has at least one feature");
  return read_csv<T>(path, Features, options);
}

/// Writes inputs, then label or targets, one sample a row, under the given header if there is one; numbers
/// are the shortest that read back as the same. The file appears when it is complete. Instantiated for float
/// and double. Throws file_error if it cannot be written, std::invalid_argument for a header of another width,
/// numbers that are not finite and a separator that could be part of a number.
template <class T>
void save_csv(const base::file_path& path, const dataset<T>& samples, std::span<const std::string> header = {},
              char separator = ',');

} // namespace fusegrad::data
