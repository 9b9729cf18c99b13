// SPDX-License-Identifier: MIT
#include <fusegrad/data/table.hpp>

#include "../base/file.hpp"
#include "../base/number_text.hpp"
#include "csv_records.hpp"
#include "field_text.hpp"
#include "table_reader.hpp"

#include <array>
#include <charconv>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

// The file is a table itself: in each row what it is about, then the rest; columns as
// input,NAME,KIND,MISSING,MARKED,REPLACEMENT,CATEGORY...
namespace fusegrad::data {

namespace {

using detail::csv_records;

constexpr std::string_view first_word = "fusegrad columns";
constexpr std::array<std::string_view, 3> kinds{"number", "one_hot", "code"};
constexpr std::array<std::string_view, 3> missing_words{"refuse", "mean", "replace"};
constexpr std::array<std::string_view, 2> marked_words{"plain", "marked"};
constexpr std::array<std::string_view, 2> answers{"no", "yes"};

void append_row(std::string& text, std::string_view what, const std::vector<std::string>& fields) {
  text += what;
  for (const std::string& field : fields) {
    text += ',';
    detail::append_field(text, field, ',');
  }
  text += '\n';
}

std::string shortest(double number) {
  char digits[32];
  return {digits, std::to_chars(digits, digits + sizeof digits, number).ptr};
}

void append_column(std::string& text, std::string_view role, const column& what) {
  const std::string replacement = what.kind != column_kind::number ? what.replacement_category
                                  : what.replacement               ? shortest(*what.replacement)
                                                                   : std::string();
  std::vector<std::string> fields{what.name, std::string(kinds[static_cast<std::size_t>(what.kind)]),
                                  std::string(missing_words[static_cast<std::size_t>(what.missing)]),
                                  std::string(marked_words[what.is_marked ? 1 : 0]), replacement};
  fields.insert(fields.end(), what.categories.begin(), what.categories.end());
  append_row(text, role, fields);
}

std::string text_of(const table_options& columns) {
  std::string text;
  append_row(text, first_word, {"1"});
  append_row(text, "separator", {std::string(1, columns.separator)});
  if (columns.comment != '\0') append_row(text, "comment", {std::string(1, columns.comment)});
  append_row(text, "decimal comma", {std::string(answers[columns.decimal_comma ? 1 : 0])});
  append_row(text, "missing", columns.missing);
  if (!columns.header.empty()) append_row(text, "header", columns.header);
  if (!columns.ignore.empty()) append_row(text, "ignore", columns.ignore);
  append_row(text, "ignore others", {std::string(answers[columns.ignore_others ? 1 : 0])});
  for (const column& what : columns.inputs) append_column(text, "input", what);
  for (const column& what : columns.targets) append_column(text, "target", what);
  if (columns.label.empty()) return text;
  std::vector<std::string> label{columns.label};
  label.insert(label.end(), columns.classes.begin(), columns.classes.end());
  append_row(text, "label", label);
  return text;
}

/// Which of the words a field is.
template <std::size_t Count>
std::size_t word(const csv_records& records, std::size_t at, const std::array<std::string_view, Count>& words) {
  std::string expected;
  for (std::size_t i = 0; i < Count; ++i) {
    if (records.fields()[at].text == words[i]) return i;
    expected += (i == 0 ? "" : i + 1 < Count ? ", " : " or ") + std::string(words[i]);
  }
  records.fail_at(at, "expected " + expected + ", " + detail::found_in_words(records.fields()[at].text));
}

void need_fields(const csv_records& records, std::size_t least, std::size_t most = ~std::size_t{}) {
  const std::size_t found = records.fields().size();
  if (found >= least && found <= most) return;
  records.fail_at_record("expected " + std::string(found < least ? "at least " : "at most ") +
                         std::to_string(found < least ? least : most) + " fields, found " + std::to_string(found));
}

std::vector<std::string> rest(const csv_records& records, std::size_t begin) {
  std::vector<std::string> result;
  for (std::size_t i = begin; i < records.fields().size(); ++i) result.emplace_back(records.fields()[i].text);
  return result;
}

char sign(const csv_records& records) {
  need_fields(records, 2, 2);
  const auto text = records.fields()[1].text;
  if (text.size() != 1) records.fail_at(1, "expected a single sign, " + detail::found_in_words(text));
  return text[0];
}

bool answer(const csv_records& records) {
  need_fields(records, 2, 2);
  return word(records, 1, answers) == 1;
}

column parse_column(const csv_records& records) {
  need_fields(records, 6);
  column what{std::string(records.fields()[1].text)};
  what.kind = static_cast<column_kind>(word(records, 2, kinds));
  what.missing = static_cast<missing_field>(word(records, 3, missing_words));
  what.is_marked = word(records, 4, marked_words) == 1;
  const auto replacement = records.fields()[5].text;
  if (what.kind != column_kind::number) {
    what.replacement_category = std::string(replacement);
  } else if (!replacement.empty()) {
    double number = 0;
    if (base::read_number(replacement, number) != std::errc{})
      records.fail_at(5, "expected a number, " + detail::found_in_words(replacement));
    what.replacement = number;
  }
  what.categories = rest(records, 6);
  return what;
}

void parse_row(const csv_records& records, table_options& columns) {
  const auto what = records.fields()[0].text;
  if (what == "separator") {
    columns.separator = sign(records);
  } else if (what == "comment") {
    columns.comment = sign(records);
  } else if (what == "decimal comma") {
    columns.decimal_comma = answer(records);
  } else if (what == "missing") {
    columns.missing = rest(records, 1);
  } else if (what == "header") {
    columns.header = rest(records, 1);
  } else if (what == "ignore") {
    columns.ignore = rest(records, 1);
  } else if (what == "ignore others") {
    columns.ignore_others = answer(records);
  } else if (what == "input") {
    columns.inputs.push_back(parse_column(records));
  } else if (what == "target") {
    columns.targets.push_back(parse_column(records));
  } else if (what == "label") {
    need_fields(records, 2);
    columns.label = std::string(records.fields()[1].text);
    columns.classes = rest(records, 2);
  } else {
    records.fail_at(0, "expected a word of the format, " + detail::found_in_words(what));
  }
}

} // namespace

void save_columns(const base::file_path& path, const table_options& columns) {
  detail::check_table_options(columns, false);
  if (columns.guess)
    throw std::invalid_argument("table options: expected the columns of a table that was read, found guesses to make");
  base::write_durably(path, {text_of(columns)});
}

table_options parse_columns(std::string_view text, std::string_view name) {
  csv_records records(text, name, ',');
  if (!records.next() || records.fields()[0].text != first_word)
    throw file_error(std::string(name) + ": expected columns as save_columns writes them, found another file");
  need_fields(records, 2, 2);
  if (records.fields()[1].text != "1")
    records.fail_at(1, "expected version 1, " + detail::found_in_words(records.fields()[1].text));
  table_options columns;
  while (records.next()) parse_row(records, columns);
  try {
    detail::check_table_options(columns, false);
  } catch (const std::invalid_argument& error) {
    throw file_error(std::string(name) + ": " + error.what());
  }
  return columns;
}

table_options load_columns(const base::file_path& path) { return parse_columns(base::read_file(path), path.string()); }

} // namespace fusegrad::data
