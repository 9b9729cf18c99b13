// SPDX-License-Identifier: MIT
#pragma once

#include "html.hpp"

#include <cstddef>
#include <string>
#include <string_view>

// Pieces of drawings. Colours, dashes and letters are named by class; style.hpp says what they are.
namespace fusegrad::inspect::detail {

inline constexpr std::size_t colours = 8, dashes = 4;

/// The classes of the i-th line: no two of the first 32 agree in both.
inline std::string classes_of_line(std::size_t i) {
  // Appended: g++ 12 takes "literal + temporary" for an overlapping copy when it inlines much.
  return std::string("c")
      .append(std::to_string(i % colours))
      .append(" d")
      .append(std::to_string((i + i / colours) % dashes));
}

inline std::string svg_line(double x1, double y1, double x2, double y2, std::string_view style) {
  return "<line class=\"" + std::string(style) + "\" x1=\"" + decimal(x1, 1) + "\" y1=\"" + decimal(y1, 1) +
         "\" x2=\"" + decimal(x2, 1) + "\" y2=\"" + decimal(y2, 1) + "\"/>";
}

inline std::string svg_text(double x, double y, std::string_view anchor, std::string_view text,
                            std::string_view style = {}) {
  return "<text" + (style.empty() ? std::string() : " class=\"" + std::string(style) + "\"") + " x=\"" + decimal(x, 1) +
         "\" y=\"" + decimal(y, 1) + "\" text-anchor=\"" + std::string(anchor) + "\">" + escaped(text) + "</text>";
}

/// Where a drawing begins: its size, and what is read out in its place.
inline std::string svg_begin(double width, double height, std::string_view title, std::string_view description) {
  return "<svg viewBox=\"0 0 " + decimal(width, 0) + ' ' + decimal(height, 0) + "\" role=\"img\"><title>" +
         escaped(title) + "</title><desc>" + escaped(description) + "</desc>";
}

/// Room that a text takes, in letters of 13 units, rather too much than too little.
inline double width_of(std::string_view text) {
  std::size_t letters = 0;
  for (const char c : text)
    letters += (static_cast<unsigned char>(c) & 0xc0) != 0x80; // bytes that begin a character of UTF-8
  return 7.7 * static_cast<double>(letters);
}

/// The outline of the i-th marker around a point.
inline std::string marker(std::size_t i, double x, double y) {
  static constexpr std::string_view outlines[] = {"m-3.2 0a3.2 3.2 0 1 0 6.4 0a3.2 3.2 0 1 0-6.4 0z",
                                                  "m-3-3h6v6h-6z",
                                                  "m0-4l3.8 6.6h-7.6z",
                                                  "m0-4.2l4.2 4.2l-4.2 4.2l-4.2-4.2z",
                                                  "m0 4l3.8-6.6h-7.6z",
                                                  "m-1.2-4h2.4v2.8h2.8v2.4h-2.8v2.8h-2.4v-2.8h-2.8v-2.4h2.8z",
                                                  "m-4-1.5h8v3h-8z",
                                                  "m-1.5-4h3v8h-3z"};
  return "M" + decimal(x, 1) + ' ' + decimal(y, 1) + std::string(outlines[i % 8]);
}

/// A line and its marker, as a legend shows them.
inline std::string swatch(std::size_t i, bool has_line) {
  return "<svg class=\"swatch\" viewBox=\"0 0 30 12\" aria-hidden=\"true\">" +
         (has_line ? "<path class=\"line " + classes_of_line(i) + "\" d=\"M1 6H29\"/>" : std::string()) +
         "<path class=\"marks c" + std::to_string(i % colours) + "\" d=\"" + marker(i, 15, 6) + "\"/></svg>";
}

} // namespace fusegrad::inspect::detail
