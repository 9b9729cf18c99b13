// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/base/config.hpp>
#ifndef __cpp_exceptions
#include <cstdio>
#include <cstdlib>
#endif

namespace fusegrad::base {

/// Throws an error; where exceptions are switched off, its words end the program.
template <class Error> [[noreturn, gnu::cold]] void raise(const Error& error) {
#ifdef __cpp_exceptions
  throw error;
#else
  std::fprintf(stderr, "%s\n", error.what());
  std::abort();
#endif
}

/// What constant evaluation ends at, with the words in what the compiler quotes.
[[noreturn, gnu::cold]] inline void end_constant_evaluation(const char* words) {
#ifdef __cpp_exceptions
  throw words;
#else
  std::fprintf(stderr, "%s\n", words);
  std::abort();
#endif
}

} // namespace fusegrad::base
