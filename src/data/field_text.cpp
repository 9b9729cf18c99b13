// SPDX-License-Identifier: MIT
#include "field_text.hpp"

#include "../base/file.hpp"
#include "../base/number_text.hpp"

#include <algorithm>
#include <cstddef>
#include <system_error>

namespace fusegrad::data::detail {

namespace {

bool is_digit(char letter) noexcept { return letter >= '0' && letter <= '9'; }

/// Takes one to `most` digits off the front; how many.
std::size_t take_digits(std::string_view& text, std::size_t most) noexcept {
  std::size_t count = 0;
  while (count < std::min(most, text.size()) && is_digit(text[count])) ++count;
  text.remove_prefix(count);
  return count;
}

bool take(std::string_view& text, char letter) noexcept {
  if (!text.starts_with(letter)) return false;
  text.remove_prefix(1);
  return true;
}

/// 12:30, 12:30:00, and whatever stands behind: fractions, am, time zones.
bool begins_with_time(std::string_view text) noexcept {
  return take_digits(text, 2) > 0 && take(text, ':') && take_digits(text, 2) == 2;
}

/// Year, month and day in any order, with one sign between them.
bool take_date(std::string_view& text) noexcept {
  std::string_view rest = text;
  const std::size_t first = take_digits(rest, 4);
  if (first == 0 || first == 3 || rest.empty()) return false;
  const char sign = rest[0];
  if (sign != '-' && sign != '.' && sign != '/') return false;
  rest.remove_prefix(1);
  const std::size_t second = take_digits(rest, 2);
  if (second == 0 || !take(rest, sign)) return false;
  const std::size_t third = take_digits(rest, first == 4 ? 2 : 4);
  if (third == 0 || third == 3 || (!rest.empty() && is_digit(rest[0]))) return false;
  text = rest;
  return true;
}

} // namespace

std::string_view without_blanks(std::string_view text) noexcept {
  constexpr std::string_view blanks = " \t";
  const auto begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

std::string_view number_text(std::string_view text) noexcept {
  text = without_blanks(text);
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  return text;
}

bool is_number(std::string_view text) {
  double ignored = 0;
  return base::read_number(number_text(text), ignored) != std::errc::invalid_argument;
}

bool is_date(std::string_view text) noexcept {
  text = without_blanks(text);
  if (begins_with_time(text)) return true;
  if (!take_date(text)) return false;
  return text.empty() || ((take(text, 'T') || take(text, ' ')) && begins_with_time(without_blanks(text)));
}

std::string found_in_words(std::string_view text) {
  return (is_date(text) ? "found the date or time " : "found ") + base::in_quotes(text);
}

void append_field(std::string& text, std::string_view field, char separator) {
  const char special[] = {'"', '\r', '\n', separator, '\0'};
  if (field.find_first_of(special) == std::string_view::npos) {
    text += field;
    return;
  }
  text += '"';
  for (const char letter : field) text.append(letter == '"' ? 2 : 1, letter);
  text += '"';
}

} // namespace fusegrad::data::detail
