// SPDX-License-Identifier: MIT
#pragma once

#include <charconv>
#include <string>
#include <string_view>

namespace fusegrad::inspect::detail {

/// Text that means itself in HTML, between tags and in quoted attributes. What is not valid UTF-8 is the
/// business of whoever wrote it; control characters other than line ends and tabs, which HTML does not allow,
/// become spaces.
inline std::string escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
    case '&': out += "&amp;"; break;
    case '<': out += "&lt;"; break;
    case '>': out += "&gt;"; break;
    case '"': out += "&quot;"; break;
    case '\'': out += "&#39;"; break;
    default: out += (static_cast<unsigned char>(c) < 32 && c != '\n' && c != '\t') || c == 127 ? ' ' : c;
    }
  }
  return out;
}

/// A number with so many digits behind the point. Not printf: a decimal comma of the user's locale is wrong
/// in a drawing.
inline std::string decimal(double value, int decimals) {
  char digits[400];
  const auto end = std::to_chars(digits, digits + sizeof digits, value, std::chars_format::fixed, decimals);
  return {digits, end.ptr};
}

/// A number with at most so many significant digits, and no zeros behind them.
inline std::string shortest(double value, int digits_wanted) {
  char digits[64];
  const auto end = std::to_chars(digits, digits + sizeof digits, value, std::chars_format::general, digits_wanted);
  return {digits, end.ptr};
}

} // namespace fusegrad::inspect::detail
