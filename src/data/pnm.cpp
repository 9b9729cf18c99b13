// SPDX-License-Identifier: MIT
#include "pnm.hpp"

#include <fusegrad/data/file_error.hpp>

#include <limits>
#include <string>

namespace fusegrad::data::detail {

namespace {

bool is_blank(char letter) noexcept { return letter == ' ' || (letter >= '\t' && letter <= '\r'); }
bool is_digit(char letter) noexcept { return letter >= '0' && letter <= '9'; }

/// The header: numbers with blanks and comments between them.
class header_reader {
public:
  header_reader(std::string_view bytes, std::string_view name) : bytes_(bytes), name_(name) {}

  [[noreturn]] void fail(const std::string& words) const { throw file_error(std::string(name_) + ": " + words); }

  /// The next number, from 1 to `most`.
  std::size_t number(const char* what, std::size_t most) {
    skip_blanks();
    const std::size_t begin = position_;
    std::size_t value = 0;
    for (; position_ < bytes_.size() && is_digit(bytes_[position_]); ++position_) {
      if (value > most) continue; // too large already
      value = 10 * value + static_cast<std::size_t>(bytes_[position_] - '0');
    }
    const auto digits = bytes_.substr(begin, position_ - begin);
    if (digits.empty()) {
      const std::string found = position_ == bytes_.size() ? "the end of the file" : "something else";
      fail(std::string("expected ") + what + " as a number in the header, found " + found);
    }
    if (value >= 1 && value <= most) return value;
    fail(std::string("expected ") + what + " from 1 to " + std::to_string(most) + ", found " +
         std::string(digits.substr(0, 40)));
  }

  /// What is behind the one blank that ends the header.
  std::string_view rest() const {
    if (position_ == bytes_.size() || !is_blank(bytes_[position_])) {
      fail("expected a blank between header and pixels, found " +
           std::string(position_ == bytes_.size() ? "the end of the file" : "something else"));
    }
    return bytes_.substr(position_ + 1);
  }

  std::size_t position() const noexcept { return position_; }

private:
  void skip_blanks() {
    for (; position_ < bytes_.size(); ++position_) {
      if (bytes_[position_] == '#') {
        position_ = bytes_.find_first_of("\r\n", position_);
        if (position_ == std::string_view::npos) position_ = bytes_.size();
        if (position_ == bytes_.size()) return;
      } else if (!is_blank(bytes_[position_])) {
        return;
      }
    }
  }

  std::string_view bytes_;
  std::string_view name_;
  std::size_t position_ = 2; // behind the P and its digit
};

std::string words_for_kind(char digit) {
  switch (digit) {
  case '1':
  case '2':
  case '3': return "an image as text";
  case '4': return "a bitmap";
  default: return "an image of another kind";
  }
}

std::size_t number_at(const raster& pixels, std::size_t i) noexcept {
  const auto byte = [&](std::size_t at) {
    return static_cast<std::size_t>(static_cast<unsigned char>(pixels.bytes[at]));
  };
  return pixels.bytes_of_number() == 1 ? byte(i) : byte(2 * i) << 8 | byte(2 * i + 1);
}

/// Most files use all numbers that their bytes can hold.
void check_numbers(const raster& pixels, const header_reader& header) {
  if (pixels.largest == 255 || pixels.largest == 65535) return;
  for (std::size_t i = 0; i < pixels.shape.size(); ++i) {
    if (number_at(pixels, i) <= pixels.largest) continue;
    header.fail("expected numbers up to " + std::to_string(pixels.largest) + ", as the header says, found " +
                std::to_string(number_at(pixels, i)) + " in pixel " + std::to_string(i / pixels.shape.channels));
  }
}

} // namespace

bool is_pnm(std::string_view bytes) noexcept {
  return bytes.size() > 2 && bytes[0] == 'P' && bytes[1] >= '1' && bytes[1] <= '7' &&
         (is_blank(bytes[2]) || bytes[2] == '#');
}

raster read_pnm(std::string_view bytes, std::string_view name) {
  header_reader header(bytes, name);
  if (bytes[1] != '5' && bytes[1] != '6') {
    header.fail("expected a PGM or PPM image as bytes (P5 or P6), found " + words_for_kind(bytes[1]) + " (P" +
                bytes[1] + ")");
  }
  constexpr std::size_t longest_side = std::numeric_limits<std::int32_t>::max();
  raster pixels;
  pixels.shape.channels = bytes[1] == '5' ? 1 : 3;
  pixels.shape.width = header.number("a width", longest_side);
  pixels.shape.height = header.number("a height", longest_side);
  pixels.largest = header.number("a largest number", 65535);
  pixels.bytes = header.rest();
  const std::size_t of_row = pixels.shape.width * pixels.shape.channels * pixels.bytes_of_number();
  const std::size_t found = pixels.bytes.size();
  if (found / of_row != pixels.shape.height || found % of_row != 0) {
    header.fail("expected " + std::to_string(pixels.shape.height) + " rows of " + std::to_string(of_row) +
                " bytes behind the header, found " + std::to_string(found) + " bytes");
  }
  check_numbers(pixels, header);
  return pixels;
}

} // namespace fusegrad::data::detail
