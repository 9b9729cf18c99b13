// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace fusegrad::io::onnx {

/// A message in the wire format of protocol buffers, field by field. Only the kinds of fields that ONNX's messages
/// have. Source: "Encoding", https://protobuf.dev/programming-guides/encoding.
class message {
public:
  message& integer(std::uint32_t field, std::int64_t number) {
    key(field, 0);
    variable(static_cast<std::uint64_t>(number));
    return *this;
  }
  message& integers(std::uint32_t field, std::span<const std::int64_t> numbers) {
    for (const std::int64_t number : numbers) integer(field, number);
    return *this;
  }
  message& number(std::uint32_t field, float value) {
    key(field, 5);
    const auto bits = std::bit_cast<std::uint32_t>(value);
    for (int shift = 0; shift < 32; shift += 8) bytes_ += static_cast<char>(bits >> shift & 0xFF);
    return *this;
  }
  /// Text, bytes, or a message within this one.
  message& text(std::uint32_t field, std::string_view bytes) {
    key(field, 2);
    variable(bytes.size());
    bytes_ += bytes;
    return *this;
  }
  message& inner(std::uint32_t field, const message& other) { return text(field, other.bytes_); }

  [[nodiscard]] const std::string& bytes() const noexcept { return bytes_; }

private:
  void key(std::uint32_t field, std::uint32_t wire_type) { variable(field << 3 | wire_type); }
  void variable(std::uint64_t number) {
    for (; number >= 0x80; number >>= 7) bytes_ += static_cast<char>((number & 0x7F) | 0x80);
    bytes_ += static_cast<char>(number);
  }

  std::string bytes_;
};

} // namespace fusegrad::io::onnx
