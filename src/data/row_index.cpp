// SPDX-License-Identifier: MIT
#include "row_index.hpp"

#include <fusegrad/data/file_error.hpp>

#include "../base/file.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace fusegrad::data::detail {

namespace {

/// Looks at one byte after the other, and sees where rows begin.
class row_finder {
public:
  row_finder(const std::filesystem::path& path, std::size_t chunk_rows, bool has_header, char comment)
      : path_(path), chunk_rows_(chunk_rows), headers_(has_header ? 1 : 0), comment_(comment) {}

  void look_at(char letter, std::size_t offset) {
    if (letter == '\n') ++line_;
    switch (where_) {
    case place::at_start: return start_line(letter, offset);
    case place::in_comment: where_ = letter == '\n' ? place::at_start : place::in_comment; return;
    case place::in_quotes:
      if (letter == '"') where_ = place::in_row;
      break;
    case place::in_row:
      if (letter == '\n') where_ = place::at_start;
      if (letter == '"') where_ = place::in_quotes; // a doubled quote leaves and comes back
      break;
    }
    if (where_ != place::at_start && offset - row_ > longest_row) fail();
  }

  row_index finish(std::size_t size) {
    result_.rows = found_ > headers_ ? found_ - headers_ : 0;
    result_.size = size;
    return std::move(result_);
  }

private:
  enum class place : std::uint8_t { at_start, in_row, in_quotes, in_comment };
  static constexpr std::size_t longest_row = std::size_t{64} << 20;

  void start_line(char letter, std::size_t offset) {
    if (letter == '\n' || letter == '\r') return;
    if (comment_ != '\0' && letter == comment_) {
      where_ = place::in_comment;
      return;
    }
    row_ = offset;
    row_line_ = line_;
    if (found_ >= headers_ && (found_ - headers_) % chunk_rows_ == 0) result_.chunks.push_back({offset, line_});
    ++found_;
    where_ = letter == '"' ? place::in_quotes : place::in_row;
  }

  [[noreturn]] void fail() const {
    throw file_error(path_.string() + ": line " + std::to_string(row_line_) +
                     ": expected the end of a row within 64 MiB, found none; is a closing quote missing?");
  }

  const std::filesystem::path& path_;
  std::size_t chunk_rows_, headers_;
  char comment_;
  place where_ = place::at_start;
  std::size_t line_ = 1, row_ = 0, row_line_ = 1, found_ = 0;
  row_index result_;
};

} // namespace

row_index index_rows(const std::filesystem::path& path, std::size_t chunk_rows, bool has_header, char comment) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  constexpr std::size_t part_size = std::size_t{1} << 20;
  row_finder finder(path, chunk_rows, has_header, comment);
  std::size_t offset = 0;
  while (true) {
    const std::string part = base::read_part(path, offset, part_size);
    const std::size_t skipped = offset == 0 && part.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
    for (std::size_t i = skipped; i < part.size(); ++i) finder.look_at(part[i], offset + i);
    offset += part.size();
    if (part.size() < part_size) return finder.finish(offset);
  }
}

} // namespace fusegrad::data::detail
