// SPDX-License-Identifier: MIT
#include "table_reader.hpp"

#include "../base/file.hpp"
#include "../base/number_text.hpp"
#include "field_text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <system_error>
#include <utility>

namespace fusegrad::data::detail {

namespace {

using base::in_quotes;

/// Names in quotes, the first few of them.
std::string listed(const std::vector<std::string>& names) {
  constexpr std::size_t most = 12;
  std::string words;
  for (std::size_t i = 0; i < std::min(most, names.size()); ++i) words += (i == 0 ? "" : ", ") + in_quotes(names[i]);
  return words + (names.size() > most ? ", ..." : "");
}

bool is_whole_number(const std::string& text, std::int64_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size();
}

/// Whole numbers by size, others in the order of their bytes.
std::vector<std::string> in_order(const std::set<std::string>& found) {
  std::vector<std::pair<std::int64_t, std::string>> numbers;
  for (const std::string& text : found) {
    std::int64_t number = 0;
    if (!is_whole_number(text, number)) return {found.begin(), found.end()};
    numbers.emplace_back(number, text);
  }
  std::sort(numbers.begin(), numbers.end());
  std::vector<std::string> result;
  for (auto& [number, text] : numbers) result.push_back(std::move(text));
  return result;
}

std::map<std::string, std::size_t, std::less<>> numbered(const std::vector<std::string>& categories) {
  std::map<std::string, std::size_t, std::less<>> result;
  for (std::size_t i = 0; i < categories.size(); ++i) result.emplace(categories[i], i);
  return result;
}

constexpr std::size_t most_categories = 1000;
constexpr std::size_t most_guessed_categories = 32;

} // namespace

table_reader::table_reader(table_options options, std::string_view name, bool wants_answers)
    : options_(std::move(options)), name_(name), wants_answers_(wants_answers) {
  check_table_options(options_, wants_answers);
}

void table_reader::begin(csv_records& records) {
  header_ = options_.header;
  if (header_.empty()) {
    if (!records.next()) fail("expected a header with the names of the columns, found an empty file");
    for (const csv_field& field : records.fields()) header_.emplace_back(without_blanks(field.text));
  }
  const auto bind = [&](const column& what) {
    place bound{what, position_of(what.name, records)};
    bound.codes = numbered(what.categories);
    return bound;
  };
  for (const column& what : options_.inputs) inputs_.push_back(bind(what));
  if (wants_answers_) {
    for (const column& what : options_.targets) targets_.push_back(bind(what));
    if (!options_.label.empty()) labels_.push_back(bind(code(options_.label, options_.classes)));
  }
  take_unnamed(records);
}

std::size_t table_reader::position_of(const std::string& name, const csv_records& records) const {
  const auto found = std::find(header_.begin(), header_.end(), name);
  std::string words;
  if (found == header_.end()) words = "expected a column named " + in_quotes(name) + ", found " + listed(header_);
  if (words.empty() && std::find(found + 1, header_.end(), name) != header_.end())
    words = "expected one column named " + in_quotes(name) + ", found several";
  if (words.empty()) return static_cast<std::size_t>(found - header_.begin());
  if (!options_.header.empty()) fail(words + " in table_options::header");
  records.fail_at_record(words);
}

void table_reader::take_unnamed(const csv_records& records) {
  std::set<std::string> known(options_.ignore.begin(), options_.ignore.end());
  for (const column& what : options_.inputs) known.insert(what.name);
  for (const column& what : options_.targets) known.insert(what.name);
  known.insert(options_.label);
  std::vector<std::string> unnamed;
  for (const std::string& name : header_)
    if (!known.contains(name) || name.empty()) unnamed.push_back(name);
  if (unnamed.empty() || options_.ignore_others || !wants_answers_) return;
  if (options_.guess) {
    for (const std::string& name : unnamed) {
      inputs_.push_back({column(name), position_of(name, records)});
      inputs_.back().is_guess = true;
    }
    return;
  }
  const std::string words = "expected every column to be named as an input, a target, the label or one to ignore, " +
                            std::string("found others: ") + listed(unnamed) +
                            " (table_options::ignore or ignore_others passes over them)";
  if (!options_.header.empty()) fail(words);
  records.fail_at_record(words);
}

void table_reader::check_width(const csv_records& records) const {
  if (records.fields().size() == header_.size()) return;
  records.fail_at_record("expected " + std::to_string(header_.size()) + " columns, as the header has, found " +
                         std::to_string(records.fields().size()));
}

bool table_reader::is_missing(std::string_view field) const {
  const auto text = without_blanks(field);
  return std::find(options_.missing.begin(), options_.missing.end(), text) != options_.missing.end();
}

bool table_reader::must_learn() const noexcept {
  const auto learns = [](const place& from) {
    if (from.is_guess) return true;
    if (from.what.kind == column_kind::number)
      return from.what.missing == missing_field::mean && !from.what.replacement;
    return from.what.categories.empty();
  };
  return std::any_of(inputs_.begin(), inputs_.end(), learns) || std::any_of(targets_.begin(), targets_.end(), learns) ||
         std::any_of(labels_.begin(), labels_.end(), learns);
}

void table_reader::learn(csv_records& records) {
  while (records.next()) {
    check_width(records);
    for (place& from : inputs_) learn(records, from);
    for (place& from : targets_) learn(records, from);
    for (place& from : labels_) learn(records, from);
  }
}

void table_reader::learn(const csv_records& records, place& from) {
  if (from.is_guess) return learn_guess(records, from);
  if (from.what.kind != column_kind::number) {
    if (from.what.categories.empty()) learn_category(records, from);
    return;
  }
  if (from.what.missing != missing_field::mean || from.what.replacement) return;
  if (is_missing(records.fields()[from.position].text)) return;
  ++from.numbers;
  from.mean += (number<double>(records, from) - from.mean) / static_cast<double>(from.numbers);
}

void table_reader::learn_category(const csv_records& records, place& from) const {
  const auto field = records.fields()[from.position].text;
  if (is_missing(field)) return; // refused or replaced when it is read
  from.found.emplace(without_blanks(field));
  if (from.found.size() <= most_categories) return;
  records.fail_at(from.position, "expected at most " + std::to_string(most_categories) + " categories in " +
                                     in_quotes(from.what.name) + ", found one more: " + in_quotes(field) +
                                     "; is it a number, or a name of the row, to be ignored?");
}

void table_reader::learn_guess(const csv_records& records, place& from) const {
  const csv_field& field = records.fields()[from.position];
  if (is_missing(field.text)) return;
  std::string memory;
  double ignored = 0;
  const bool is_number = base::read_number(plain_number(records, from, memory), ignored) != std::errc::invalid_argument;
  std::size_t& count = is_number ? from.numbers : from.texts;
  if (count++ == 0) {
    (is_number ? from.line_of_number : from.line_of_text) = field.line;
    (is_number ? from.number : from.text) = std::string(field.text);
  }
  if (is_number || from.has_too_many) return;
  if (is_date(field.text))
    records.fail_at(from.position, "expected a number or a category for " + in_quotes(from.what.name) + ", " +
                                       found_in_words(field.text) + "; ignore it, or write it as numbers");
  from.found.emplace(without_blanks(field.text));
  from.has_too_many = from.found.size() > most_guessed_categories;
}

void table_reader::finish_learning() {
  for (place& from : inputs_) finish(from);
  for (place& from : targets_) finish(from);
  for (place& from : labels_) finish(from);
}

void table_reader::finish(place& from) const {
  if (from.is_guess) finish_guess(from);
  if (from.what.kind == column_kind::number) {
    if (from.what.missing != missing_field::mean || from.what.replacement) return;
    if (from.numbers == 0)
      fail("expected numbers to take the mean of in " + in_quotes(from.what.name) + ", found none");
    from.what.replacement = from.mean;
    return;
  }
  if (!from.what.categories.empty()) return;
  if (!from.what.replacement_category.empty()) from.found.insert(from.what.replacement_category);
  if (from.found.empty()) fail("expected categories in " + in_quotes(from.what.name) + ", found none");
  from.what.categories = in_order(from.found);
  from.codes = numbered(from.what.categories);
}

void table_reader::finish_guess(place& from) const {
  const auto guess_of = "for the guess of " + in_quotes(from.what.name);
  if (from.numbers > 0 && from.texts > 0)
    fail("expected numbers alone or texts alone " + guess_of + ", found " + in_quotes(from.number) + " in line " +
         std::to_string(from.line_of_number) + " and " + in_quotes(from.text) + " in line " +
         std::to_string(from.line_of_text) + "; table_options::inputs says what it is");
  if (from.numbers + from.texts == 0) fail("expected numbers or texts " + guess_of + ", found every field missing");
  if (from.has_too_many)
    fail("expected at most " + std::to_string(most_guessed_categories) + " different texts " + guess_of +
         ", found more; table_options::inputs or ignore says what it is");
  if (from.texts > 0) from.what.kind = column_kind::one_hot;
  from.is_guess = false;
}

std::string_view table_reader::plain_number(const csv_records& records, const place& from, std::string& memory) const {
  const csv_field& field = records.fields()[from.position];
  const auto text = number_text(field.text);
  if (!options_.decimal_comma) return text;
  // A point would be one between thousands, or a decimal one: a factor of a thousand.
  if (text.find('.') != std::string_view::npos && !is_date(text))
    records.fail_at(from.position, "expected a number with a decimal comma and without points for " +
                                       in_quotes(from.what.name) + ", found " + in_quotes(field.text));
  memory = text;
  std::replace(memory.begin(), memory.end(), ',', '.');
  return memory;
}

template <class T> T table_reader::number(const csv_records& records, const place& from) const {
  const csv_field& field = records.fields()[from.position];
  std::string memory;
  T value{};
  const auto error = base::read_number(plain_number(records, from, memory), value);
  const auto fail = [&](const std::string& what, const std::string& found) {
    records.fail_at(from.position, "expected " + what + " for " + in_quotes(from.what.name) + ", " + found);
  };
  if (error == std::errc::result_out_of_range) fail("a number of moderate size", found_in_words(field.text));
  if (error != std::errc{}) {
    std::string with_point(number_text(field.text));
    std::replace(with_point.begin(), with_point.end(), ',', '.');
    const bool has_comma = is_number(with_point);
    const bool has_date = is_date(field.text);
    fail("a number", found_in_words(field.text) + (has_comma  ? "; table_options::decimal_comma reads it"
                                                   : has_date ? "; ignore it, or write it as numbers"
                                                              : ""));
  }
  if (!std::isfinite(value)) fail("a finite number", found_in_words(field.text));
  return value;
}

std::size_t table_reader::category(const csv_records& records, const place& from) const {
  const auto field = records.fields()[from.position].text;
  const auto found = from.codes.find(without_blanks(field));
  if (found != from.codes.end()) return found->second;
  records.fail_at(from.position, "expected one of the categories of " + in_quotes(from.what.name) + ", " +
                                     listed(from.what.categories) + ", found " + in_quotes(field));
}

template <class T> void table_reader::append(const csv_records& records, const place& from, std::vector<T>& to) const {
  const auto field = records.fields()[from.position].text;
  const bool is_number = from.what.kind == column_kind::number;
  const bool is_gap = is_missing(field);
  if (is_gap && from.what.missing == missing_field::refuse) {
    records.fail_at(from.position, std::string(is_number ? "expected a number for " : "expected a category for ") +
                                       in_quotes(from.what.name) + ", found none (" + in_quotes(field) + "); " +
                                       (is_number ? "or_mean() or or_number(...)" : "or_category(...)") +
                                       " says what stands in for it");
  }
  if (is_number) {
    to.push_back(is_gap ? static_cast<T>(*from.what.replacement) : number<T>(records, from));
  } else {
    const std::size_t code = is_gap ? from.codes.find(from.what.replacement_category)->second : category(records, from);
    if (from.what.kind == column_kind::code) to.push_back(static_cast<T>(code));
    if (from.what.kind == column_kind::one_hot)
      for (std::size_t i = 0; i < from.what.categories.size(); ++i) to.push_back(static_cast<T>(i == code ? 1 : 0));
  }
  if (from.what.is_marked) to.push_back(static_cast<T>(is_gap ? 1 : 0));
}

template <class T> void table_reader::read(csv_records& records, table_rows<T>& rows) const {
  const std::size_t most = records.text_size() / 2 + 1;
  const std::size_t most_rows = std::min(most, records.most_rows());
  const auto reserve = [&](auto& numbers, std::size_t width) {
    if (width > 0) numbers.reserve(numbers.size() + (width > most / most_rows ? most : most_rows * width));
  };
  reserve(rows.inputs, features());
  reserve(rows.targets, target_width());
  reserve(rows.labels, labels_.size());
  while (records.next()) {
    check_width(records);
    for (const place& from : inputs_) append(records, from, rows.inputs);
    for (const place& from : targets_) append(records, from, rows.targets);
    for (const place& from : labels_) {
      if (is_missing(records.fields()[from.position].text))
        records.fail_at(from.position, "expected a class in " + in_quotes(from.what.name) + ", found none");
      rows.labels.push_back(static_cast<std::int32_t>(category(records, from)));
    }
    ++rows.count;
  }
}

template <class T> dataset<T> table_reader::samples(table_rows<T>&& rows) const {
  if (labels_.empty()) {
    return dataset<T>::from_targets(std::move(rows.inputs), features(), std::move(rows.targets), target_width())
        .with_feature_names(feature_names())
        .with_target_names(target_names());
  }
  const auto& classes = labels_[0].what.categories;
  auto result = dataset<T>::from_labels(std::move(rows.inputs), features(), std::move(rows.labels), classes.size())
                    .with_feature_names(feature_names())
                    .with_class_names(classes);
  return targets_.empty() ? result : result.and_targets(std::move(rows.targets), target_width());
}

std::size_t table_reader::width_of(const std::vector<place>& places) noexcept {
  std::size_t width = 0;
  for (const place& from : places) width += from.what.width();
  return width;
}

std::vector<std::string> table_reader::names_of(const std::vector<place>& places) {
  std::vector<std::string> names;
  for (const place& from : places) {
    if (from.what.kind != column_kind::one_hot) names.push_back(from.what.name);
    if (from.what.kind == column_kind::one_hot)
      for (const std::string& category : from.what.categories) names.push_back(from.what.name + '=' + category);
    if (from.what.is_marked) names.push_back(from.what.name + " is missing");
  }
  return names;
}

table_options table_reader::columns() const {
  table_options result = options_;
  result.guess = false;
  result.inputs.clear();
  for (const place& from : inputs_) result.inputs.push_back(from.what);
  if (!wants_answers_) return result;
  result.targets.clear();
  for (const place& from : targets_) result.targets.push_back(from.what);
  if (!labels_.empty()) result.classes = labels_[0].what.categories;
  return result;
}

void table_reader::fail(const std::string& words) const { throw file_error(name_ + ": " + words); }

template void table_reader::read(csv_records&, table_rows<float>&) const;
template void table_reader::read(csv_records&, table_rows<double>&) const;
template dataset<float> table_reader::samples(table_rows<float>&&) const;
template dataset<double> table_reader::samples(table_rows<double>&&) const;

} // namespace fusegrad::data::detail
