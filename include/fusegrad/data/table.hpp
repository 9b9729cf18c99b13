// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/data/column.hpp>
#include <fusegrad/data/dataset.hpp>
#include <fusegrad/data/file_error.hpp>

#include <cstddef>
#include <fusegrad/base/file_path.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace fusegrad::data {

/// What the columns of a table mean, by their names in its header, and how it is written. Every column is named
/// somewhere, or the table is refused.
struct table_options {
  /// What becomes the inputs, in this order.
  std::vector<column> inputs = {};
  /// Real targets, in this order; categories as one_hot.
  std::vector<column> targets = {};
  /// The column that tells the class, by a text or a number; no class if empty. With targets beside it the class is
  /// asked of output 0, the targets of output 1.
  std::string label = {};
  /// The classes in the order of their labels; if empty, those of the table: whole numbers by size, others in the order
  /// of their bytes.
  std::vector<std::string> classes = {};
  /// Columns that are passed over.
  std::vector<std::string> ignore = {};
  /// All columns that are not named are passed over.
  bool ignore_others = false;
  /// All columns that are not named become inputs behind those that are: numbers where all of their fields are,
  /// one_hot where none is and there are at most 32 different ones; anything else is refused.
  bool guess = false;
  /// The texts of a field that is missing.
  std::vector<std::string> missing = {"", "NA", "N/A", "NaN", "nan", "NULL", "null", "?"};
  /// Between two fields.
  char separator = ',';
  /// A line that begins with it is passed over; none if NUL.
  char comment = '\0';
  /// Whether numbers are written 3,25.
  bool decimal_comma = false;
  /// The names of the columns in a file that has no header.
  std::vector<std::string> header = {};

  friend bool operator==(const table_options&, const table_options&) = default;
};

/// Samples from a table.
template <class T = float> struct table {
  dataset<T> samples;
  /// The options, with all that was found in the table: categories, classes, means, guesses. Another table that is read
  /// with them becomes numbers in the same way; save_columns keeps them.
  table_options columns;
};

/// Reads a CSV file (RFC 4180; CRLF or LF, blank lines and a UTF-8 byte order mark are skipped, also compressed with
/// gzip) as samples. Blanks around names, numbers and categories do not count. The samples know the names of features,
/// targets and classes. Instantiated for float and double. Throws file_error naming line, column and its name for
/// fields that are no numbers, are missing or of no known category, and for a header in which a name is missing, twice,
/// or not spoken of; std::invalid_argument for options that contradict each other or name nothing to learn.
template <class T = float> table<T> load_table(const base::file_path& path, const table_options& options);

/// The same from the text of a file; `name` stands for the file in messages.
template <class T = float>
table<T> parse_table(std::string_view text, std::string_view name, const table_options& options);

/// The inputs alone, row-major, of a table that need not have labels or targets; columns that are neither inputs nor
/// ignored are passed over. `columns` are those of a table that was read.
template <class T = float> std::vector<T> load_inputs(const base::file_path& path, const table_options& columns);

/// The same from the text of a file.
template <class T = float>
std::vector<T> parse_inputs(std::string_view text, std::string_view name, const table_options& columns);

/// Writes the columns of a table that was read, as a table of its own that people can read; load_columns reads it. The
/// file appears when it is complete. Throws file_error if it cannot be written.
void save_columns(const base::file_path& path, const table_options& columns);

/// Reads what save_columns has written; throws file_error for anything else.
table_options load_columns(const base::file_path& path);

/// The same from the text of a file.
table_options parse_columns(std::string_view text, std::string_view name);

} // namespace fusegrad::data
