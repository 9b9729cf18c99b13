// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace fusegrad::base {

/// A cyclic redundancy check of 64 bits, CRC-64/XZ: it sees every change of up to 64 bits in a row, and misses one of
/// 2^64 others. Source: Castagnoli, Bräuer, Herrmann 1993; parameters of ECMA-182 as used by the xz file format.
class checksum {
public:
  void add(std::string_view bytes) noexcept;
  /// The eight bytes of a number, the lowest first.
  void add(std::uint64_t number) noexcept;
  /// How long a text is, then the text: so no two lists of texts are one row of bytes.
  void add_text(std::string_view text) noexcept;

  std::uint64_t value() const noexcept { return ~state_; }
  /// 16 hexadecimal digits.
  std::string to_string() const;

private:
  std::uint64_t state_ = ~std::uint64_t{0};
};

} // namespace fusegrad::base
