// SPDX-License-Identifier: MIT
#include "table_reader.hpp"

#include "../base/file.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace fusegrad::data::detail {

namespace {

using base::in_quotes;

[[noreturn]] void fail(const std::string& words) { throw std::invalid_argument("table options: " + words); }

void check_signs(const table_options& options) {
  const auto is_free = [](char sign, std::string_view taken) {
    return std::isalnum(static_cast<unsigned char>(sign)) == 0 && taken.find(sign) == std::string_view::npos;
  };
  if (!is_free(options.separator, std::string_view("\"\r\n.+-\0", 7)))
    fail("expected a separator that cannot be part of a number, found " + in_quotes({&options.separator, 1}));
  if (options.decimal_comma && options.separator == ',')
    fail("expected another separator than the comma where numbers have decimal commas");
  if (options.comment == '\0') return;
  if (!is_free(options.comment, "\"\r\n.+- \t") || options.comment == options.separator)
    fail("expected a sign for comments that begins no row, found " + in_quotes({&options.comment, 1}));
}

void check_categories(const column& what, const table_options& options, const std::string& of) {
  std::set<std::string> seen;
  for (const std::string& category : what.categories) {
    if (!seen.insert(category).second)
      fail("expected different categories" + of + ", found " + in_quotes(category) + " twice");
    if (std::find(options.missing.begin(), options.missing.end(), category) != options.missing.end())
      fail("expected categories" + of + " that do not mark a missing field, found " + in_quotes(category) +
           " (table_options::missing lists the marks)");
  }
  if (what.missing != missing_field::replace || what.categories.empty()) return;
  if (!seen.contains(what.replacement_category))
    fail("expected one of the categories" + of + " to stand in for a missing one, found " +
         in_quotes(what.replacement_category));
}

void check_column(const column& what, const table_options& options) {
  const std::string of = " of " + in_quotes(what.name);
  if (what.kind == column_kind::number) {
    // The smaller number type has to hold it, too.
    constexpr double most = 3e38;
    if (!what.categories.empty()) fail("expected categories for one_hot or code alone, found some" + of);
    if (what.missing == missing_field::replace && !what.replacement)
      fail("expected a number to stand in for a missing number" + of + ", found a category");
    if (what.replacement && !(std::fabs(*what.replacement) <= most))
      fail("expected a finite number of moderate size to stand in for a missing one" + of);
    return;
  }
  if (what.missing == missing_field::mean || what.replacement)
    fail("expected a category to stand in for a missing category" + of + ", found a number");
  if (what.missing == missing_field::replace && what.replacement_category.empty())
    fail("expected a category to stand in for a missing category" + of + ", found none");
  check_categories(what, options, of);
}

void check_names(const table_options& options, bool wants_answers) {
  std::set<std::string> seen;
  const auto add = [&](const std::string& name, const char* as) {
    if (name.empty()) fail(std::string("expected a name for ") + as + ", found none");
    if (!seen.insert(name).second) fail("expected each column to be named once, found " + in_quotes(name) + " twice");
  };
  for (const column& what : options.inputs) add(what.name, "an input");
  for (const column& what : options.targets) add(what.name, "a target");
  for (const std::string& name : options.ignore) add(name, "a column to ignore");
  if (!options.label.empty()) add(options.label, "the label");
  if (options.inputs.empty() && !options.guess) fail("expected at least one input, found none");
  if (options.guess && options.ignore_others)
    fail("expected the columns that are not named to be guessed or ignored, found both");
  if (wants_answers && options.targets.empty() && options.label.empty())
    fail("expected a label or targets to learn, found neither (load_inputs reads a table without)");
  if (!options.classes.empty() && options.label.empty()) fail("expected a label that has the classes, found none");
}

} // namespace

void check_table_options(const table_options& options, bool wants_answers) {
  check_signs(options);
  check_names(options, wants_answers);
  for (const column& what : options.inputs) check_column(what, options);
  for (const column& what : options.targets) {
    check_column(what, options);
    if (what.kind == column_kind::code || what.is_marked)
      fail("expected numbers or one_hot as targets, found " +
           std::string(what.is_marked ? "a mark of missing ones" : "a code") + " for " + in_quotes(what.name));
  }
  if (!options.label.empty()) check_column(code(options.label, options.classes), options);
}

} // namespace fusegrad::data::detail
