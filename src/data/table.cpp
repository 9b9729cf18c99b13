// SPDX-License-Identifier: MIT
#include <fusegrad/data/table.hpp>

#include "../base/file.hpp"
#include "../base/file_kind.hpp"
#include "gzip.hpp"
#include "table_reader.hpp"

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fusegrad::data {

namespace {

using detail::csv_records;
using detail::table_reader;
using detail::table_rows;

/// Calls `use` with the text itself, or with what is packed in it.
template <class Use> auto with_plain_text(std::string_view text, std::string_view name, Use use) {
  std::string unpacked;
  if (detail::is_gzip(text)) {
    unpacked = detail::gunzip(text, unpacked.max_size(), name);
    text = unpacked;
  }
  if (const auto kind = base::kind_of_file(text); !kind.empty())
    throw file_error(std::string(name) + ": expected a table as text in UTF-8, found " + std::string(kind));
  return use(text);
}

template <class T>
table_rows<T> read_rows(table_reader& reader, std::string_view text, std::string_view name,
                        const table_options& options) {
  csv_records records(text, name, options.separator, options.comment);
  reader.begin(records);
  if (reader.must_learn()) {
    csv_records again = records;
    reader.learn(again);
    reader.finish_learning();
  }
  table_rows<T> rows;
  reader.read(records, rows);
  if (rows.count == 0) throw file_error(std::string(name) + ": expected at least one row below the header, found none");
  return rows;
}

} // namespace

template <class T> table<T> parse_table(std::string_view text, std::string_view name, const table_options& options) {
  table_reader reader(options, name, true);
  return with_plain_text(text, name, [&](std::string_view plain) {
    table_rows<T> rows = read_rows<T>(reader, plain, name, options);
    return table<T>{reader.samples(std::move(rows)), reader.columns()};
  });
}

template <class T> table<T> load_table(const base::file_path& path, const table_options& options) {
  detail::check_table_options(options, true);
  return parse_table<T>(base::read_file(path), path.string(), options);
}

template <class T>
std::vector<T> parse_inputs(std::string_view text, std::string_view name, const table_options& columns) {
  table_options inputs = columns;
  inputs.guess = false;
  table_reader reader(std::move(inputs), name, false);
  return with_plain_text(text, name, [&](std::string_view plain) {
    csv_records records(plain, name, columns.separator, columns.comment);
    reader.begin(records);
    if (reader.must_learn())
      throw std::invalid_argument("table options: expected the columns of a table that was read, found columns whose "
                                  "categories or means are not known");
    table_rows<T> rows;
    reader.read(records, rows);
    return std::move(rows.inputs);
  });
}

template <class T> std::vector<T> load_inputs(const base::file_path& path, const table_options& columns) {
  return parse_inputs<T>(base::read_file(path), path.string(), columns);
}

template table<float> parse_table(std::string_view, std::string_view, const table_options&);
template table<double> parse_table(std::string_view, std::string_view, const table_options&);
template table<float> load_table(const base::file_path&, const table_options&);
template table<double> load_table(const base::file_path&, const table_options&);
template std::vector<float> parse_inputs(std::string_view, std::string_view, const table_options&);
template std::vector<double> parse_inputs(std::string_view, std::string_view, const table_options&);
template std::vector<float> load_inputs(const base::file_path&, const table_options&);
template std::vector<double> load_inputs(const base::file_path&, const table_options&);

} // namespace fusegrad::data
