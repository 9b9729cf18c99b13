// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace fusegrad::data::detail {

/// One field of a CSV record.
struct csv_field {
  std::string_view text;
  /// Where it begins; a quoted field may span lines.
  std::size_t line = 0;
};

/// Cuts a text into records and fields by RFC 4180; the fields are views into the text, which must outlive
/// them and whose quoted fields are unescaped in place.
class csv_records {
public:
  /// Throws file_error for what is no text.
  csv_records(std::string& text, std::string_view name, char separator);

  /// Moves on to the next record that is not a blank line; false at the end. Throws file_error.
  bool next();

  const std::vector<csv_field>& fields() const noexcept { return fields_; }

  std::size_t text_size() const noexcept { return text_.size(); }

  /// At least as many as there are records in the whole text.
  std::size_t most_rows() const noexcept;

  /// What the file is called in messages.
  std::string_view name() const noexcept { return name_; }

  /// Throws a file_error at a field of the record, counted from 0.
  [[noreturn]] void fail_at(std::size_t column, const std::string& words) const;

  /// Throws a file_error about the record as a whole.
  [[noreturn]] void fail_at_record(const std::string& words) const;

private:
  bool at_end() const noexcept { return position_ == text_.size(); }
  bool skip_line_end();
  csv_field plain_field();
  csv_field quoted_field();
  [[noreturn]] void fail_here(const std::string& words) const;

  std::string& text_;
  std::string_view name_;
  char separator_;
  std::size_t position_ = 0;
  std::size_t line_ = 1;
  std::vector<csv_field> fields_;
};

} // namespace fusegrad::data::detail
