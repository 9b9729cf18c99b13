// SPDX-License-Identifier: MIT
#include "csv_records.hpp"

#include <fusegrad/data/file_error.hpp>

#include <algorithm>

namespace fusegrad::data::detail {

namespace {

std::string place(std::string_view name, std::size_t line) {
  return std::string(name) + ": line " + std::to_string(line);
}

} // namespace

csv_records::csv_records(std::string_view text, std::string_view name, char separator, char comment,
                         std::size_t first_line)
    : text_(text), name_(name), separator_(separator), comment_(comment), line_(first_line) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (first_line == 1 && text_.starts_with(byte_order_mark)) position_ = byte_order_mark.size();
  const auto nul = text_.find('\0');
  if (nul == std::string::npos) return;
  line_ += static_cast<std::size_t>(std::count(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(nul), '\n'));
  throw file_error(place(name_, line_) +
                   ": expected text in UTF-8, found a NUL byte, as in UTF-16 and in binary files");
}

std::size_t csv_records::most_rows() const noexcept {
  return 1 + static_cast<std::size_t>(std::count(text_.begin(), text_.end(), '\n'));
}

bool csv_records::next() {
  fields_.clear();
  unescaped_.clear();
  while (skip_line_end() || skip_comment()) {
  }
  if (at_end()) return false;
  while (true) {
    fields_.emplace_back();
    fields_.back() = !at_end() && text_[position_] == '"' ? quoted_field() : plain_field();
    if (at_end() || skip_line_end()) return true;
    if (text_[position_] != separator_) fail_here("expected the end of the field after a closing quote");
    ++position_;
  }
}

bool csv_records::skip_line_end() {
  if (at_end()) return false;
  std::size_t length = text_[position_] == '\n' ? 1 : 0;
  if (text_[position_] == '\r') {
    if (position_ + 1 == text_.size() || text_[position_ + 1] != '\n') {
      fail_here("expected a line feed after a carriage return");
    }
    length = 2;
  }
  position_ += length;
  line_ += length > 0 ? 1 : 0;
  return length > 0;
}

bool csv_records::skip_comment() {
  if (comment_ == '\0' || at_end() || text_[position_] != comment_) return false;
  position_ = std::min(text_.find('\n', position_), text_.size());
  return true;
}

csv_field csv_records::plain_field() {
  const std::size_t begin = position_;
  while (!at_end()) {
    const char letter = text_[position_];
    if (letter == separator_ || letter == '\n' || letter == '\r') break;
    if (letter == '"') fail_here("expected quotes around the whole field, found one inside of it");
    ++position_;
  }
  return {text_.substr(begin, position_ - begin), line_};
}

csv_field csv_records::quoted_field() {
  const std::size_t first_line = line_;
  const std::size_t begin = position_ + 1;
  bool has_escapes = false;
  for (std::size_t i = begin; i < text_.size(); ++i) {
    if (text_[i] == '\n') ++line_;
    if (text_[i] != '"') continue;
    if (i + 1 == text_.size() || text_[i + 1] != '"') {
      position_ = i + 1;
      const std::string_view inside = text_.substr(begin, i - begin);
      return {has_escapes ? unescaped(inside) : inside, first_line};
    }
    has_escapes = true;
    ++i;
  }
  line_ = first_line;
  fail_here("expected a closing quote, found the end of the file");
}

std::string_view csv_records::unescaped(std::string_view inside) {
  std::string& plain = unescaped_.emplace_back();
  for (std::size_t i = 0; i < inside.size(); ++i) {
    plain += inside[i];
    i += inside[i] == '"' ? 1 : 0;
  }
  return plain;
}

void csv_records::fail_here(const std::string& words) const {
  const std::size_t column = std::max<std::size_t>(fields_.size(), 1);
  throw file_error(place(name_, line_) + ", column " + std::to_string(column) + ": " + words);
}

void csv_records::fail_at(std::size_t column, const std::string& words) const {
  throw file_error(place(name_, fields_[column].line) + ", column " + std::to_string(column + 1) + ": " + words);
}

void csv_records::fail_at_record(const std::string& words) const {
  throw file_error(place(name_, fields_.front().line) + ": " + words);
}

} // namespace fusegrad::data::detail
