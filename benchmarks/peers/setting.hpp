// SPDX-License-Identifier: MIT
#pragma once

#include "blas.hpp"

#include <cstdlib>
#include <string>
#include <unistd.h>
#if defined(__SSE2__)
#include <immintrin.h>
#endif

namespace benchmarks {

/// Sets what libraries read when they are loaded, and flushes denormals to zero in this thread and those it will make.
/// Starts the program anew where a variable was not as it should be.
inline void settle(char** argv, int threads) {
  const std::string count = std::to_string(threads);
  bool settled = true;
  for (const char* name : {"OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"}) {
    const char* const now = std::getenv(name);
    if (now != nullptr && now == count) continue;
    setenv(name, count.c_str(), 1);
    settled = false;
  }
  if (const char* const better = better_openblas_kernels();
      better != nullptr && std::getenv("OPENBLAS_CORETYPE") == nullptr) {
    setenv(openblas_by_itself, openblas_kernels(), 1);
    setenv("OPENBLAS_CORETYPE", better, 1);
    settled = false;
  }
  if (!settled) execv("/proc/self/exe", argv);
#if defined(__SSE2__)
  _mm_setcsr(_mm_getcsr() | 0x8040u);
#endif
}

} // namespace benchmarks
