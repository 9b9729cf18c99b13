// SPDX-License-Identifier: MIT
#include "figure.hpp"

#include "html.hpp"

#include <fusegrad/base/text.hpp>

namespace fusegrad::inspect::detail {

std::string figure(std::string_view style, std::string_view title, std::string_view note, std::string_view legend,
                   std::string_view drawing, std::size_t left_out) {
  std::string html =
      "<figure class=\"chart " + std::string(style) + "\"><figcaption><span>" + escaped(title) + "</span>";
  if (!legend.empty()) html += "<span class=\"legend\">" + std::string(legend) + "</span>";
  html += "</figcaption>";
  if (!note.empty()) html += "<p class=\"note\">" + escaped(note) + "</p>";
  html += drawing;
  if (left_out > 0)
    html += "<p class=\"note\">" + base::grouped(left_out) + (left_out == 1 ? " number has" : " numbers have") +
            " no place here (not finite, or not above 0 on a logarithmic scale) and " + (left_out == 1 ? "is" : "are") +
            " left out.</p>";
  return html + "</figure>\n";
}

} // namespace fusegrad::inspect::detail
