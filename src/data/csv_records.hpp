// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <deque>
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
/// them. They hold until the next record is asked for.
class csv_records {
public:
  /// Lines that begin with `comment` are passed over, if it is none of NUL; the first line has the number `first_line`,
  /// and a byte order mark may stand before it if that is 1. Throws file_error for what is no text.
  csv_records(std::string_view text, std::string_view name, char separator, char comment = '\0',
              std::size_t first_line = 1);

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
  bool skip_comment();
  csv_field plain_field();
  csv_field quoted_field();
  std::string_view unescaped(std::string_view inside);
  [[noreturn]] void fail_here(const std::string& words) const;

  std::string_view text_;
  std::string_view name_;
  char separator_, comment_;
  std::size_t position_ = 0;
  std::size_t line_;
  std::vector<csv_field> fields_;
  std::deque<std::string> unescaped_; ///< fields that had doubled quotes
};

} // namespace fusegrad::data::detail
