// SPDX-License-Identifier: MIT
#pragma once

#include <cstdio>
#include <fusegrad/base/config.hpp>
#include <string>

/// Numbers as people read them.
namespace fusegrad::base {

/// `value` with so many digits behind the point; "-" where it is not a number.
[[gnu::cold]] inline std::string fixed(double value, int decimals) {
  if (value != value) return "-";
  char digits[352]; // the largest double has 309 digits before the point
  std::snprintf(digits, sizeof digits, "%.*f", decimals < 0 ? 0 : decimals > 32 ? 32 : decimals, value);
  return digits;
}

/// `value` with four decimals, or with an exponent where these would hide it; "-" where it is not a number.
[[gnu::cold]] inline std::string readable(double value) {
  const double size = value < 0 ? -value : value;
  if (size == 0 || (size >= 0.001 && size < 1e6) || value != value) return fixed(value, 4);
  char digits[32];
  std::snprintf(digits, sizeof digits, "%.3e", value);
  return digits;
}

/// `value` in as few characters as tell its size, for messages: 0.1, 1e+300, nan.
[[gnu::cold]] inline std::string brief(double value) {
  char digits[32];
  std::snprintf(digits, sizeof digits, "%g", value);
  return digits;
}

/// A whole number with its thousands set apart: 12,300.
[[gnu::cold]] inline std::string grouped(unsigned long long value) {
  std::string digits = std::to_string(value);
  for (std::size_t place = digits.size(); place > 3;) digits.insert(place -= 3, 1, ',');
  return digits;
}

/// The same for the nearest whole number; "-" where there is none in reach.
[[gnu::cold]] inline std::string grouped_rounded(double value) {
  return value >= 0 && value < 1e18 ? grouped(static_cast<unsigned long long>(value + 0.5)) : "-";
}

/// A length of time in two units at most: 0.42 s, 4.3 s, 2 min 5 s, 3 h 20 min, 2 days 4 h; "-" where it is none.
[[gnu::cold]] inline std::string duration(double seconds) {
  if (!(seconds >= 0 && seconds < 1e12)) return "-";
  if (seconds < 9.95) {
    char digits[32];
    std::snprintf(digits, sizeof digits, "%.2g s", seconds);
    return digits;
  }
  const auto whole = static_cast<unsigned long long>(seconds + 0.5);
  const auto two = [](unsigned long long large, const char* unit, unsigned long long small, const char* small_unit) {
    const std::string first = std::to_string(large) + unit;
    return small == 0 ? first : first + ' ' + std::to_string(small) + small_unit;
  };
  if (whole < 60) return std::to_string(whole) + " s";
  if (whole < 3600) return two(whole / 60, " min", whole % 60, " s");
  if (whole < 86400) return two(whole / 3600, " h", whole / 60 % 60, " min");
  return two(whole / 86400, whole < 2 * 86400 ? " day" : " days", whole / 3600 % 24, " h");
}

/// What is left of a task: "about 4 s left", "less than 1 s left".
[[gnu::cold]] inline std::string time_left(double seconds) {
  if (!(seconds >= 0.5)) return "less than 1 s left";
  // Appended: g++ 12 takes "literal + temporary" for an overlapping copy when it inlines much.
  const double whole = seconds < 1e12 ? static_cast<double>(static_cast<unsigned long long>(seconds + 0.5)) : seconds;
  return std::string("about ").append(duration(whole)).append(" left");
}

/// `text` with spaces before it, so that it ends at `width`; the columns of a table of numbers.
[[gnu::cold]] inline std::string right_aligned(const std::string& text, std::size_t width) {
  return text.size() >= width ? text : std::string(width - text.size(), ' ') + text;
}

/// `text` with spaces behind it, `width` characters in all.
[[gnu::cold]] inline std::string left_aligned(const std::string& text, std::size_t width) {
  return text.size() >= width ? text : text + std::string(width - text.size(), ' ');
}

} // namespace fusegrad::base
