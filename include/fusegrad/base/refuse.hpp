// SPDX-License-Identifier: MIT
#pragma once

#include <cstdarg>
#include <cstddef>
#include <cstdio>
#include <fusegrad/base/raise.hpp>
#include <stdexcept>

namespace fusegrad::base {

/// Throws an error in words that are put together as by std::printf. Strings that are added up are a dozen functions
/// of the standard library, which every file that can refuse something had the compiler make; this is one.
template <class Error = std::invalid_argument>
[[noreturn, gnu::cold, gnu::noinline, gnu::format(printf, 1, 2)]] void refuse(const char* format, ...) {
  char few[512];
  std::va_list parts;
  va_start(parts, format);
  const int length = std::vsnprintf(few, sizeof few, format, parts);
  va_end(parts);
  if (length < static_cast<int>(sizeof few)) raise(Error(few));
  // A name of the caller's may be as long as it likes.
  const auto size = static_cast<std::size_t>(length) + 1;
  char* many = new char[size];
  va_start(parts, format);
  std::vsnprintf(many, size, format, parts);
  va_end(parts);
  const Error error(many);
  delete[] many;
  raise(error);
}

} // namespace fusegrad::base
