// SPDX-License-Identifier: MIT
#include <fusegrad/data/csv.hpp>

#include "../base/file.hpp"
#include "../base/file_kind.hpp"
#include "../base/number_text.hpp"
#include "count_classes.hpp"
#include "csv_records.hpp"
#include "field_text.hpp"
#include "gzip.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace fusegrad::data {

namespace {

using base::in_quotes;
using detail::csv_field;
using detail::csv_records;
using detail::found_in_words;
using detail::is_number;
using detail::number_text;

template <class T> T real(const csv_records& records, std::size_t column) {
  const csv_field& field = records.fields()[column];
  const auto text = number_text(field.text);
  T value{};
  const auto error = base::read_number(text, value);
  if (error == std::errc::result_out_of_range) {
    records.fail_at(column, "expected a number of moderate size, found " + in_quotes(field.text));
  }
  if (error != std::errc{}) records.fail_at(column, "expected a number, " + found_in_words(field.text));
  if (!std::isfinite(value)) {
    records.fail_at(column, "expected a finite number, found " + in_quotes(field.text));
  }
  return value;
}

std::int32_t label(const csv_records& records, std::size_t column, std::size_t classes) {
  const csv_field& field = records.fields()[column];
  // Through a real number: tools that write every column with decimals write labels as 3.0 or 3e+00.
  double value = 0;
  const bool is_integer = base::read_number(number_text(field.text), value) == std::errc{} && std::isfinite(value) &&
                          std::trunc(value) == value;
  if (!is_integer) records.fail_at(column, "expected an integer class label, found " + in_quotes(field.text));
  if (value < 0) records.fail_at(column, "expected a class label from 0 up, found " + in_quotes(field.text));
  const double limit = classes > 0 ? static_cast<double>(classes) : 0x1p31;
  if (value >= std::min(limit, 0x1p31)) {
    const std::string bound = classes > 0 ? std::to_string(classes) + ", the number of classes" : "2^31";
    records.fail_at(column, "expected a class label below " + bound + ", found " + in_quotes(field.text));
  }
  return static_cast<std::int32_t>(value);
}

[[noreturn]] void fail_options(const std::string& words) { throw std::invalid_argument("CSV options: " + words); }

void check_separator(char separator) {
  const bool is_letter = std::isalnum(static_cast<unsigned char>(separator)) != 0;
  if (!is_letter && std::string_view("\"\r\n.+-\0", 7).find(separator) == std::string_view::npos) return;
  fail_options("expected a separator that cannot be part of a number, found " + in_quotes({&separator, 1}));
}

void check(const csv_options& options, std::size_t features) {
  const auto fail = fail_options;
  if (features == 0) fail("expected at least one feature, found 0");
  check_separator(options.separator);
  if (options.targets > std::numeric_limits<std::size_t>::max() - features) {
    fail("expected numbers of features and targets that can be added, found " + std::to_string(features) + " and " +
         std::to_string(options.targets));
  }
  if (features == std::numeric_limits<std::size_t>::max()) {
    fail("expected a number of features to which a label can be added, found " + std::to_string(features));
  }
  if (options.label_column && !options.label_name.empty()) {
    fail("expected the label's column by number or by name, found both");
  }
  if (options.targets > 0 && (options.label_column || !options.label_name.empty() || options.classes > 0)) {
    fail("expected either targets or labels, found both");
  }
  if (!options.class_names.empty() && (options.targets > 0 || options.classes > 0)) {
    fail(std::string("expected classes by name or ") + (options.targets > 0 ? "targets" : "their number") +
         ", found both");
  }
  if (std::set<std::string>(options.class_names.begin(), options.class_names.end()).size() !=
      options.class_names.size()) {
    fail("expected different names of classes, found one twice");
  }
  if (options.label_column && *options.label_column > features) {
    fail("expected a label column from 0 to " + std::to_string(features) + ", found " +
         std::to_string(*options.label_column));
  }
  if (!options.label_name.empty() && options.header == csv_header::no) {
    fail("expected a header to look up the label's column " + in_quotes(options.label_name) + " in, found none");
  }
}

/// "0,1,2": what a table without names of its own gets for a header from pandas; or a sample.
bool counts_columns(const csv_records& records) {
  constexpr std::size_t fewest = 3; // 0,1 is a likely sample
  const auto& fields = records.fields();
  if (fields.size() < fewest) return false;
  for (std::size_t column = 0; column < fields.size(); ++column) {
    if (fields[column].text != std::to_string(column)) return false;
  }
  return true;
}

bool is_header(const csv_records& records, const csv_options& options) {
  if (options.header != csv_header::automatic) return options.header == csv_header::yes;
  if (!options.label_name.empty()) return true;
  if (counts_columns(records)) {
    records.fail_at_record(
        "expected a first row that is clearly a header or clearly a sample, found the numbers of the "
        "columns, 0 to " +
        std::to_string(records.fields().size() - 1) + "; csv_options::header says which (csv_header::yes or no)");
  }
  // All fields, not just one: a first row with a misprint must not be taken for a header and vanish.
  return std::none_of(records.fields().begin(), records.fields().end(),
                      [](const csv_field& field) { return is_number(field.text); });
}

void check_width(const csv_records& records, std::size_t features, const csv_options& options) {
  const std::size_t expected = features + std::max<std::size_t>(options.targets, 1);
  if (records.fields().size() == expected) return;
  const std::string what =
      options.targets > 0 ? std::to_string(options.targets) + " targets" : std::string("a class label");
  records.fail_at_record("expected " + std::to_string(expected) + " columns (" + std::to_string(features) +
                         " features and " + what + "), found " + std::to_string(records.fields().size()));
}

std::size_t named_column(const csv_records& records, const std::string& name) {
  const auto& fields = records.fields();
  const auto is_it = [&](const csv_field& field) { return field.text == name; };
  const auto found = std::find_if(fields.begin(), fields.end(), is_it);
  if (found == fields.end()) {
    records.fail_at_record("expected a column named " + in_quotes(name) + " in the header, found none");
  }
  if (std::find_if(found + 1, fields.end(), is_it) != fields.end()) {
    records.fail_at_record("expected one column named " + in_quotes(name) + " in the header, found several");
  }
  return static_cast<std::size_t>(found - fields.begin());
}

/// Takes the memory that so many columns need at once: growing would take up to twice as much. A number has at least
/// one character and something behind it, so that no claim about columns and no blank lines ask for more than is there.
template <class T> void reserve(std::vector<T>& numbers, const csv_records& records, std::size_t columns) {
  const std::size_t most = records.text_size() / 2 + 1;
  const std::size_t rows = records.most_rows();
  numbers.reserve(columns > most / rows ? most : rows * columns);
}

/// Classes that are told by names: those given, or those met, in the order of the names' bytes.
class named_classes {
public:
  explicit named_classes(const csv_options& options) : options_(options) {
    for (const std::string& name : options.class_names) {
      numbers_.emplace(name, static_cast<std::int32_t>(numbers_.size()));
    }
  }

  static bool is_name(std::string_view field) { return !detail::without_blanks(field).empty() && !is_number(field); }

  std::int32_t label(const csv_records& records, std::size_t column) {
    const auto field = records.fields()[column].text;
    const std::string name(detail::without_blanks(field));
    if (const auto known = numbers_.find(name); known != numbers_.end()) return known->second;
    if (!options_.class_names.empty()) {
      records.fail_at(column, "expected one of the classes in csv_options::class_names, found " + in_quotes(field));
    }
    if (!is_name(field)) {
      records.fail_at(column, "expected the name of a class, as in the samples before, found " + in_quotes(field));
    }
    constexpr std::size_t always_believed = 1000;
    const std::size_t most = options_.classes > 0 ? options_.classes : always_believed;
    if (numbers_.size() == most) {
      records.fail_at(column, "expected at most " + std::to_string(most) +
                                  (options_.classes > 0 ? " classes, as csv_options::classes says"
                                                        : " classes where csv_options::classes does not say it") +
                                  ", found one more: " + in_quotes(name));
    }
    return numbers_.emplace(name, static_cast<std::int32_t>(numbers_.size())).first->second;
  }

  /// The names in the order of their numbers, which those of names that were met get only here.
  std::vector<std::string> put_in_order(std::vector<std::int32_t>& labels, std::string_view file) const {
    if (!options_.class_names.empty()) return options_.class_names;
    if (options_.classes > numbers_.size()) {
      throw file_error(std::string(file) + ": expected " + std::to_string(options_.classes) +
                       " different classes, as csv_options::classes says, found " + std::to_string(numbers_.size()) +
                       "; csv_options::class_names says which there are");
    }
    std::vector<std::string> names;
    std::vector<std::int32_t> place_of(numbers_.size());
    for (const auto& [name, number] : numbers_) {
      place_of[static_cast<std::size_t>(number)] = static_cast<std::int32_t>(names.size());
      names.push_back(name);
    }
    for (std::int32_t& label : labels) label = place_of[static_cast<std::size_t>(label)];
    return names;
  }

private:
  const csv_options& options_;
  std::map<std::string, std::int32_t> numbers_;
};

template <class T>
dataset<T> read_labelled(csv_records& records, bool more, std::size_t features, std::size_t label_column,
                         const csv_options& options) {
  std::vector<T> inputs;
  std::vector<std::int32_t> labels;
  reserve(inputs, records, features);
  reserve(labels, records, 1);
  named_classes names(options);
  const auto read_inputs = [&] {
    check_width(records, features, options);
    for (std::size_t column = 0; column <= features; ++column) {
      if (column != label_column) inputs.push_back(real<T>(records, column));
    }
  };
  // The first sample decides: classes are numbers throughout, or names throughout.
  read_inputs();
  const bool has_names = !options.class_names.empty() || named_classes::is_name(records.fields()[label_column].text);
  for (; more; more = records.next()) {
    if (!labels.empty()) read_inputs();
    labels.push_back(has_names ? names.label(records, label_column) : label(records, label_column, options.classes));
  }
  if (has_names) {
    std::vector<std::string> in_order = names.put_in_order(labels, records.name());
    return dataset<T>::from_labels(std::move(inputs), features, std::move(labels), in_order.size())
        .with_class_names(std::move(in_order));
  }
  const std::size_t classes = detail::count_classes(labels, options.classes, "csv_options::classes", records.name());
  return dataset<T>::from_labels(std::move(inputs), features, std::move(labels), classes);
}

template <class T>
dataset<T> read_targets(csv_records& records, bool more, std::size_t features, const csv_options& options) {
  std::vector<T> inputs;
  std::vector<T> targets;
  reserve(inputs, records, features);
  reserve(targets, records, options.targets);
  for (; more; more = records.next()) {
    check_width(records, features, options);
    for (std::size_t column = 0; column < features + options.targets; ++column) {
      (column < features ? inputs : targets).push_back(real<T>(records, column));
    }
  }
  return dataset<T>::from_targets(std::move(inputs), features, std::move(targets), options.targets);
}

template <class T> void append_number(std::string& text, T number) {
  if (!std::isfinite(number)) throw std::invalid_argument("CSV: expected finite numbers to write, found others");
  char digits[32];
  const auto [end, error] = std::to_chars(digits, digits + sizeof digits, number);
  static_cast<void>(error); // 32 characters hold every float and double in its shortest form
  text.append(digits, end);
}

void append_header(std::string& text, std::span<const std::string> header, std::size_t columns, char separator) {
  if (header.empty()) return;
  if (header.size() != columns) {
    throw std::invalid_argument("CSV: expected a header of " + std::to_string(columns) + " names, found " +
                                std::to_string(header.size()));
  }
  for (std::size_t column = 0; column < columns; ++column) {
    detail::append_field(text, header[column], separator);
    text += column + 1 < columns ? separator : '\n';
  }
}

} // namespace

template <class T>
dataset<T> parse_csv(std::string text, std::string_view name, std::size_t features, const csv_options& options) {
  check(options, features);
  if (detail::is_gzip(text)) text = detail::gunzip(text, text.max_size(), name);
  if (const auto kind = base::kind_of_file(text); !kind.empty()) {
    throw file_error(std::string(name) + ": expected a table as text in UTF-8, found " + std::string(kind));
  }
  csv_records records(text, name, options.separator);
  bool more = records.next();
  if (!more) throw file_error(std::string(name) + ": expected at least one row, found an empty file");
  std::size_t label_column = options.label_column.value_or(features);
  if (is_header(records, options)) {
    check_width(records, features, options);
    if (!options.label_name.empty()) label_column = named_column(records, options.label_name);
    more = records.next();
    if (!more) throw file_error(std::string(name) + ": expected at least one row below the header, found none");
  }
  if (options.targets > 0) return read_targets<T>(records, more, features, options);
  return read_labelled<T>(records, more, features, label_column, options);
}

template <class T> dataset<T> read_csv(const base::file_path& path, std::size_t features, const csv_options& options) {
  check(options, features);
  return parse_csv<T>(base::read_file(path), path.string(), features, options);
}

template <class T>
void save_csv(const base::file_path& path, const dataset<T>& samples, std::span<const std::string> header,
              char separator) {
  check_separator(separator);
  std::string text;
  append_header(text, header, samples.features() + (samples.has_labels() ? 1 : samples.target_width()), separator);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    for (const T number : samples.input(i)) {
      append_number(text, number);
      text += separator;
    }
    if (samples.has_labels()) {
      text += std::to_string(samples.label(i)) + separator;
    } else {
      for (const T number : samples.target(i)) {
        append_number(text, number);
        text += separator;
      }
    }
    text.back() = '\n';
  }
  base::write_durably(path, {text});
}

template dataset<float> parse_csv(std::string, std::string_view, std::size_t, const csv_options&);
template dataset<double> parse_csv(std::string, std::string_view, std::size_t, const csv_options&);
template dataset<float> read_csv(const base::file_path&, std::size_t, const csv_options&);
template dataset<double> read_csv(const base::file_path&, std::size_t, const csv_options&);
template void save_csv(const base::file_path&, const dataset<float>&, std::span<const std::string>, char);
template void save_csv(const base::file_path&, const dataset<double>&, std::span<const std::string>, char);

} // namespace fusegrad::data
