// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <fusegrad/base/file_path.hpp>
#include <fusegrad/inspect/chart.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fusegrad::inspect {

/// What a badge says about what stands beside it; colour and sign differ.
enum class tone { good, bad, mixed, plain };

/// A cell of a table: text, and what it leads to or how it is marked.
struct cell {
  std::string text = {};
  std::string link = {};            ///< the id of a section of the same page; empty: none
  inspect::tone tone = tone::plain; ///< other than plain: the text is a badge

  cell() = default;
  template <std::convertible_to<std::string> Text>
  cell(Text&& of, std::string to = {}, inspect::tone mark = tone::plain)
      : text(std::forward<Text>(of)), link(std::move(to)), tone{mark} {}
};

/// The contents of one HTML page that needs nothing else: no script, no font, no picture from elsewhere. It follows the
/// reader's light or dark setting and fits a telephone; texts are escaped. Whatever is added stands below what was
/// there. Needs fusegrad::io.
class page {
public:
  page& heading(std::string_view text);
  page& paragraph(std::string_view text);
  /// A paragraph in small grey letters: how something was measured.
  page& note(std::string_view text);
  /// Words on a coloured ground: a verdict.
  page& badge(std::string_view text, inspect::tone tone);
  /// Text as it is, in letters of one width.
  page& code(std::string_view text);
  /// Names and values: the facts of a run.
  page& facts(const std::vector<std::pair<std::string, std::string>>& names_and_values);
  /// A table; columns of numbers are aligned on the right, more than 15 rows are folded away. Throws
  /// std::invalid_argument for a row that is longer than the head.
  template <std::convertible_to<cell> Cell = cell>
  page& table(std::string_view caption, const std::vector<std::string>& head,
              const std::vector<std::vector<Cell>>& rows) {
    std::vector<std::vector<cell>> cells;
    for (const auto& row : rows) cells.emplace_back(row.begin(), row.end());
    return add_table(caption, head, cells);
  }

  /// Charts that follow each other stand side by side where there is room. Throws std::invalid_argument, naming the
  /// chart, where numbers of x, y, low, high, categories or columns do not match, or an axis of a field has no
  /// ends.
  page& add(const line_chart& chart);
  page& add(const bar_chart& chart);
  page& add(const heat_map& chart);
  page& add(const field_map& chart);
  /// A line chart in short.
  page& lines(std::string title, std::string x, std::string y, std::vector<series> of);

  /// Folded away until the reader opens it.
  page& fold(std::string_view title, const page& contents);
  /// A framed part that links and cells lead to by its id: letters, digits and dashes.
  page& section(std::string_view id, std::string_view title, const page& contents);
  page& append(const page& other);

  [[nodiscard]] bool empty() const noexcept { return html_.empty(); }
  /// What was added, without head and body.
  [[nodiscard]] const std::string& html() const noexcept { return html_; }

private:
  page& add_table(std::string_view caption, const std::vector<std::string>& head,
                  const std::vector<std::vector<cell>>& rows);

  std::string html_;
};

/// The whole page.
std::string to_html(const page& contents, std::string_view title);

/// Writes the page to a file, which appears when it is complete. Throws std::runtime_error naming the file if it cannot
/// be written.
void save_html(const page& contents, std::string_view title, const base::file_path& path);

} // namespace fusegrad::inspect
