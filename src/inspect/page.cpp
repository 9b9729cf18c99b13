// SPDX-License-Identifier: MIT
#include <fusegrad/inspect/page.hpp>

#include "../base/file.hpp"
#include "document.hpp"
#include "figure.hpp"
#include "html.hpp"

#include <algorithm>
#include <cstddef>
#include <stdexcept>

namespace fusegrad::inspect {

namespace {

using detail::escaped;

const char* name_of(tone t) {
  switch (t) {
  case tone::good: return "good";
  case tone::bad: return "bad";
  case tone::mixed: return "mixed";
  default: return "plain";
  }
}

std::string badge_of(std::string_view text, tone t) {
  return "<span class=\"badge " + std::string(name_of(t)) + "\">" + escaped(text) + "</span>";
}

/// Longer tables are folded away, and do not bury what follows.
constexpr std::size_t most_open_rows = 15;

bool looks_like_a_number(std::string_view text) {
  const std::size_t first = text.find_first_not_of("+-~<> (");
  return first != text.npos && text[first] >= '0' && text[first] <= '9';
}

std::vector<bool> columns_of_numbers(std::size_t columns, const std::vector<std::vector<cell>>& rows) {
  std::vector<bool> of_numbers;
  for (std::size_t k = 0; k < columns; ++k) {
    std::size_t numbers = 0, others = 0;
    for (const auto& row : rows)
      if (k < row.size() && !row[k].text.empty() && row[k].tone == tone::plain)
        ++(looks_like_a_number(row[k].text) ? numbers : others);
    of_numbers.push_back(3 * numbers >= numbers + others && numbers > 0); // some may say "never"
  }
  return of_numbers;
}

std::string contents_of(const cell& c) {
  const std::string text = c.tone == tone::plain ? escaped(c.text) : badge_of(c.text, c.tone);
  return c.link.empty() ? text : "<a href=\"#" + escaped(c.link) + "\">" + text + "</a>";
}

/// Headings inside of a part stand one below that of the part.
std::string demoted(std::string html) {
  for (const char level : {'3', '2'})
    for (const std::string& tag : {std::string("<h") + level, std::string("</h") + level})
      for (std::size_t at = html.find(tag); at != html.npos; at = html.find(tag, at + tag.size()))
        html[at + tag.size() - 1] = static_cast<char>(level + 1);
  return html;
}

} // namespace

page& page::heading(std::string_view text) {
  html_ += "<h2 class=\"part\">" + escaped(text) + "</h2>\n";
  return *this;
}

page& page::paragraph(std::string_view text) {
  html_ += "<p>" + escaped(text) + "</p>\n";
  return *this;
}

page& page::note(std::string_view text) {
  html_ += "<p class=\"note\">" + escaped(text) + "</p>\n";
  return *this;
}

page& page::badge(std::string_view text, inspect::tone tone) {
  html_ += "<p>" + badge_of(text, tone) + "</p>\n";
  return *this;
}

page& page::code(std::string_view text) {
  html_ += "<pre>" + escaped(text) + "</pre>\n";
  return *this;
}

page& page::facts(const std::vector<std::pair<std::string, std::string>>& names_and_values) {
  html_ += "<dl>";
  for (const auto& [name, value] : names_and_values)
    html_ += "<dt>" + escaped(name) + "</dt><dd>" + escaped(value) + "</dd>";
  html_ += "</dl>\n";
  return *this;
}

page& page::add_table(std::string_view caption, const std::vector<std::string>& head,
                      const std::vector<std::vector<cell>>& rows) {
  const std::vector<bool> is_number = columns_of_numbers(head.size(), rows);
  const bool is_folded = rows.size() > most_open_rows;
  const std::string title = caption.empty() ? std::to_string(rows.size()) + " rows" : escaped(caption);
  std::string html = is_folded ? "<details><summary>" + title + "</summary>" : std::string();
  html += "<div class=\"scroll\"><table class=\"plain\">" +
          (caption.empty() || is_folded ? std::string() : "<caption>" + title + "</caption>") + "<thead><tr>";
  for (std::size_t k = 0; k < head.size(); ++k)
    html +=
        "<th scope=\"col\"" + std::string(is_number[k] ? " class=\"number\"" : "") + ">" + escaped(head[k]) + "</th>";
  html += "</tr></thead><tbody>";
  for (const auto& row : rows) {
    if (row.size() > head.size())
      throw std::invalid_argument("fusegrad: table \"" + std::string(caption) + "\": a row has " +
                                  std::to_string(row.size()) + " cells, the head has " + std::to_string(head.size()) +
                                  ".");
    html += "<tr>";
    for (std::size_t k = 0; k < head.size(); ++k)
      html += "<td" + std::string(is_number[k] ? " class=\"number\"" : "") + ">" +
              (k < row.size() ? contents_of(row[k]) : std::string()) + "</td>";
    html += "</tr>";
  }
  html_ += html + "</tbody></table></div>" + (is_folded ? "</details>\n" : "\n");
  return *this;
}

page& page::add(const line_chart& chart) {
  html_ += detail::to_figure(chart);
  return *this;
}

page& page::add(const bar_chart& chart) {
  html_ += detail::to_figure(chart);
  return *this;
}

page& page::add(const heat_map& chart) {
  html_ += detail::to_figure(chart);
  return *this;
}

page& page::add(const field_map& chart) {
  html_ += detail::to_figure(chart);
  return *this;
}

page& page::lines(std::string title, std::string x, std::string y, std::vector<series> of) {
  return add(line_chart{
      .title = std::move(title), .x = {.title = std::move(x)}, .y = {.title = std::move(y)}, .lines = std::move(of)});
}

page& page::fold(std::string_view title, const page& contents) {
  html_ += "<details><summary>" + escaped(title) + "</summary><div class=\"flow\">\n" + demoted(contents.html_) +
           "</div></details>\n";
  return *this;
}

page& page::section(std::string_view id, std::string_view title, const page& contents) {
  html_ += "<section id=\"" + escaped(id) + "\"><div class=\"flow\"><h2>" + escaped(title) + "</h2>\n" +
           demoted(contents.html_) + "</div></section>\n";
  return *this;
}

page& page::append(const page& other) {
  html_ += other.html_;
  return *this;
}

std::string to_html(const page& contents, std::string_view title) {
  return detail::document(title, "<div class=\"flow\">\n" + contents.html() + "</div>\n");
}

void save_html(const page& contents, std::string_view title, const base::file_path& path) {
  const std::string html = to_html(contents, title);
  base::write_durably(path, {html});
}

} // namespace fusegrad::inspect
