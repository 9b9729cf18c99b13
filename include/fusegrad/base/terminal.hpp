// SPDX-License-Identifier: MIT
#pragma once

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fusegrad/base/config.hpp>

#if __has_include(<unistd.h>)
#include <unistd.h>
#elif __has_include(<io.h>)
#include <io.h>
#endif

namespace fusegrad::base {

/// Whether text written to `file` is shown on a terminal that understands cursor movements; false where nobody can
/// tell.
inline bool is_terminal(std::FILE* file) {
#if __has_include(<unistd.h>)
  const bool shown = ::isatty(::fileno(file)) != 0;
#elif __has_include(<io.h>)
  const bool shown = ::_isatty(::_fileno(file)) != 0;
#else
  const bool shown = false;
  static_cast<void>(file);
#endif
  if (!shown) return false;
  // Windows' newer terminal says so in a variable of its own; its older one knows no escape codes.
  const char* term = std::getenv("TERM");
  return term != nullptr ? std::strcmp(term, "dumb") != 0 : std::getenv("WT_SESSION") != nullptr;
}

} // namespace fusegrad::base
