// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/data/table.hpp>

#include "csv_records.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace fusegrad::data::detail {

/// Throws std::invalid_argument for options that contradict each other; with `wants_answers` also where nothing is to
/// be learned.
void check_table_options(const table_options& options, bool wants_answers);

/// The numbers of some rows of a table, row-major.
template <class T> struct table_rows {
  std::size_t count = 0;
  std::vector<T> inputs;
  std::vector<T> targets;
  std::vector<std::int32_t> labels;
};

/// Turns the records of a table into numbers, part by part: first the header, then, where something has to be found in
/// the table first, all parts to learn from, then parts to read.
class table_reader {
public:
  /// Without answers, labels and targets are left alone. Throws as check_table_options.
  table_reader(table_options options, std::string_view name, bool wants_answers);

  /// Finds the columns by the first record, or by the header that was given. Throws file_error.
  void begin(csv_records& records);

  /// Whether something is to be found in the table before it can be read.
  bool must_learn() const noexcept;
  void learn(csv_records& records);
  void finish_learning();

  /// Appends all records that are left. Instantiated for float and double.
  template <class T> void read(csv_records& records, table_rows<T>& rows) const;

  /// How many numbers a row becomes.
  std::size_t features() const noexcept { return width_of(inputs_); }
  std::size_t target_width() const noexcept { return width_of(targets_); }

  /// The rows as samples, which know the names of their numbers. Instantiated for float and double.
  template <class T> dataset<T> samples(table_rows<T>&& rows) const;
  std::vector<std::string> feature_names() const { return names_of(inputs_); }
  std::vector<std::string> target_names() const { return names_of(targets_); }

  /// The options and all that was found.
  table_options columns() const;

private:
  /// A column, where it stands, and what was found in it.
  struct place {
    column what;
    std::size_t position = 0;
    bool is_guess = false;
    std::set<std::string> found{};
    bool has_too_many = false; ///< different texts to hold them
    double mean = 0;
    std::size_t numbers = 0, texts = 0;
    std::size_t line_of_number = 0, line_of_text = 0;
    std::string number{}, text{};
    std::map<std::string, std::size_t, std::less<>> codes{};
  };

  static std::size_t width_of(const std::vector<place>& places) noexcept;
  static std::vector<std::string> names_of(const std::vector<place>& places);
  std::size_t position_of(const std::string& name, const csv_records& records) const;
  void take_unnamed(const csv_records& records);
  void check_width(const csv_records& records) const;
  bool is_missing(std::string_view field) const;
  template <class T> T number(const csv_records& records, const place& from) const;
  std::string_view plain_number(const csv_records& records, const place& from, std::string& memory) const;
  std::size_t category(const csv_records& records, const place& from) const;
  template <class T> void append(const csv_records& records, const place& from, std::vector<T>& to) const;
  void learn(const csv_records& records, place& from);
  void learn_category(const csv_records& records, place& from) const;
  void learn_guess(const csv_records& records, place& from) const;
  void finish(place& from) const;
  void finish_guess(place& from) const;
  [[noreturn]] void fail(const std::string& words) const;

  table_options options_;
  std::string name_;
  bool wants_answers_;
  std::vector<std::string> header_;
  std::vector<place> inputs_, targets_, labels_;
};

} // namespace fusegrad::data::detail
