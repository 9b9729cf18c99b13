// SPDX-License-Identifier: MIT
#include "figure.hpp"
#include "html.hpp"
#include "placement.hpp"

#include <cstddef>
#include <stdexcept>

namespace fusegrad::inspect::detail {

namespace {

/// With more columns the numbers no longer fit into their cells, and stand in the words that a cell shows when it is
/// pointed at.
constexpr std::size_t most_columns_with_numbers = 14;

void check(const heat_map& c) {
  const auto refuse = [&c](const std::string& what) {
    throw std::invalid_argument("fusegrad: heat map \"" + c.title + "\": " + what + ".");
  };
  if (c.numbers.size() != c.rows.size())
    refuse(std::to_string(c.rows.size()) + " names of rows, but " + std::to_string(c.numbers.size()) +
           " rows of numbers");
  for (std::size_t r = 0; r < c.rows.size(); ++r)
    if (c.numbers[r].size() != c.columns.size())
      refuse("row \"" + c.rows[r] + "\" has " + std::to_string(c.numbers[r].size()) + " numbers, but there are " +
             std::to_string(c.columns.size()) + " columns");
}

std::string cell_of(const heat_map& c, const placement& depth, std::size_t row, std::size_t column) {
  const double value = c.numbers[row][column];
  const std::string where = c.rows[row] + ", " + c.columns[column] + ": ";
  if (!depth.has_place(value))
    return "<td class=\"none\" title=\"" +
           escaped(where + (std::isfinite(value) ? in_words(value, c.values) : "not finite")) + "\">–</td>";
  const double a = depth(value); // begins at 0.05: the lowest number is still seen to be one
  std::string html = "<td" + std::string(a > 0.55 ? " class=\"strong\"" : "") + " style=\"--a:" + decimal(a, 2) +
                     "\" title=\"" + escaped(where + in_words(value, c.values)) + "\">";
  if (c.columns.size() <= most_columns_with_numbers)
    html += escaped(c.values.decimals >= 0 ? in_words(value, {.decimals = c.values.decimals}) : tick_label(value, 2));
  return html + "</td>";
}

} // namespace

std::string to_figure(const heat_map& c) {
  check(c);
  extent of;
  for (const auto& row : c.numbers)
    for (const double v : row) of.include(v);
  std::size_t left_out = 0;
  const placement depth = place(c.values, of, ends::at_values, 0.05, 1, 5);
  std::string html = "<div class=\"scroll\"><table class=\"heat" +
                     std::string(c.columns.size() > most_columns_with_numbers ? " narrow" : "") + "\"><thead><tr><th>" +
                     escaped(c.row_title) + (c.column_title.empty() ? "" : " \\ ") + escaped(c.column_title) + "</th>";
  for (const std::string& name : c.columns) html += "<th scope=\"col\">" + escaped(name) + "</th>";
  html += "</tr></thead><tbody>";
  for (std::size_t r = 0; r < c.rows.size(); ++r) {
    html += "<tr><th scope=\"row\">" + escaped(c.rows[r]) + "</th>";
    for (std::size_t k = 0; k < c.columns.size(); ++k) {
      html += cell_of(c, depth, r, k);
      left_out += !depth.has_place(c.numbers[r][k]);
    }
    html += "</tr>";
  }
  html += "</tbody></table></div>";
  const std::string legend = "<span class=\"key\">" + escaped(label_of(c.values, depth)) + ": " +
                             tick_label(depth.low, 3) + " <span class=\"ramp\"></span> " + tick_label(depth.high, 3) +
                             "</span>";
  return figure("wide", c.title, c.note, of.empty() ? std::string() : legend, html, left_out);
}

} // namespace fusegrad::inspect::detail
