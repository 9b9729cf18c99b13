// SPDX-License-Identifier: MIT
#include "checksum.hpp"

#include <array>

namespace fusegrad::base {

namespace {

constexpr std::size_t at_once = 8;
using row = std::array<std::uint64_t, 256>;

/// tables[k][b]: what the byte b changes when k further bytes follow it.
constexpr std::array<row, at_once> make_tables() {
  constexpr std::uint64_t polynomial = 0xC96C5795D7870F42; // bits in reverse
  std::array<row, at_once> tables{};
  for (std::uint64_t byte = 0; byte < 256; ++byte) {
    std::uint64_t value = byte;
    for (int bit = 0; bit < 8; ++bit) value = (value & 1) != 0 ? value >> 1 ^ polynomial : value >> 1;
    tables[0][byte] = value;
  }
  for (std::size_t k = 1; k < at_once; ++k) {
    for (std::size_t byte = 0; byte < 256; ++byte) {
      const std::uint64_t before = tables[k - 1][byte];
      tables[k][byte] = before >> 8 ^ tables[0][before & 0xFF];
    }
  }
  return tables;
}

constexpr std::array<row, at_once> tables = make_tables();

std::uint64_t byte_of(char letter) noexcept { return static_cast<unsigned char>(letter); }

/// The first byte lowest. One expression without a loop: compilers make one load of it.
std::uint64_t eight_bytes(const char* bytes) noexcept {
  return byte_of(bytes[0]) | byte_of(bytes[1]) << 8 | byte_of(bytes[2]) << 16 | byte_of(bytes[3]) << 24 |
         byte_of(bytes[4]) << 32 | byte_of(bytes[5]) << 40 | byte_of(bytes[6]) << 48 | byte_of(bytes[7]) << 56;
}

} // namespace

void checksum::add(std::string_view bytes) noexcept {
  std::uint64_t state = state_;
  std::size_t i = 0;
  for (; i + at_once <= bytes.size(); i += at_once) {
    state ^= eight_bytes(bytes.data() + i);
    state = tables[7][state & 0xFF] ^ tables[6][state >> 8 & 0xFF] ^ tables[5][state >> 16 & 0xFF] ^
            tables[4][state >> 24 & 0xFF] ^ tables[3][state >> 32 & 0xFF] ^ tables[2][state >> 40 & 0xFF] ^
            tables[1][state >> 48 & 0xFF] ^ tables[0][state >> 56];
  }
  for (; i < bytes.size(); ++i) state = state >> 8 ^ tables[0][(state ^ byte_of(bytes[i])) & 0xFF];
  state_ = state;
}

void checksum::add(std::uint64_t number) noexcept {
  std::array<char, 8> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(number >> (8 * i) & 0xFF);
  add(std::string_view(bytes.data(), bytes.size()));
}

void checksum::add_text(std::string_view text) noexcept {
  add(static_cast<std::uint64_t>(text.size()));
  add(text);
}

std::string checksum::to_string() const {
  std::string digits;
  for (int shift = 60; shift >= 0; shift -= 4) digits += "0123456789abcdef"[value() >> shift & 0xF];
  return digits;
}

} // namespace fusegrad::base
