// SPDX-License-Identifier: MIT
#pragma once

#include <charconv>
#include <string>

namespace fusegrad::io::detail {

/// The shortest text that reads back as the same number, whatever the locale.
template <class T> std::string words_of(T number) {
  char digits[32];
  const std::to_chars_result end = std::to_chars(digits, digits + sizeof digits, number);
  return {digits, end.ptr};
}

} // namespace fusegrad::io::detail
